package org.xfrm4j.bench.jmh;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.openjdk.jmh.runner.options.TimeValue;

/**
 * How long a JVM warms up, and is measured.
 *
 * @param warmups iterations of each way in Java before any is measured
 * @param measurements iterations of each way
 * @param iterationMillis how long one is: short, so that what follows each other meets the same machine. On a shared
 *     one the ratio of two that follow each other, of 25 ms each, spread by 4 %, of 240 ms by 7 %, of 800 ms by 10 %
 */
record Pace(int warmups, int measurements, int iterationMillis) {
    /** On what it runs: compiling is what a JVM does while it warms up, and where it has to share, that takes longer. */
    enum Processor {
        /** A real one, with other CPUs for the compiler. */
        OWN(0, 0, 50, 700),
        /** The embedded kernel's: one CPU, for the measured thread and for the compiler. */
        SINGLE(6_000, 0, 50, 8_300),
        /** One that qemu emulates: all that computes takes twenty times as long, JMH's times excepted. */
        EMULATED(24_000, 9_000, 250, 25_000);

        private final int leastWarmUpMillis;
        private final int leastMeasuredMillis;
        private final int iterationMillis;
        private final int startMillis;

        Processor(int leastWarmUpMillis, int leastMeasuredMillis, int iterationMillis, int startMillis) {
            this.leastWarmUpMillis = leastWarmUpMillis;
            this.leastMeasuredMillis = leastMeasuredMillis;
            this.iterationMillis = iterationMillis;
            this.startMillis = startMillis;
        }

        /** This machine's. */
        static Processor here() throws IOException {
            try (Stream<String> lines = Files.lines(Path.of("/proc/cpuinfo"))) {
                return lines.anyMatch(line -> line.startsWith("model name") && line.contains("QEMU")) ? EMULATED
                        : Runtime.getRuntime().availableProcessors() == 1 ? SINGLE : OWN;
            }
        }

        /** To warm up each way in Java, and to measure each way, for so long, or longer if it takes longer there. */
        Pace pace(int warmUpMillis, int measuredMillis, int runMillis) {
            int each = Math.max(iterationMillis, runMillis);
            return new Pace(Math.max(warmUpMillis, leastWarmUpMillis) / each,
                    Math.max(measuredMillis, leastMeasuredMillis) / each, each);
        }
    }

    /** How long a JVM takes that does this there, about, with its start and {@code @Setup}, as was seen. */
    long millis(Processor processor, Order order) {
        return processor.startMillis
                + (long) iterationMillis * (order.warmUps(warmups) + order.ways().size() * measurements);
    }

    TimeValue iteration() {
        return TimeValue.milliseconds(iterationMillis);
    }
}
