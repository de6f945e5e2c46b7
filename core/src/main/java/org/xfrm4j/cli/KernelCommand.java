package org.xfrm4j.cli;

import java.io.IOException;
import org.xfrm4j.Xfrm;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** A command that asks the kernel in one network namespace. */
@Command
abstract class KernelCommand extends OutputCommand {
    @Mixin
    private NetnsOption netns;

    @Override
    public final Integer call() throws IOException {
        try (Xfrm xfrm = root().open(netns.namespace())) {
            return run(xfrm);
        }
    }

    /** Does it, and returns the status. */
    abstract int run(Xfrm xfrm) throws IOException;
}
