package org.xfrm4j.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The report's program, with the class path that {@code bench/report} gives it. */
class ReportIT {
    private static final Path RESULTS = Path.of("src/test/resources/org/xfrm4j/bench/report/results").toAbsolutePath();

    @TempDir
    Path folder;

    private static Script report(Path results, Path to) throws Exception {
        // Of Java only the base: nothing of AWT, which would need fonts, can take part.
        return Script.run(Script.java(), "--limit-modules", "java.base",
                "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn", "-cp",
                Path.of("target/modules").toAbsolutePath() + "/*:" + Path.of("target/report").toAbsolutePath() + "/*",
                "org.xfrm4j.bench.report.Report", results.toString(), to.toString());
    }

    @Test
    void makesThePageWithoutFontsOrWindows() throws Exception {
        Script report = report(RESULTS, folder.resolve("new"));

        assertEquals(0, report.status(), report.output() + report.errors());
        assertEquals("", report.errors());
        assertTrue(report.output().contains("missed        from a dump to a batch without a copy, per SA: time to C's"),
                report.output());
        List<String> lines = report.output().lines().toList();
        assertEquals(List.of(folder.resolve("new/report.html").toString(), folder.resolve("new/report.md").toString()),
                lines.subList(lines.size() - 2, lines.size()));
        assertTrue(Files.readString(folder.resolve("new/report.html")).contains("</svg>"));
        try (Stream<Path> charts = Files.list(folder.resolve("new/charts"))) {
            assertFalse(charts.toList().isEmpty());
        }
    }

    @Test
    void saysWhenThereIsNothingToReport() throws Exception {
        Script report = report(folder, folder);

        assertEquals(1, report.status(), report.output());
        assertEquals("bench/report: " + folder + " has no results of bench/jmh or bench/scale (.json)\n",
                report.errors());
        assertFalse(Files.exists(folder.resolve("report.html")));
    }

    @Test
    void namesTheFileThatIsNoResult() throws Exception {
        Files.writeString(folder.resolve("what.json"), "{}");

        Script report = report(folder, folder);

        assertEquals(1, report.status(), report.output());
        assertTrue(report.errors().startsWith("bench/report: " + folder.resolve("what.json") + ": "), report.errors());
    }

    private void copyResults() throws Exception {
        Files.copy(RESULTS.resolve("scale-full.json"), folder.resolve("scale-full.json"));
    }

    @Test
    void warnsOfRemarksThatAreOutOfDateOrMissing() throws Exception {
        copyResults();
        Files.writeString(folder.resolve("remarks.md"), """
                ## two namespaces on two CPUs: rate to that of one

                The kernel leaves no more.
                """);

        Script report = report(folder, folder);

        assertEquals(0, report.status(), report.output() + report.errors());
        assertTrue(report.errors().contains("bench/report: remarks.md: is reached, so the remark on it is out of date: "
                + "two namespaces on two CPUs: rate to that of one\n"), report.errors());
        assertTrue(report.errors().contains("bench/report: remarks.md: is missed, and no remark says why: MIGRATE_"),
                report.errors());
    }

    @Test
    void namesTheRemarkThatIsOnNoTarget() throws Exception {
        copyResults();
        Files.writeString(folder.resolve("remarks.md"), "## speed\n\nIt is slow.\n");

        Script report = report(folder, folder);

        assertEquals(1, report.status(), report.output());
        assertEquals("bench/report: remarks.md: there is no target \"speed\"\n", report.errors());
        assertFalse(Files.exists(folder.resolve("report.html")));
    }

    @Test
    void refusesWrongUsage() throws Exception {
        for (String[] wrong : new String[][] {{"--to"}, {"--bogus"}, {"one", "two"}, {"no-such-folder"}}) {
            Script script = Script.run("report", wrong);
            assertEquals(2, script.status(), script.output());
            assertTrue(script.errors().startsWith("bench/report: "), script.errors());
        }
    }
}
