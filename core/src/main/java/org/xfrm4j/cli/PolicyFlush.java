package org.xfrm4j.cli;

import org.xfrm4j.Xfrm;
import org.xfrm4j.policy.PolicyType;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Deletes all policies. */
@Command(name = "flush", description = "Delete all policies but those of sockets. Nothing is printed.",
        footer = {"", "Example:", "  xfrm4j policy flush --netns blue"})
final class PolicyFlush extends KernelCommand {
    @Option(names = {"ptype", "--ptype"}, paramLabel = "TYPE", description = "Those of this type alone: main or sub.")
    private PolicyType type;

    @Override
    int run(Xfrm xfrm) {
        if (type == null) {
            xfrm.policies().flush();
        } else {
            xfrm.policies().flush(type);
        }
        return isJson() ? printed(Done::writeFlushed) : ExitStatus.DONE;
    }
}
