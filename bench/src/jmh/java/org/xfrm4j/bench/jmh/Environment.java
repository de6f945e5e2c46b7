package org.xfrm4j.bench.jmh;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.openjdk.jmh.util.Version;

/** Where and how something was measured, to stand beside the figures: as JSON, one field a line. */
final class Environment {
    private final Map<String, String> fields = new LinkedHashMap<>();

    Environment(Effort effort) throws IOException {
        fields.put("command", System.getProperty("xfrm4j.command", "java -jar benchmarks.jar"));
        fields.put("commit", System.getProperty("xfrm4j.commit", "unknown"));
        fields.put("compiler", System.getProperty("xfrm4j.compiler", "unknown"));
        fields.put("effort", effort.name());
        fields.put("started", now());
        // Without who built it on which host.
        fields.put("kernel", Files.readString(Path.of("/proc/version")).strip().replaceFirst(" \\(\\S+@\\S+\\)", ""));
        fields.put("cpu", line("/proc/cpuinfo", "model name").orElse("unknown"));
        fields.put("cpus", Integer.toString(Runtime.getRuntime().availableProcessors()));
        fields.put("memory", line("/proc/meminfo", "MemTotal").orElse("unknown"));
        fields.put("jdk", System.getProperty("java.vendor") + " " + System.getProperty("java.vm.version"));
        fields.put("jmh", Version.getPlainVersion().strip());
        fields.put("loadBefore", load());
    }

    /** To be called when all is measured: others' load is a part of the truth, and so is what failed. */
    void ended(List<String> failures) throws IOException {
        fields.put("failed", String.join("; ", failures));
        fields.put("loadAfter", load());
        fields.put("ended", now());
    }

    private static String now() {
        return Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
    }

    private static String load() throws IOException {
        return Files.readString(Path.of("/proc/loadavg")).strip();
    }

    private static Optional<String> line(String file, String key) throws IOException {
        try (Stream<String> lines = Files.lines(Path.of(file))) {
            return lines.filter(line -> line.startsWith(key)).findFirst()
                    .map(line -> line.substring(line.indexOf(':') + 1).strip());
        }
    }

    String json() {
        return fields.entrySet().stream()
                .map(field -> "  \"" + field.getKey() + "\": \""
                        + field.getValue().replace("\\", "\\\\").replace("\"", "\\\"") + '"')
                .collect(Collectors.joining(",\n", "{\n", "\n}\n"));
    }
}
