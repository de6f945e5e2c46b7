package org.xfrm4j.bench.scale;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Processor time of the JVM's compiler threads, which Java does not tell: what they take while something is measured is
 * taken from it where there are no more CPUs than threads. Threads that have ended are not counted.
 */
final class CompilerTime {
    /** With these a JVM keeps its compiler threads. */
    static final List<String> JVM_OPTIONS = List.of("-XX:-UseDynamicNumberOfCompilerThreads");

    /** The kernel counts in hundredths of a second towards programs, whatever its own clock is. */
    private static final long NANOS_IN_TICK = 10_000_000;
    private static final Path THREADS = Path.of("/proc/self/task");
    /** Of the fields behind the name: user's, and the one behind it the system's. */
    private static final int USER = 11;

    private CompilerTime() {
    }

    /** Nanoseconds so far, in steps of ten milliseconds. */
    static long nanos() throws IOException {
        long ticks = 0;
        try (DirectoryStream<Path> threads = Files.newDirectoryStream(THREADS)) {
            for (Path thread : threads) {
                try {
                    ticks += ticks(Files.readString(thread.resolve("stat")));
                } catch (IOException ended) {
                    // It was there when the folder was listed. Compiler threads stay.
                }
            }
        }
        return ticks * NANOS_IN_TICK;
    }

    /** Of a thread's {@code stat}: its processor time, or 0 if it does not compile. */
    static long ticks(String stat) {
        int end = stat.lastIndexOf(')');
        // C1 CompilerThread0 and C2 CompilerThread0, of which the kernel keeps 15 letters.
        if (!stat.substring(stat.indexOf('(') + 1, end).matches("C[12] CompilerThre.*")) {
            return 0;
        }
        String[] fields = stat.substring(end + 1).strip().split(" ");
        return Long.parseLong(fields[USER]) + Long.parseLong(fields[USER + 1]);
    }
}
