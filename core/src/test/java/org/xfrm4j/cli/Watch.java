package org.xfrm4j.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Waits for a JVM that a test has started. One that hangs is ended, so that the test fails, and it is told what it was
 * doing: its stacks stand in what it prints (SIGQUIT), what the kernel says of its threads here.
 */
final class Watch {
    /** Far more than anything takes: an overloaded machine must not come into it. */
    private static final long MINUTES = 5;

    private Watch() {
    }

    /** Returns what there was to see of a process that hung; of any other nothing. */
    static String untilEnd(Process process) throws IOException, InterruptedException {
        try {
            if (process.waitFor(MINUTES, TimeUnit.MINUTES)) {
                return "";
            }
            String found = "it did not end within " + MINUTES + " minutes; its threads, in the kernel:\n"
                    + threads(process);
            new ProcessBuilder("kill", "-QUIT", Long.toString(process.pid())).start().waitFor(1, TimeUnit.MINUTES);
            process.waitFor(10, TimeUnit.SECONDS); // it prints its stacks
            return found;
        } finally {
            process.destroyForcibly().waitFor();
        }
    }

    /** A line for each thread: its name, its state, where it waits in the kernel, its system call. */
    private static String threads(Process process) throws IOException {
        StringBuilder lines = new StringBuilder();
        try (Stream<Path> threads = Files.list(Path.of("/proc", Long.toString(process.pid()), "task"))) {
            threads.sorted().forEach(thread -> lines.append("  ").append(thread.getFileName()).append(' ')
                    .append(read(thread.resolve("comm"))).append(": ")
                    .append(read(thread.resolve("stat")).replaceFirst(".*\\) (.).*", "$1")).append(' ')
                    .append(read(thread.resolve("wchan"))).append(' ')
                    .append(read(thread.resolve("syscall"))).append('\n'));
        }
        return lines.toString();
    }

    private static String read(Path file) {
        try {
            return Files.readString(file).strip();
        } catch (IOException unknown) {
            return "?";
        }
    }
}
