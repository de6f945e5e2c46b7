package org.xfrm4j.cli;

import org.xfrm4j.Xfrm;
import org.xfrm4j.policy.DefaultAction;
import org.xfrm4j.policy.PolicyDefaults;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Tells or sets what becomes of packets that no policy matches. */
@Command(name = "default", description = "Tell, or set, what becomes of packets that no policy matches: accept or"
        + " block.",
        footer = {"", "Examples:", "  xfrm4j policy default", "  xfrm4j policy default out block fwd block"})
final class PolicyDefault extends KernelCommand {
    private enum Choice { accept, block }

    @Option(names = {"in", "--in"}, paramLabel = "ACTION", description = "Of those that come in to this host.")
    private Choice in;

    @Option(names = {"fwd", "--fwd"}, paramLabel = "ACTION", description = "Of those that are forwarded.")
    private Choice forward;

    @Option(names = {"out", "--out"}, paramLabel = "ACTION", description = "Of those that go out.")
    private Choice outgoing;

    @Override
    int run(Xfrm xfrm) {
        if (in != null || forward != null || outgoing != null) {
            xfrm.setDefaults(new PolicyDefaults(action(in), action(forward), action(outgoing)));
            return ExitStatus.DONE;
        }
        PolicyDefaults defaults = xfrm.defaults();
        if (isJson()) {
            return printed(json -> {
                json.beginObject();
                json.name("in").value(defaults.in().toString());
                json.name("forward").value(defaults.forward().toString());
                json.name("out").value(defaults.out().toString());
                json.endObject();
            });
        }
        out().println(defaults);
        return ExitStatus.DONE;
    }

    private static DefaultAction action(Choice choice) {
        return switch (choice) {
            case accept -> DefaultAction.ACCEPT;
            case block -> DefaultAction.BLOCK;
            case null -> DefaultAction.UNCHANGED;
        };
    }
}
