package org.xfrm4j.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Ends a JVM that a test has started and that does not end by itself, so that a hang becomes a failure; and tells what
 * it was doing: its stacks stand in what it prints (SIGQUIT), what the kernel says of its threads here.
 */
final class Watch {
    /** Far more than anything takes: an overloaded machine must not come into it. */
    private static final long MINUTES = 5;

    private final Process process;
    private volatile String found = "";

    private Watch(Process process) {
        this.process = process;
    }

    static Watch of(Process process) {
        Watch watch = new Watch(process);
        Thread.ofPlatform().daemon().name("watch of " + process.pid()).start(watch::watch);
        return watch;
    }

    /** What there was to see of a process that hung; of any other nothing. */
    String found() {
        return found;
    }

    private void watch() {
        try {
            if (!process.waitFor(MINUTES, TimeUnit.MINUTES)) {
                found = "\nit did not end within " + MINUTES + " minutes; its threads, in the kernel:\n" + threads();
                new ProcessBuilder("kill", "-QUIT", Long.toString(process.pid())).start().waitFor(1, TimeUnit.MINUTES);
                process.waitFor(10, TimeUnit.SECONDS); // for its stacks
            }
        } catch (IOException | InterruptedException failed) {
            found += "\n" + failed;
        } finally {
            process.destroyForcibly();
        }
    }

    /** A line for each thread: its name, its state, where it waits in the kernel, its system call. */
    private String threads() throws IOException {
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
