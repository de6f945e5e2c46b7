package org.xfrm4j.bench.scale;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The measurements so far, in a file that holds them all at any time. */
final class ResultFile {
    private final List<Result> all = new ArrayList<>();
    private final Path file;

    /** Begins with what is known of the machine. */
    ResultFile(Path file) throws IOException {
        this.file = file;
        add(new Result().put("measure", "machine")
                // Without who built it on which host.
                .put("kernel", Files.readString(Path.of("/proc/version")).strip()
                        .replaceFirst(" \\(\\S+@\\S+\\)", ""))
                .put("processor", line("/proc/cpuinfo", "model name"))
                .put("processors", Runtime.getRuntime().availableProcessors())
                .put("jdk", System.getProperty("java.vm.name") + " " + System.getProperty("java.vm.version"))
                .put("time", Instant.now().toString())
                .put("command", System.getProperty("xfrm4j.command", "unknown"))
                .put("commit", System.getProperty("xfrm4j.commit", "unknown"))
                .put("compiler", System.getProperty("xfrm4j.compiler", "unknown"))
                .put("memory", line("/proc/meminfo", "MemTotal")));
    }

    private static String line(String file, String key) throws IOException {
        return Files.readAllLines(Path.of(file)).stream().filter(line -> line.startsWith(key))
                .map(line -> line.substring(line.indexOf(':') + 1).strip()).findFirst().orElse("unknown");
    }

    Path file() {
        return file;
    }

    void add(Result result) throws IOException {
        all.add(result);
        Files.write(file, List.of("[", String.join(",\n", all.stream().map(Result::toString).toList()), "]"));
    }

    Stream<Result> of(String measure) {
        return all.stream().filter(result -> result.text("measure").equals(measure));
    }
}
