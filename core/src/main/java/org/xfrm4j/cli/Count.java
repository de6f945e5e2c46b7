package org.xfrm4j.cli;

import org.xfrm4j.SadInformation;
import org.xfrm4j.SpdInformation;
import org.xfrm4j.Xfrm;
import org.xfrm4j.text.Plural;
import picocli.CommandLine.Command;

/** Tells figures of both databases. */
@Command(name = "count", description = "Tell how many SAs and policies there are, without listing them.",
        footer = {"", "Examples:", "  xfrm4j count", "  xfrm4j count --json | jq .sad.count"})
final class Count extends KernelCommand {
    @Override
    int run(Xfrm xfrm) {
        SadInformation sad = xfrm.information().sad();
        SpdInformation spd = xfrm.information().spd();
        if (isJson()) {
            return printed(json -> json.write(sad, spd));
        }
        out().println("SAD   " + Integer.toUnsignedString(sad.count()) + ' '
                + Plural.of(sad.count(), "SA") + "; hash table of " + sad.buckets()
                + " buckets, at most " + Integer.toUnsignedString(sad.maxBuckets()));
        out().println("SPD   " + spd.in() + ' ' + Plural.of(spd.in(), "policy") + " in, " + spd.out() + " out, "
                + spd.forward() + " fwd; of sockets " + spd.socketIn() + " in, " + spd.socketOut()
                + " out; hash table of " + spd.buckets() + " buckets, at most "
                + Integer.toUnsignedString(spd.maxBuckets()));
        out().println("hashed by address: IPv4 policies from " + spd.ipv4Thresholds() + " bits (local remote) on, IPv6"
                + " from " + spd.ipv6Thresholds());
        return ExitStatus.DONE;
    }
}
