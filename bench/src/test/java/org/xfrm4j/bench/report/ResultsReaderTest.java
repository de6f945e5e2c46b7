package org.xfrm4j.bench.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResultsReaderTest {
    @TempDir
    Path folder;

    private static Measurement one(Results results, String benchmark, String method, Map<String, String> parameters) {
        List<Measurement> found = results.of(results.runs().getFirst(), benchmark, method, parameters);
        assertEquals(1, found.size(), found.toString());
        return found.getFirst();
    }

    @Test
    void tellsTheKernelByTheProcessor() throws Exception {
        List<Run> runs = Recorded.results().runs();

        assertEquals(List.of("host/jmh.json", "scale-full.json", "scale.json"), runs.stream().map(Run::file).toList());
        assertEquals(List.of(Kernel.HOST, Kernel.FULL, Kernel.EMBEDDED), runs.stream().map(Run::kernel).toList());
        assertEquals("0123456789abcdef", runs.getFirst().facts().get("commit"));
        assertEquals("bench/scale --max 1000000", runs.getLast().facts().get("command"));
    }

    @Test
    void takesMeanTimesByIteration() throws Exception {
        Measurement java = one(Recorded.results(), "EncodeBenchmark", "java", Map.of("kind", "BARE", "batch", "64"));

        assertEquals(22, java.nanos().median());
        assertEquals(6, java.nanos().count());
        assertEquals(List.of(List.of(21.0, 22.0, 23.0), List.of(22.0, 21.5, 22.5)), java.iterations());
        assertEquals(0.8, java.error().orElseThrow());
        assertEquals(0.0013, java.allocated().orElseThrow().median());
    }

    @Test
    void takesSingleTimesAsOftenAsTheHistogramSays() throws Exception {
        Measurement java = one(Recorded.results(), "TransportBenchmark", "java",
                Map.of("batch", "64", "strategy", "LAST_ACKED"));

        assertEquals(5, java.nanos().count());
        assertEquals(1000, java.nanos().lowerQuartile());
        assertEquals(List.of(List.of(1000.0)), java.iterations());
        assertTrue(java.error().isEmpty(), "JMH wrote NaN");
        assertTrue(java.allocated().isEmpty(), "not measured");
    }

    @Test
    void takesOtherUnitsForWhatTheyAre() throws Exception {
        Path file = Recorded.copyTo(folder).resolve("host/jmh.json");
        Files.writeString(file, Files.readString(file).replace("ns/op", "us/op"));

        assertEquals(22_000, one(ResultsReader.read(folder), "EncodeBenchmark", "java", Map.of()).nanos().median());
    }

    @Test
    void dividesByTheNumberThatAnInvocationDoes() throws Exception {
        Path file = Recorded.copyTo(folder).resolve("host/jmh.json");
        Files.writeString(file, Files.readString(file).replaceAll("\"batch\" ?: ?", "\"each\": \"10\", $0"));

        Measurement java = one(ResultsReader.read(folder), "EncodeBenchmark", "java", Map.of());
        assertEquals(2.2, java.nanos().median(), 1e-9);
        assertFalse(java.parameters().containsKey("each"), "it tells nothing of what was measured");
    }

    @Test
    void tellsWhatWasMeasuredInTurns() throws Exception {
        Path file = Recorded.copyTo(folder).resolve("host/jmh.json");
        Files.writeString(file, Files.readString(file).replaceAll("\"batch\" ?: ?", "\"ways\": \"java+c\", $0"));

        Results results = ResultsReader.read(folder);
        Measurement java = one(results, "EncodeBenchmark", "java", Map.of());
        assertEquals(Optional.of("java+c"), java.turns());
        assertFalse(java.parameters().containsKey("ways"), "it tells nothing of what was measured");
        assertTrue(java.isInTurnsWith(one(results, "EncodeBenchmark", "c", Map.of())));
    }

    @Test
    void readsWhatGzipMadeSmaller() throws Exception {
        Path file = Recorded.copyTo(folder).resolve("host/jmh.json");
        byte[] content = Files.readAllBytes(file);
        Files.delete(file);
        Path smaller = file.resolveSibling("jmh.json.gz");
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(smaller))) {
            out.write(content);
        }

        Results results = ResultsReader.read(folder);
        assertEquals("host/jmh.json.gz", results.runs().getFirst().file());
        assertEquals(Kernel.HOST, results.runs().getFirst().kernel());
        assertEquals(22, one(results, "EncodeBenchmark", "java", Map.of()).nanos().median());

        byte[] compressed = Files.readAllBytes(smaller);
        for (byte[] broken : List.of(content, Arrays.copyOf(compressed, 5),
                Arrays.copyOf(compressed, compressed.length / 2))) {
            Files.write(smaller, broken);
            IOException refused = assertThrows(IOException.class, () -> ResultsReader.read(folder));
            assertTrue(refused.getMessage().startsWith(smaller + ": "), refused.getMessage());
        }
    }

    @Test
    void refusesThroughputSinceItIsNoTime() throws Exception {
        Path file = Recorded.copyTo(folder).resolve("host/jmh.json");
        Files.writeString(file, Files.readString(file).replace("ns/op", "ops/s"));

        IOException refused = assertThrows(IOException.class, () -> ResultsReader.read(folder));
        assertTrue(refused.getMessage().startsWith(file.toString()), refused.getMessage());
        assertTrue(refused.getMessage().contains("ops/s"), refused.getMessage());
    }

    @Test
    void namesTheFileThatIsNoResult() throws Exception {
        for (String content : List.of("{\"a\": 1}", "[1", "[{\"measure\": \"move\"}]", "[{\"benchmark\": \"x.y\"}]")) {
            Files.writeString(folder.resolve("some.json"), content);
            IOException refused = assertThrows(IOException.class, () -> ResultsReader.read(folder), content);
            assertTrue(refused.getMessage().startsWith(folder.resolve("some.json") + ": "), refused.getMessage());
        }
    }

    @Test
    void ofRoundsOnlyTheSecondHalfCountsWhenThereAreMoreThanTwo() throws Exception {
        Results results = Recorded.results();
        Run embedded = results.runs().getLast();

        Moves moves = results.moves(embedded, Moves.STREAM, Moves.SPREAD, 10_000).orElseThrow();
        assertEquals(20_000, moves.nanosEach().median());
        assertEquals(100_000, moves.coldNanosEach());
        assertEquals(1000, moves.ownNanosEach().orElseThrow().median());
        assertEquals(48, moves.allocatedEach().orElseThrow());
        assertTrue(results.moves(embedded, "c-stream", Moves.SPREAD, 10_000).orElseThrow().ownNanosEach().isEmpty());
    }
}
