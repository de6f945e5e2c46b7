package org.xfrm4j.cli;

import java.io.BufferedOutputStream;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import org.xfrm4j.json.JsonWriter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** A command that prints text or JSON. */
@Command
abstract class OutputCommand implements Callable<Integer> {
    private static final int BUFFER = 1 << 15;

    @Spec
    private CommandSpec spec;

    @Mixin
    private JsonOption json;

    final PrintWriter out() {
        return spec.commandLine().getOut();
    }

    /** Standard output, for what writes large pieces. */
    final OutputStream stream() {
        out().flush();
        return Xfrm4j.of(spec.commandLine()).stream();
    }

    /** A writer of JSON to standard output, which stays open when it is closed. */
    final JsonWriter json() {
        return JsonWriter.lines(new BufferedOutputStream(stream(), BUFFER));
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

    /** The way to the kernel in a network namespace. */
    final Xfrm4j root() {
        return Xfrm4j.of(spec.commandLine());
    }
}
