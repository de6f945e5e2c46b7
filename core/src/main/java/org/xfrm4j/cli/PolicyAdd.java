package org.xfrm4j.cli;

import java.util.List;
import org.xfrm4j.Xfrm;
import org.xfrm4j.policy.Policy;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Adds a policy. */
@Command(name = "add", description = "Add a policy, in the words of 'ip xfrm policy add'. Nothing is printed.",
        footer = {"", "Example:",
            "  xfrm4j policy add src 10.1.0.0/16 dst 10.2.0.0/16 dir out priority 2000 \\",
            "      tmpl src 192.0.2.1 dst 198.51.100.7 proto esp reqid 17 mode tunnel"})
final class PolicyAdd extends KernelCommand {
    @Option(names = "--update", description = "Put it in the place of the one with the same name, if there is one.")
    private boolean update;

    @Parameters(paramLabel = "WORD", arity = "1..*",
            description = "src, dst, proto, sport, dport, type, code, key, dev, uid, dir, ctx, mark, index, ptype,"
                    + " action,"
                    + " priority, flag, if_id, offload, limit, tmpl as 'ip xfrm policy help' explains them.")
    private List<String> words;

    @Override
    int run(Xfrm xfrm) {
        Policy policy = PolicyWords.read(new Words(words));
        if (update) {
            xfrm.policies().update(policy);
        } else {
            xfrm.policies().add(policy);
        }
        return isJson() ? printed(json -> Done.write(json, update ? "updated" : "added", 1)) : ExitStatus.DONE;
    }
}
