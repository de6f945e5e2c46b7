package org.xfrm4j.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every way that {@code bench/scale} measures, with few SAs; how long it takes is not looked at. */
class ScaleIT {
    private static final int SAS = 16;

    @TempDir
    Path folder;

    private static Set<String> values(List<String> lines, String name) {
        return lines.stream().map(Pattern.compile("\"" + name + "\": \"?([^\",}]*)")::matcher).filter(Matcher::find)
                .map(matcher -> matcher.group(1)).collect(Collectors.toSet());
    }

    @Test
    void measuresEveryWay() throws Exception {
        Path twin = Path.of("target/native/xfrm-twin").toAbsolutePath();
        Path output = folder.resolve("scale.json");

        Script scale = Script.run("lab/run", "--mem", "2G", "--timeout", "500", "--", Script.java(), "-Xmx128m",
                "--enable-native-access=org.xfrm4j.core", "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
                "-Dxfrm4j.commit=0123abc", "-p", "target/modules", "-m",
                "org.xfrm4j.bench/org.xfrm4j.bench.scale.Scale",
                Integer.toString(SAS), output.toString(), twin.toString(), "2",
                "xfrm4j-stream,xfrm4j-engine-sas,xfrm4j-engine,c-stream,c-gateway,c-last-acked,c-all-acked,c-single,"
                        + "strongswan,ip-batch", "spread,per-cpu", "moves,blackout,namespaces");

        assertEquals(0, scale.status(), scale.output() + scale.errors());
        List<String> lines = Files.readAllLines(output);
        String machine = lines.get(1);
        assertEquals(Set.of("0123abc"), values(List.of(machine), "commit"));
        assertFalse(machine.contains("@") || machine.contains("\"/"), machine);
        List<String> moves = lines.stream().filter(line -> line.contains("\"measure\": \"move\"")).toList();
        assertEquals(Set.of("spread", "per-cpu"), values(moves, "shape"));
        assertEquals(Set.of(Integer.toString(SAS)), values(moves, "moved"));
        assertTrue(values(moves, "way").containsAll(Set.of("xfrm4j-engine", "xfrm4j-stream")), moves.toString());
        if (Files.isExecutable(twin)) {
            assertTrue(values(moves, "way").containsAll(Set.of("c-stream", "c-gateway", "c-last-acked",
                    "c-all-acked", "c-single", "strongswan")), moves.toString());
        }
        assertEquals(Set.of("1", "4"), values(lines.stream()
                .filter(line -> line.contains("\"measure\": \"blackout\"")).toList(), "sas_of_group"));
        assertTrue(scale.output().contains("rate, raw batch path to C, same work of 16 SAs")
                || !Files.isExecutable(twin), scale.output());
    }

    /** The embedded kernel has one CPU, and {@code bench/scale} does not do this there. */
    @Test
    void movesInSeveralNamespacesSideBySide() throws Exception {
        for (String way : List.of("namespaces", "namespace-engines")) {
            Script namespaces = Script.run("lab/run", "--mem", "1G", "--timeout", "300", "--", Script.java(),
                    "-Xmx64m", "--enable-native-access=org.xfrm4j.core",
                    "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn", "-p", "target/modules", "-m",
                    "org.xfrm4j.bench/org.xfrm4j.bench.scale.Ours", way, "spread", "16", "2", "2");

            assertEquals(0, namespaces.status(), namespaces.output() + namespaces.errors());
            assertSideBySide(namespaces.output());
            assertEquals(Set.of("0"), values(namespaces.output().lines().toList(), "warm_up_rounds"), way);
        }
    }

    private static void assertSideBySide(String output) {
        // In turns: of one namespace, of two.
        assertEquals(List.of("0 1 16", "0 2 32", "1 1 16", "1 2 32"), output.lines().map(line ->
                Stream.of("round", "namespaces", "moved").map(name -> values(List.of(line), name))
                        .map(values -> String.join("", values)).collect(Collectors.joining(" "))).toList(), output);
    }

    @Test
    void movesInSeveralNamespacesSideBySideInC() throws Exception {
        Path twin = Path.of("target/native/xfrm-twin").toAbsolutePath();
        assumeTrue(Files.isExecutable(twin), "no C compiler");

        Script beside = Script.run("lab/run", "--mem", "1G", "--timeout", "300", "--", twin.toString(), "beside",
                "--sas", "16", "--namespaces", "2", "--rounds", "2");

        assertEquals(0, beside.status(), beside.output() + beside.errors());
        assertSideBySide(beside.output());
    }

    @Test
    void refusesWrongUsage() throws Exception {
        for (String[] wrong : new String[][] {{"--max"}, {"--max", "1"}, {"--max=many"}, {"--cpus", "0"}, {"--bogus"},
                {"--output", "no-such-folder/x"}, {"--ways", "xfrm4j"}, {"--ways="}, {"--shapes", "spread,round"},
                {"--parts", "moves,spread"}}) {
            Script script = Script.run("scale", wrong);
            assertEquals(2, script.status(), script.output());
            assertTrue(script.errors().startsWith("bench/scale: "), script.errors());
        }
    }
}
