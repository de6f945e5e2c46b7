package org.xfrm4j.cli;

import java.util.List;
import org.xfrm4j.Xfrm;
import org.xfrm4j.policy.PolicyName;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Deletes one policy. */
@Command(name = "delete", aliases = "del", description = "Delete one policy. Nothing is printed.",
        footer = {"", "Examples:",
            "  xfrm4j policy delete src 10.1.0.0/16 dst 10.2.0.0/16 dir out",
            "  xfrm4j policy delete index 25"})
final class PolicyDelete extends KernelCommand {
    @Parameters(paramLabel = "WORD", arity = "1..*",
            description = "src, dst, proto, sport, dport and the like for the selector, with dir; or index. If it"
                    + " has them"
                    + " mark, if_id, ptype, ctx.")
    private List<String> words;

    @Override
    int run(Xfrm xfrm) {
        PolicyName name = PolicyWords.readName(new Words(words));
        if (!xfrm.policies().delete(name)) {
            throw new NotDoneException("there is no " + name);
        }
        return isJson() ? printed(json -> Done.write(json, "deleted", 1)) : ExitStatus.DONE;
    }
}
