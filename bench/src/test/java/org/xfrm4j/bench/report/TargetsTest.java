package org.xfrm4j.bench.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TargetsTest {
    @TempDir
    Path folder;

    /** What of each target became, with the figure that decided; by its number. */
    private static List<String> verdicts(Results results) {
        return Targets.of(results).stream().map(target -> target.worst().map(worst -> String.format(Locale.ROOT,
                "%.4f %s ", worst.value().value(), target.unit())).orElse("") + target.verdict()).toList();
    }

    @Test
    void areComputedFromTheRawValues() throws Exception {
        assertEquals(List.of(
                "1.1000 × reached",  // encode: 22 ns : 20 ns
                "0.0013 B reached",  // JMH's own
                "1.5000 × missed",   // from a dump: 60 ns : 40 ns
                "24.0000 B missed",
                "0.9000 × missed",   // transport: 1000 : 1000 in batches of 64, 900 : 1000 in those of 256
                "3.0000 × reached",  // 3000 for one at a time : 1000
                "not measured",      // MIGRATE_STATE by JMH on the embedded kernel
                "0.9500 × reached",  // end to end there: 19 : 20 of 10,000 SAs, 21 : 21 of 1,000,000
                "not measured",      // MIGRATE_STATE by JMH on the full kernel
                "0.9000 × missed",   // end to end there: 9 : 10
                "not measured",      // to one at a time, by JMH
                "1.5000 × reached",  // end to end: 15 : 10
                "not measured",      // to strongSwan's four calls, by JMH
                "2.9000 × missed",   // end to end: 29 : 10
                "2.0000 × reached",  // two namespaces: 10 : 5
                "1.9000 × reached",  // engine: 38 : 20
                "1.3000 × reached",  // without policies: 26 : 20
                "2.1111 × missed",   // to C with policies: 38 : 18
                "not measured",      // on the full kernel
                "not measured",      // without policies
                "not measured",      // to C with policies
                "1.6000 × missed",   // own time: 1.6 : 1.0
                "not measured",      // the engine's at 1,000,000 SAs
                "30.9375 MiB reached"), verdicts(Recorded.results()));
    }

    @Test
    void areMissedOrReachedAsTheFiguresChange() throws Exception {
        Path file = Recorded.copyTo(folder).resolve("host/jmh.json");
        String recorded = Files.readString(file);
        Files.writeString(file, recorded.replace("3000.0", "2499.0").replace("59.0", "51.0").replace("60.0", "52.0")
                .replace("61.0", "53.0").replace("24.0", "0.05").replace("22.0", "22.1"));

        List<String> verdicts = verdicts(ResultsReader.read(folder));

        assertEquals(List.of("1.1050 × missed", "0.0013 B reached", "1.3000 × reached", "0.0500 B reached",
                "0.9000 × missed", "2.4990 × missed"), verdicts.subList(0, 6));
    }

    @Test
    void areNotMeasuredWhereARunIsMissing() throws Exception {
        Files.delete(Recorded.copyTo(folder).resolve("host/jmh.json"));

        List<String> verdicts = verdicts(ResultsReader.read(folder));

        assertEquals(List.of("not measured"), verdicts.subList(0, 6).stream().distinct().toList());
        assertEquals("0.9500 × reached", verdicts.get(7));
    }

    @Test
    void takeNothingFromARunThatOnlyProvedThatAllRuns() throws Exception {
        Path file = Recorded.copyTo(folder).resolve("host/environment.json");
        Files.writeString(file, Files.readString(file).replace("FULL", "SMOKE"));

        assertEquals(List.of("not measured"), verdicts(ResultsReader.read(folder)).subList(0, 6).stream().distinct()
                .toList());
    }

    @Test
    void ofAKernelTakeNothingFromARunWhoseMachineIsNotRecorded() throws Exception {
        Files.delete(Recorded.copyTo(folder).resolve("host/environment.json"));

        assertEquals(List.of("not measured"), verdicts(ResultsReader.read(folder)).subList(4, 6).stream().distinct()
                .toList());
    }

    @Test
    void compareOnlyWithinARun() throws Exception {
        // C's figures in a run of their own: another hour, another machine perhaps.
        Path host = Recorded.copyTo(folder).resolve("host");
        Path other = Files.createDirectories(folder.resolve("other"));
        String recorded = Files.readString(host.resolve("jmh.json"));
        Files.writeString(other.resolve("jmh.json"), recorded.replace("Benchmark.java\"", "Benchmark.nobody\""));
        Files.writeString(host.resolve("jmh.json"), recorded.replace("Benchmark.c\"", "Benchmark.nobody\""));

        List<String> verdicts = verdicts(ResultsReader.read(folder));

        assertEquals("not measured", verdicts.get(0));
        assertEquals("not measured", verdicts.get(4));
    }

    @Test
    void sayBesideOursWhatTheKernelLeavesOfTwoNamespacesSideBySide() throws Exception {
        // C's: 10 : 6.25.
        assertEquals("SAs of both a second; C's ratio: 1.60 (1.60 to 1.60)",
                Targets.of(Recorded.results()).get(14).cases().getFirst().from());
    }

    @Test
    void sayWhenTheVerdictLiesWithinTheSpread() throws Exception {
        List<Target> targets = Targets.of(Recorded.results());

        // 22 : 20, quartiles 21.6 to 22.4 and 19.6 to 20.4: it may as well be 1.14.
        assertTrue(targets.get(0).isClose());
        // 2.9 where 3 is needed, each of two times the same.
        assertFalse(targets.get(13).isClose());
    }
}
