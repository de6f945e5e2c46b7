package org.xfrm4j.cli;

import java.util.List;
import org.xfrm4j.Xfrm;
import org.xfrm4j.policy.PolicyName;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Shows one policy. */
@Command(name = "show", aliases = "get", description = "Show one policy, as 'ip xfrm policy get' does.",
        footer = {"", "Examples:",
            "  xfrm4j policy show src 10.1.0.0/16 dst 10.2.0.0/16 dir out",
            "  xfrm4j policy show index 25"})
final class PolicyShow extends KernelCommand {
    @Option(names = {"-s", "--statistics"}, description = "Print index, limits and usage as well, as 'ip -s' does.")
    private boolean statistics;

    @Parameters(paramLabel = "WORD", arity = "1..*",
            description = "src, dst, proto, sport, dport and the like for the selector, with dir; or index. If it"
                    + " has them"
                    + " mark, if_id, ptype, ctx.")
    private List<String> words;

    @Override
    int run(Xfrm xfrm) {
        PolicyName name = PolicyWords.readName(new Words(words));
        try (PolicyOutput output = isJson() ? PolicyOutput.json(json(), false)
                : PolicyOutput.text(stream(), statistics)) {
            if (!xfrm.policies().read(name, output::print)) {
                throw new NotDoneException("there is no " + name);
            }
        }
        return ExitStatus.DONE;
    }
}
