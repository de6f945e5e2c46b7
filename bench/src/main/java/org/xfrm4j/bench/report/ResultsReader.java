package org.xfrm4j.bench.report;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads a folder of raw results, and the folders in it. Each {@code .json} file is a run, or {@code .json.gz}, made
 * smaller by gzip: in JMH's own form, of which
 * {@code environment.json} in the same folder tells the machine, or in that of {@code bench/scale}, whose first entry
 * does.
 */
final class ResultsReader {
    private static final List<String> SUFFIXES = List.of(".json", ".json.gz");
    private static final String GZIP = ".gz";
    private static final String ENVIRONMENT = "environment.json";
    private static final JsonMapper JSON = new JsonMapper();

    private ResultsReader() {
    }

    /**
     * Reads all {@code .json} files of a folder.
     *
     * @throws IOException if one cannot be read, or holds something else; the message names it
     */
    static Results read(Path folder) throws IOException {
        List<Path> files;
        try (Stream<Path> all = Files.walk(folder)) {
            files = all.filter(path -> SUFFIXES.stream().anyMatch(path.getFileName().toString()::endsWith)
                    && Files.isRegularFile(path)).sorted().toList();
        }
        Results results = Results.empty();
        for (Path file : files) {
            if (!file.getFileName().toString().equals(ENVIRONMENT)) {
                try {
                    add(folder.relativize(file).toString(), json(file), environment(file), results);
                } catch (IllegalArgumentException | JacksonException wrong) {
                    throw new IOException(file + ": " + wrong.getMessage(), wrong);
                }
            }
        }
        return results;
    }

    private static void add(String name, JsonNode content, Optional<JsonNode> environment, Results results) {
        if (!content.isArray()) {
            throw new IllegalArgumentException("not a list of results");
        }
        if (!content.isEmpty() && content.get(0).has("measure")) {
            ScaleFile.read(name, content, results);
        } else {
            JmhFile.read(name, environment, content, results);
        }
    }

    private static Optional<JsonNode> environment(Path run) throws IOException {
        Path file = run.resolveSibling(ENVIRONMENT);
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        JsonNode content = json(file);
        if (!content.isObject()) {
            throw new IOException(file + ": not an object that tells the machine");
        }
        return Optional.of(content);
    }

    private static JsonNode json(Path file) throws IOException {
        try (InputStream stored = Files.newInputStream(file);
                InputStream content = file.toString().endsWith(GZIP) ? new GZIPInputStream(stored) : stored) {
            return JSON.readTree(content);
        } catch (ZipException | EOFException wrong) {
            throw new IOException(file + ": not compressed by gzip: " + wrong.getMessage(), wrong);
        } catch (JacksonException wrong) {
            throw new IOException(file + ": no JSON: " + wrong.getOriginalMessage(), wrong);
        }
    }

    /** The texts and numbers of an object, as texts. */
    static Map<String, String> facts(JsonNode object) {
        Map<String, String> facts = new LinkedHashMap<>();
        object.properties().forEach(entry -> facts.put(entry.getKey(),
                entry.getValue().isValueNode() ? entry.getValue().asString() : entry.getValue().toString()));
        return facts;
    }
}
