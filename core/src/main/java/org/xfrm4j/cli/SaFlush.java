package org.xfrm4j.cli;

import org.xfrm4j.Xfrm;
import org.xfrm4j.sa.Protocol;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Deletes all SAs. */
@Command(name = "flush", description = "Delete all SAs, or all of one protocol. Nothing is printed.",
        footer = {"", "Example:", "  xfrm4j sa flush proto esp --netns blue"})
final class SaFlush extends KernelCommand {
    @Option(names = {"proto", "--proto"}, paramLabel = "PROTO", description = "Those of this protocol alone.")
    private Protocol protocol;

    @Override
    int run(Xfrm xfrm) {
        if (protocol == null) {
            xfrm.sas().flush();
        } else {
            xfrm.sas().flush(protocol);
        }
        return isJson() ? printed(Done::writeFlushed) : ExitStatus.DONE;
    }
}
