package org.xfrm4j.cli;

import java.util.function.Predicate;
import org.xfrm4j.PolicyDump;
import org.xfrm4j.Xfrm;
import org.xfrm4j.wire.PolicyDecoder;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Lists policies straight from the dump: none is kept in memory. */
@Command(name = "list", aliases = "ls", description = "List policies as 'ip xfrm policy' does.",
        footer = {"", "Examples:",
            "  xfrm4j policy list dir out",
            "  xfrm4j policy list --tmpl 192.0.2.1 --no-sockets --json"})
final class PolicyList extends KernelCommand {
    @Mixin
    private PolicyFilterOptions filter;

    @Option(names = {"-s", "--statistics"}, description = "Print index, limits and usage as well, as 'ip -s' does.")
    private boolean statistics;

    @Override
    int run(Xfrm xfrm) {
        Predicate<PolicyDecoder> selection = filter.selection();
        try (PolicyOutput output = isJson() ? PolicyOutput.json(json(), true) : PolicyOutput.text(stream(), statistics);
                PolicyDump dump = xfrm.policies().dump()) {
            while (dump.next()) {
                if (selection.test(dump.policy())) {
                    output.print(dump.policy());
                }
            }
        }
        return ExitStatus.DONE;
    }
}
