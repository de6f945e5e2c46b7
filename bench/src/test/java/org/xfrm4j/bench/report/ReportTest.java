package org.xfrm4j.bench.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

class ReportTest {
    @TempDir
    Path folder;

    private static Document parse(String xml) throws Exception {
        return DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(
                new ByteArrayInputStream(xml.getBytes(StandardCharsets.UTF_8)));
    }

    private static List<Element> elements(Document document, String name) {
        NodeList found = document.getElementsByTagName(name);
        return IntStream.range(0, found.getLength()).mapToObj(found::item).map(Element.class::cast).toList();
    }

    private static List<String> texts(Element row) {
        List<String> texts = new ArrayList<>();
        NodeList cells = row.getChildNodes();
        for (int i = 0; i < cells.getLength(); i++) {
            texts.add(cells.item(i).getTextContent());
        }
        return texts;
    }

    private String html(Results results) throws Exception {
        Report.write(results, Remarks.NONE, folder);
        return Files.readString(folder.resolve(Report.HTML));
    }

    private static List<List<String>> rows(Document page) {
        return elements(page, "tr").stream().map(ReportTest::texts).toList();
    }

    @Test
    void showsTheFiguresAndVerdictsInATable() throws Exception {
        List<List<String>> rows = rows(parse(html(Recorded.results())));

        assertTrue(rows.contains(List.of("encode a bare MIGRATE_STATE message: time to C's", "memory only", "≤ 1.10 ×",
                "1.10 (1.06 to 1.14) ×", "reached, within the spread")), rows.toString());
        assertTrue(rows.contains(List.of("from a dump to a batch without a copy, per SA: bytes allocated",
                "memory only", "≤ 0 B", "24.0 B", "missed")), rows.toString());
        assertTrue(rows.contains(List.of("heap for 1,000,000 SAs by the streaming path", "the embedded kernel",
                "≤ 32.0 MiB", "30.9 MiB", "reached")), rows.toString());
        // Blackout over the size of a group, in µs.
        assertTrue(rows.contains(List.of("4", "3,000 (3,000 to 3,000)", "6,000 (6,000 to 6,000)",
                "9,000 (9,000 to 9,000)")), rows.toString());
        // Throughput over the size of a batch: messages a second, C's, and the ratios.
        assertTrue(rows.contains(List.of("256", "1,000,000", "1,111,111", "0.90 (0.90 to 0.90)", "3.00 (3.00 to 3.00)",
                "–", "–")), rows.toString());
        // Machine and command, with what means something else in HTML.
        assertTrue(rows.contains(List.of("kernel", "Linux version 6.18.0 (one's own & <no other>)")), rows.toString());
        assertTrue(rows.contains(List.of("command", "bench/scale --max 1000000")), rows.toString());
    }

    @Test
    void saysOfEachMissedTargetWhyItIsMissed() throws Exception {
        Report.write(Recorded.results(), new Remarks(Map.of(
                "from a dump to a batch without a copy, per SA: time to C's", "It reads `each` <byte>.",
                "encode a bare MIGRATE_STATE message: time to C's", "Reached, so this is of no interest.")), folder);

        Document page = parse(Files.readString(folder.resolve(Report.HTML)));
        List<String> points = elements(page, "li").stream().map(Element::getTextContent).toList();
        assertTrue(points.contains("from a dump to a batch without a copy, per SA: time to C's (memory only): "
                + "1.50 (1.47 to 1.53) × where ≤ 1.30 × is aimed at. It reads each <byte>."), points.toString());
        assertTrue(points.contains("MIGRATE_STATE end to end: rate to strongSwan's four calls (the full kernel, "
                + "emulated, 10,000 SAs and more): 2.90 (2.90 to 2.90) × where ≥ 3.00 × is aimed at. "
                + "No reason is given."), points.toString());
        assertFalse(page.getDocumentElement().getTextContent().contains("of no interest"));
        assertTrue(Files.readString(folder.resolve(Report.MARKDOWN)).contains("is aimed at. It reads `each` <byte>."));
    }

