package org.xfrm4j.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.util.concurrent.Callable;
import java.util.function.Function;
import org.xfrm4j.Xfrm;
import org.xfrm4j.netlink.NetworkNamespace;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The command that holds all others. */
@Command(name = "xfrm4j", synopsisSubcommandLabel = "COMMAND", mixinStandardHelpOptions = true,
        scope = ScopeType.INHERIT, versionProvider = Version.class, sortOptions = false,
        description = "Linux XFRM, the kernel's IPsec: SAs, policies, and their migration to new addresses.")
final class Xfrm4j implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(names = {"-b", "--batch"}, paramLabel = "FILE",
            description = "Run the commands in FILE, one a line; '-' is standard input. Keys that stand there are"
                    + " not seen"
                    + " by other users of this system, as they are on a command line.")
    private String batch;

    @Option(names = "--force", description = "With --batch: go on after a command that failed.")
    private boolean force;

    private final OutputStream out;
    private final OutputStream err;
    private final Function<NetworkNamespace, Xfrm> kernel;
    private boolean verbose;

    /** Opens the way to the kernel by {@code kernel}. */
    Xfrm4j(OutputStream out, OutputStream err, Function<NetworkNamespace, Xfrm> kernel) {
        this.out = out;
        this.err = err;
        this.kernel = kernel;
    }

    Xfrm open(NetworkNamespace namespace) {
        return kernel.apply(namespace);
    }

    /** The one that a command belongs to. */
    static Xfrm4j of(CommandLine command) {
        CommandLine root = command;
        while (root.getParent() != null) {
            root = root.getParent();
        }
        return (Xfrm4j) root.getCommandSpec().userObject();
    }

    @Option(names = {"-v", "--verbose"}, scope = ScopeType.INHERIT, order = 1000,
            description = "Tell on standard error what is done; twice: in detail.")
    private void setVerbose(boolean[] times) {
        // Read when the first logger is made, which is after the command line was read.
        System.setProperty(Log.LEVEL, times.length > 1 ? "debug" : "info");
        verbose = true;
    }

    boolean isVerbose() {
        return verbose;
    }

    /** Standard output; where it is used, its writer was flushed. */
    OutputStream stream() {
        return out;
    }

    @Override
    public Integer call() throws IOException {
        if (batch == null) {
            spec.commandLine().usage(spec.commandLine().getErr());
            return ExitStatus.USAGE;
        }
        return new Batch(out, err, force).run(batch);
    }
}
