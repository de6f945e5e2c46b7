package org.xfrm4j.bench.report;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Makes a page, in HTML and in Markdown, of the raw results in a folder. Started by {@code bench/report}. */
public final class Report {
    static final String HTML = "report.html";
    static final String MARKDOWN = "report.md";
    static final String CHARTS = "charts";
    private static final String TITLE = "xfrm4j: what was measured";

    private Report() {
    }

    /**
     * Makes the report.
     *
     * @param args the folder with the raw results, and the one where the report shall be
     * @throws IOException if something cannot be read or written
     */
    public static void main(String[] args) throws IOException {
        Path from = Path.of(args[0]);
        Path to = Path.of(args[1]);
        Results results;
        Remarks remarks;
        List<String> misfits;
        try {
            results = ResultsReader.read(from);
            remarks = Remarks.read(from);
            misfits = remarks.misfits(Targets.of(results));
        } catch (IOException wrong) {
            System.err.println("bench/report: " + wrong.getMessage());
            System.exit(1);
            return;
        }
        if (results.runs().isEmpty()) {
            System.err.println("bench/report: " + from + " has no results of bench/jmh or bench/scale (.json)");
            System.exit(1);
        }
        write(results, remarks, to);
        for (Target target : Targets.of(results)) {
            System.out.printf("%-14s%s%n", target.verdict(), target.name());
        }
        // Who measures for himself has no remarks, and does not miss them.
        if (!remarks.equals(Remarks.NONE)) {
            misfits.forEach(misfit -> System.err.println("bench/report: " + Remarks.FILE + ": " + misfit));
        }
        System.out.println(to.resolve(HTML) + "\n" + to.resolve(MARKDOWN));
    }

    static void write(Results results, Remarks remarks, Path to) throws IOException {
        List<Section> sections = sections(results, remarks);
        Path charts = Files.createDirectories(to.resolve(CHARTS));
        for (Section section : sections) {
            for (Block block : section.blocks()) {
                if (block instanceof Block.Figure figure) {
                    Files.writeString(charts.resolve(figure.name() + ".svg"), figure.chart().svg(figure.name()) + "\n");
                }
            }
        }
        Files.writeString(to.resolve(HTML), new HtmlPage(TITLE, sections, styleSheet()).render());
        Files.writeString(to.resolve(MARKDOWN), new MarkdownPage(TITLE, sections, CHARTS).render());
    }

    static List<Section> sections(Results results, Remarks remarks) {
        return List.of(new TargetsSection(Targets.of(results), results.runs(), remarks).section(),
                new BatchSection(results, "Migration by MIGRATE_STATE", "MigrateBenchmark", "SAs").section(
                        "Real SAs move from one gateway address to another and back. Points are medians, bars the "
                                + "quartiles."),
                new BatchSection(results, "Transport", "TransportBenchmark", "messages").section(
                        "Requests that any kernel knows: policies that are replaced, and look-ups of SAs that are not "
                                + "there, each of which the kernel refuses. Points are medians, bars the quartiles."),
                new ScaleSection(results).section(), new MemorySection(results).section(),
                new RunsSection(results).section(), LimitsSection.section(), new RawSection(results).section());
    }

    private static String styleSheet() throws IOException {
        try (InputStream in = Report.class.getResourceAsStream("report.css")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
