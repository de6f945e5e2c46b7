package org.xfrm4j.bench.jmh;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.openjdk.jmh.runner.options.TimeValue;

/** How long a JVM warms up, and is measured. */
record Pace(int warmups, TimeValue warmup, int measurements, TimeValue measurement) {
    private static final int MORE_WARMUPS = 12;

    /** On what it runs: compiling is what a JVM does while it warms up, and where it has to share, that takes longer. */
    enum Processor {
        /** A real one, with other CPUs for the compiler. */
        OWN(null, 700),
        /** The embedded kernel's: one CPU, for the measured thread and for the compiler. */
        SINGLE(TimeValue.milliseconds(500), 8_300),
        /** One that qemu emulates: all that computes takes twenty times as long, JMH's times excepted. */
        EMULATED(TimeValue.seconds(2), 25_000);

        private final TimeValue time;
        private final int startMillis;

        Processor(TimeValue time, int startMillis) {
            this.time = time;
            this.startMillis = startMillis;
        }

        /** This machine's. */
        static Processor here() throws IOException {
            try (Stream<String> lines = Files.lines(Path.of("/proc/cpuinfo"))) {
                return lines.anyMatch(line -> line.startsWith("model name") && line.contains("QEMU")) ? EMULATED
                        : Runtime.getRuntime().availableProcessors() == 1 ? SINGLE : OWN;
            }
        }
    }

    /** How long one benchmark takes there, about, with what a JVM and {@code @Setup} take before, as was seen. */
    long millis(Processor processor) {
        return processor.startMillis + warmups * warmup.convertTo(TimeUnit.MILLISECONDS)
                + measurements * measurement.convertTo(TimeUnit.MILLISECONDS);
    }

    /** As long as it takes there; what is {@code compiled} already has only caches to warm. */
    Pace on(Processor processor, boolean compiled) {
        if (processor == Processor.OWN) {
            return this;
        }
        return new Pace(compiled ? 1 : Math.max(warmups, MORE_WARMUPS), longer(warmup, processor.time), measurements,
                longer(measurement, processor.time));
    }

    private static TimeValue longer(TimeValue one, TimeValue other) {
        return one.convertTo(TimeUnit.NANOSECONDS) > other.convertTo(TimeUnit.NANOSECONDS) ? one : other;
    }
}
