package org.xfrm4j.cli;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import org.xfrm4j.Xfrm;
import org.xfrm4j.json.JsonWriter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** A command that asks the kernel in one network namespace, and prints text or JSON. */
@Command
abstract class KernelCommand implements Callable<Integer> {
    private static final int BUFFER = 1 << 15;

    @Spec
    private CommandSpec spec;

    @Mixin
    private NetnsOption netns;

    @Mixin
    private JsonOption json;

    @Override
    public final Integer call() throws IOException {
        try (Xfrm xfrm = netns.open()) {
            return run(xfrm);
        }
    }

    /** Does it, and returns the status. */
    abstract int run(Xfrm xfrm) throws IOException;

    final PrintWriter out() {
        return spec.commandLine().getOut();
    }

    /** A writer of JSON to standard output, which stays open when it is closed. */
    final JsonWriter json() {
        out().flush();
        return JsonWriter.lines(new BufferedOutputStream(Xfrm4j.of(spec.commandLine()).stream(), BUFFER));
    }

    /** Writes one value as JSON. */
    final int printed(Consumer<JsonWriter> value) {
        try (JsonWriter writer = json()) {
            value.accept(writer);
        }
        return ExitStatus.DONE;
    }

    final PrintWriter err() {
        return spec.commandLine().getErr();
    }

    /** Tells something on standard error that is no reason to stop. */
    final void warn(String what) {
        out().flush();
        err().println(spec.qualifiedName() + ": " + what);
        err().flush();
    }

    final boolean isJson() {
        return json.json();
    }

    final NetnsOption netns() {
        return netns;
    }
}
