package org.xfrm4j.bench.jmh;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.openjdk.jmh.runner.options.TimeValue;

/** How long a JVM warms up, and is measured. */
record Pace(int warmups, TimeValue warmup, int measurements, TimeValue measurement) {
    /**
     * On a processor that is emulated everything takes twenty times as long, JMH's times excepted; and compiling is what
     * a JVM does when it warms up.
     */
    private static final int EMULATED_WARMUPS = 12;
    private static final TimeValue EMULATED_TIME = TimeValue.seconds(2);

    /** The same on an emulated processor; what is {@code compiled} already has only caches to warm. */
    Pace emulated(boolean compiled) {
        return new Pace(compiled ? 1 : Math.max(warmups, EMULATED_WARMUPS), EMULATED_TIME, measurements,
                EMULATED_TIME);
    }

    /** Whether qemu emulates this processor, as the full kernel's. */
    static boolean isEmulated() throws IOException {
        try (Stream<String> lines = Files.lines(Path.of("/proc/cpuinfo"))) {
            return lines.anyMatch(line -> line.startsWith("model name") && line.contains("QEMU"));
        }
    }
}
