package org.xfrm4j.bench.scale;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A program that does a part of the work, in a process of its own. */
final class Child {
    private static final int LIMIT_MINUTES = 60;

    private Child() {
    }

    /**
     * Runs it, and returns the lines that it printed.
     *
     * @throws IOException if it failed; with what it printed
     */
    static List<String> run(List<String> command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
        process.getOutputStream().close();
        // Ends it also while its output is being read.
        process.onExit().orTimeout(LIMIT_MINUTES, TimeUnit.MINUTES).exceptionally(late -> process.destroyForcibly());
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException(String.join(" ", command) + " ended with " + process.exitValue() + ": " + output);
        }
        return output.lines().toList();
    }
}
