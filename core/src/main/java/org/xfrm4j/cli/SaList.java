package org.xfrm4j.cli;

import org.xfrm4j.SaDump;
import org.xfrm4j.Xfrm;
import org.xfrm4j.migrate.SaSelection;
import org.xfrm4j.netlink.DumpInterruptedException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Lists SAs straight from the dump: none is kept in memory. */
@Command(name = "list", aliases = "ls", description = "List SAs as 'ip xfrm state' does.",
        footer = {"", "Examples:",
            "  xfrm4j sa list",
            "  xfrm4j sa list src 192.0.2.0/24 proto esp dir out",
            "  xfrm4j sa list --reqid 17,18 --statistics --netns blue",
            "  xfrm4j sa list --json | jq '.[].spi'"})
final class SaList extends KernelCommand {
    @Mixin
    private FilterOptions filter;

    @Mixin
    private SaOutputOptions output;

    @Override
    int run(Xfrm xfrm) {
        SaSelection selection = filter.selection();
        try (SaPrinting printing = isJson() ? output.json(json(), true) : output.text(stream());
                SaDump dump = xfrm.sas().dump(filter.filter())) {
            while (dump.next()) {
                if (selection.test(dump.sa())) {
                    printing.print(dump.sa());
                }
            }
            return ExitStatus.DONE;
        } catch (DumpInterruptedException changed) {
            warn("SAs came or went meanwhile: some may be missing, or here twice");
            return ExitStatus.NOT_ALL;
        }
    }
}
