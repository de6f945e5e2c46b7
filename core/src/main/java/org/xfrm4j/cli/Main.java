package org.xfrm4j.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.function.Function;
import java.util.function.IntSupplier;
import org.xfrm4j.Xfrm;
import org.xfrm4j.netlink.NetworkNamespace;
import picocli.CommandLine;

/** Where the command line begins. */
public final class Main {
    private Main() {
    }

    /**
     * Runs a command, and ends the JVM with its status.
     *
     * @param arguments the command line
     */
    public static void main(String[] arguments) {
        Log.setUp();
        // Not System.out: it looks at every byte, and writes one line at a time.
        try (FileOutputStream out = new FileOutputStream(FileDescriptor.out);
                FileOutputStream err = new FileOutputStream(FileDescriptor.err)) {
            exit(() -> run(out, err, arguments));
        } catch (IOException cannotBeClosed) {
            System.exit(ExitStatus.NOT_ALL);
        }
    }

    /** Ends the JVM with the status of a command. After an error as well: else one that was interrupted never ended. */
    static void exit(IntSupplier command) {
        int status = ExitStatus.NOT_ALL;
        try {
            status = command.getAsInt();
        } catch (Throwable bug) {
            bug.printStackTrace();
        } finally {
            Interruption.end(status);
            System.exit(status);
        }
    }

    /** Runs a command, and returns the status. */
    static int run(OutputStream out, OutputStream err, String... arguments) {
        return run(commandLine(out, err, Xfrm::open, arguments), arguments);
    }

    /** The like, of a command line that was made. */
    static int run(CommandLine line, String... arguments) {
        int status = line.execute(arguments);
        line.getOut().flush();
        line.getErr().flush();
        return status;
    }

    /** With all commands. */
    static CommandLine commandLine(OutputStream out, OutputStream err) {
        return commandLine(out, err, Xfrm::open);
    }

    /**
     * Made anew for each command: what one sets must not show in the next. It asks the kernel that {@code kernel}
     * opens, and has the commands that {@code words} name.
     */
    static CommandLine commandLine(OutputStream out, OutputStream err, Function<NetworkNamespace, Xfrm> kernel,
            String... words) {
        Failures failures = new Failures();
        CommandLine line = new CommandLine(new Xfrm4j(out, err, kernel));
        Commands.add(line, words);
        Converters.register(line);
        return line.setOut(writer(out)).setErr(writer(err))
                .setExecutionExceptionHandler(failures)
                .setParameterExceptionHandler(failures)
                .setUsageHelpAutoWidth(true)
                .setColorScheme(CommandLine.Help.defaultColorScheme(CommandLine.Help.Ansi.OFF));
    }

    private static PrintWriter writer(OutputStream stream) {
        return new PrintWriter(new OutputStreamWriter(stream, StandardCharsets.UTF_8), false);
    }
}
