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
    ResultFile(Path file, String command) throws IOException {
        this.file = file;
        add(new Result().put("measure", "machine")
                .put("kernel", Files.readString(Path.of("/proc/version")).strip())
                .put("processor", processor())
                .put("processors", Runtime.getRuntime().availableProcessors())
                .put("jdk", System.getProperty("java.vm.name") + " " + System.getProperty("java.vm.version"))
                .put("time", Instant.now().toString())
                .put("command", command));
    }

    private static String processor() throws IOException {
        return Files.readAllLines(Path.of("/proc/cpuinfo")).stream()
                .filter(line -> line.startsWith("model name") || line.startsWith("host"))
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
