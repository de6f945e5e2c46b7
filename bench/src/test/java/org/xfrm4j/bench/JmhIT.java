package org.xfrm4j.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every benchmark runs, with the checks that each makes before it measures. How fast is nobody's business here. */
class JmhIT {
    private static final Path TARGET = Path.of("target").toAbsolutePath();
    private static final Path BENCHMARK_LIST = TARGET.resolve("jmh-classes/META-INF/BenchmarkList");
    private static final Path C_LIBRARY = TARGET.resolve("native/libxfrm-twin.so");
    private static final Pattern RESULT = Pattern.compile("\"benchmark\" : \"org\\.xfrm4j\\.bench\\.jmh\\.([^\"]+)\"");
    /** An absolute path, or who built a kernel where. */
    private static final Pattern MACHINE_PATH = Pattern.compile("(?<=[\\s\"'=:(])/\\w[^\\s\"]*|\\w+@\\w+");
    private static final Predicate<String> OF_MIGRATION = name -> name.startsWith("MigrateBenchmark.");

    @TempDir
    private Path results;

    @Test
    void everyBenchmarkRunsOnTheHost() throws Exception {
        List<String> arguments = List.of("encode", "decode", "floor", "transport", "dump");

        // Where the host permits no network namespace of its own, the embedded kernel serves.
        Script script = hostHasNamespaces() ? run("jmh", List.of(), arguments) : inTheLab(arguments);

        assertEquals(0, script.status(), script.output() + script.errors());
        assertEquals(benchmarks(OF_MIGRATION.negate()), measured());
        assertTrue(Files.readString(results.resolve("environment.json")).contains("\"kernel\": \"Linux"));
        for (String file : List.of("jmh.json", "environment.json", "ratios.txt", "jmh.log")) {
            // They are published; where on a machine the JDK, the checkout and the results lie is nobody's business.
            assertEquals(List.of(), MACHINE_PATH.matcher(Files.readString(results.resolve(file))).results()
                    .map(MatchResult::group).distinct().toList(), file);
        }
    }

    @Test
    void everyMigrationRunsOnAKernelThatHasIt() throws Exception {
        Script script = inTheLab(List.of("migrate"));

        assertEquals(0, script.status(), script.output() + script.errors());
        assertEquals(benchmarks(OF_MIGRATION), measured());
        // What is compared was measured together.
        assertTrue(script.errors().contains("MigrateBenchmark.java+c+naive+cStrongswan {layout=SPREAD"),
                script.errors());
        assertTrue(Files.readString(results.resolve("jmh.json")).contains("\"ways\" : \"stream+cStream\""));
    }

    @Test
    void saysWhatAClaimTakesAndHowLong() throws Exception {
        Script script = Script.run("lab/run", "--", Path.of("jmh").toAbsolutePath().toString(), "--list", "--to",
                results.resolve("none").toString(), "transport", "migrate");

        assertEquals(0, script.status(), script.output() + script.errors());
        assertFalse(Files.exists(results.resolve("none")));
        List<String> lines = script.output().lines().toList();
        assertTrue(lines.getLast().matches("3 round\\(s\\), about [1-9][0-9]* minute.*"), lines.getLast());
        for (String batch : List.of("1", "4", "16", "64", "256", "1024")) {
            String name = "TransportBenchmark.java {work=POLICIES, strategy=LAST_ACKED, batch=" + batch + "}";
            assertTrue(lines.contains(name), name + " in " + script.output());
        }
        assertTrue(lines.contains("MigrateBenchmark.java {layout=SPREAD, strategy=LAST_ACKED, batch=1024}"),
                script.output());
    }

    @Test
    void refusesWrongUsage() throws Exception {
        for (String[] wrong : new String[][] {{"--to"}, {"--bogus"}, {"enocde"}}) {
            Script script = Script.run("jmh", wrong);
            assertEquals(2, script.status(), script.output());
            assertTrue(script.errors().startsWith("bench/jmh: "), script.errors());
        }
    }

    private Script inTheLab(List<String> arguments) throws IOException, InterruptedException {
        return run("lab/run", List.of("--", Path.of("jmh").toAbsolutePath().toString()), arguments);
    }

    private Script run(String program, List<String> before, List<String> arguments)
            throws IOException, InterruptedException {
        List<String> all = new ArrayList<>(before);
        all.addAll(List.of("--smoke", "--to", results.toString()));
        all.addAll(arguments);
        return Script.run(program, all.toArray(String[]::new));
    }

    private static boolean hostHasNamespaces() throws IOException, InterruptedException {
        return new ProcessBuilder("unshare", "--map-root-user", "--net", "true").start().waitFor() == 0;
    }

    /** What JMH found in the code: so none can be left out of a group. Without a C compiler, those of Java. */
    private static Set<String> benchmarks(Predicate<String> such) throws IOException {
        boolean withC = Files.exists(C_LIBRARY);
        try (Stream<String> lines = Files.lines(BENCHMARK_LIST)) {
            // JMH S <length> <class> S <length> <generated class> S <length> <method> …
            return lines.map(line -> line.split(" "))
                    .map(words -> words[3].substring(words[3].lastIndexOf('.') + 1) + "." + words[9])
                    // What measures the others, in turns.
                    .filter(name -> !name.endsWith(".inTurns"))
                    .filter(such)
                    .filter(name -> withC || !name.matches(".*\\.(c|c[A-Z].*|.*OfC)"))
                    .collect(Collectors.toCollection(TreeSet::new));
        }
    }

    private Set<String> measured() throws IOException {
        return RESULT.matcher(Files.readString(results.resolve("jmh.json"))).results()
                .map(result -> result.group(1)).collect(Collectors.toCollection(TreeSet::new));
    }
}
