package org.xfrm4j.cli;

import java.util.List;
import org.xfrm4j.Xfrm;
import org.xfrm4j.sa.SecurityAssociation;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Adds an SA. */
@Command(name = "add", description = "Add an SA, in the words of 'ip xfrm state add'. Nothing is printed.",
        footer = {"", "Example:",
            "  xfrm4j sa add src 192.0.2.1 dst 198.51.100.7 proto esp spi 0xc0ffee01 reqid 17 mode tunnel dir out \\",
            "      aead 'rfc4106(gcm(aes))' 0x0102030405060708090a0b0c0d0e0f1011121314 128",
            "",
            "A key on a command line is seen by every user of the system: write the command into a file that is yours"
                + " alone, without 'xfrm4j', and run it with 'xfrm4j --batch FILE'."})
final class SaAdd extends KernelCommand {
    @Option(names = "--update", description = "Change an SA that is there: its limits, encapsulation and the like.")
    private boolean update;

    @Parameters(paramLabel = "WORD", arity = "1..*",
            description = {"src, dst, proto, spi, mode, reqid, dir, seq, replay-window, replay-seq, replay-oseq, flag,"
                    + " extra-flag, mark, output-mark, if_id, tfcpad, encap, coa, ctx, offload, pcpu-num, sel,"
                    + " limit, aead,"
                    + " auth, auth-trunc, enc, comp as 'ip xfrm state help' explains them; beside these"
                    + " nat-keepalive-interval and mtimer-thresh in seconds. The mode is transport unless told."})
    private List<String> words;

    @Override
    int run(Xfrm xfrm) {
        SecurityAssociation sa = SaWords.read(new Words(words));
        try {
            if (update) {
                xfrm.sas().update(sa);
            } else {
                xfrm.sas().add(sa);
            }
        } finally {
            sa.wipeKeys();
        }
        return isJson() ? printed(json -> Done.write(json, update ? "updated" : "added", 1)) : ExitStatus.DONE;
    }
}