    @Test
    void needsNothingFromElsewhere() throws Exception {
        String html = html(Recorded.results());
        Document page = parse(html);

        Set<String> ids = new TreeSet<>();
        NodeList all = page.getElementsByTagName("*");
        for (int i = 0; i < all.getLength(); i++) {
            Element element = (Element) all.item(i);
            if (element.hasAttribute("id")) {
                assertTrue(ids.add(element.getAttribute("id")), "two of " + element.getAttribute("id"));
            }
        }
        for (Element link : elements(page, "a")) {
            assertTrue(link.getAttribute("href").startsWith("#"), link.getAttribute("href"));
            assertTrue(ids.contains(link.getAttribute("href").substring(1)), link.getAttribute("href"));
        }
        for (String name : List.of("script", "link", "img", "image", "iframe", "object", "use")) {
            assertEquals(List.of(), elements(page, name));
        }
        // Names of XML's own are no references.
        String without = html.replace("http://www.w3.org/2000/svg", "").replace("http://www.w3.org/1999/xhtml", "")
                .replace("http://www.w3.org/1999/xlink", "");
        assertEquals(-1, without.indexOf("://"), without);
        Matcher references = Pattern.compile("url\\((#?)([^)]*)\\)").matcher(html);
        while (references.find()) {
            assertTrue(references.group(1).equals("#") && ids.contains(references.group(2)), references.group());
        }
    }

    @Test
    void drawsWhatIsMeasuredOverSomething() throws Exception {
        Document page = parse(html(Recorded.results()));

        // Of the full kernel's there is but one number of SAs: a table says it, a line cannot.
        assertEquals(Set.of("transport-1-rate", "transport-1-ratio", "scale-3-spread-time", "scale-3-spread-own",
                "scale-3-blackout", "memory-1"),
                elements(page, "svg").stream().map(svg -> svg.getAttribute("id")).collect(Collectors.toSet()));
        Element chart = elements(page, "svg").stream()
                .filter(svg -> svg.getAttribute("id").equals("scale-3-spread-time")).findFirst().orElseThrow();
        String text = chart.getTextContent();
        for (String part : List.of("Time for an SA: spread, the embedded kernel", "µs for an SA", "10,000", "1,000,000",
                "xfrm4j, from a dump", "strongSwan's four calls, in C", "ip -batch, deletes and adds",
                "prefers-color-scheme:dark")) {
            assertTrue(text.contains(part), part + " in " + text);
        }
    }

    @Test
    void saysWhatWasNotMeasured() throws Exception {
        Path only = Files.createDirectories(folder.resolve("only"));
        Files.copy(Recorded.folder().resolve("scale-full.json"), only.resolve("scale-full.json"));

        String text = parse(html(ResultsReader.read(only))).getDocumentElement().getTextContent();

        for (String said : List.of("Of 24 targets 2 are reached, 2 missed, 20 not measured",
                "Not measured: there are no results of MigrateBenchmark.",
                "Not measured: there are no results of TransportBenchmark.",
                "Not measured: Encoding XFRM_MSG_MIGRATE_STATE, not sent, each message (EncodeBenchmark).",
                "Not measured on the full kernel, emulated: blackout over the size of a group.")) {
            assertTrue(text.contains(said), said + " in " + text);
        }
    }

    @Test
    void saysWhatTheFiguresDoNotShow() throws Exception {
        html(Recorded.results());

        String markdown = Files.readString(folder.resolve(Report.MARKDOWN));
        String limits = markdown.substring(markdown.indexOf("## What this does not show"));
        for (String part : List.of("A system call takes it some 58 µs", "qemu emulates", "offloaded to hardware",
                "few cores, which others use as well")) {
            assertTrue(limits.contains(part), part);
        }
    }

    @Test
    void saysItInMarkdownToo() throws Exception {
        html(Recorded.results());

        String markdown = Files.readString(folder.resolve(Report.MARKDOWN));
        assertTrue(markdown.contains(
                "| 256 | 1,000,000 | 1,111,111 | 0.90 (0.90 to 0.90) | 3.00 (3.00 to 3.00) | – | – |"), markdown);
        Matcher images = Pattern.compile("!\\[[^]]*]\\(([^)]*)\\)").matcher(markdown);
        Set<Path> linked = new TreeSet<>();
        while (images.find()) {
            Path image = folder.resolve(images.group(1));
            assertEquals("svg", parse(Files.readString(image)).getDocumentElement().getTagName());
            linked.add(image);
        }
        try (Stream<Path> drawn = Files.list(folder.resolve(Report.CHARTS))) {
            assertEquals(linked, drawn.collect(Collectors.toCollection(TreeSet::new)));
        }
    }

    @Test
    void isTheSameEachTime() throws Exception {
        assertEquals(html(Recorded.results()), html(Recorded.results()));
    }
}
