package org.xfrm4j.bench.report;

import static org.xfrm4j.bench.report.LetsPlot.byStyle;
import static org.xfrm4j.bench.report.LetsPlot.column;
import static org.xfrm4j.bench.report.LetsPlot.legend;
import static org.xfrm4j.bench.report.LetsPlot.list;
import static org.xfrm4j.bench.report.LetsPlot.map;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** Ratios to 1, each with its spread, one below the other. */
final class RatioChart implements Chart {
    private static final double WIDTH = 620;
    private static final double HEIGHT = 120;
    private static final double HEIGHT_OF_ROW = 24;

    private final String title;
    private final Axis axis;
    private final List<Entry> entries = new ArrayList<>();

    private record Entry(Style style, String label, Ratio ratio) {
    }

    RatioChart(String title, Axis axis) {
        this.title = title;
        this.axis = axis;
    }

    /** Adds a ratio, in the row of this label. */
    void add(Style style, String label, Ratio ratio) {
        entries.add(new Entry(style, label, ratio));
    }

    @Override
    public String title() {
        return title;
    }

    @Override
    public boolean isDrawn() {
        return !entries.isEmpty();
    }

    private Set<Style> styles() {
        Set<Style> styles = new LinkedHashSet<>();
        entries.forEach(entry -> styles.add(entry.style()));
        return styles;
    }

    /** The first one at the top. */
    private List<Object> labels() {
        Set<Object> labels = new LinkedHashSet<>();
        entries.reversed().forEach(entry -> labels.add(entry.label()));
        return new ArrayList<>(labels);
    }

    @Override
    public String svg(String id) {
        double height = HEIGHT + HEIGHT_OF_ROW * labels().size();
        return new Svg(LetsPlot.draw(title, WIDTH, height, specification()), WIDTH, height).finish(id,
                title + ": " + axis.name() + "; "
                        + String.join(", ", styles().stream().map(Style::label).toList()));
    }

    private Map<String, Object> specification() {
        Map<String, Object> legend = legend(Math.min(2, styles().size()));
        return map(
                "data", map("of", column(entries, Entry::label), "ratio", column(entries, one -> one.ratio().value()),
                        "low", column(entries, one -> one.ratio().low()),
                        "high", column(entries, one -> one.ratio().high()),
                        "way", column(entries, one -> one.style().label())),
                "mapping", map("x", "of", "y", "ratio", "color", "way", "shape", "way"),
                "coord", map("name", "flip", "flip", true),
                "layers", list(
                        map("geom", "hline", "yintercept", 1.0, "color", Style.PLAIN, "size", 0.7,
                                "show_legend", false),
                        map("geom", "linerange", "mapping", map("ymin", "low", "ymax", "high"), "size", 0.9,
                                "alpha", 0.6, "show_legend", false),
                        map("geom", "point", "size", 3.6)),
                "scales", list(map("aesthetic", "x", "discrete", true, "name", "", "limits", labels()),
                        axis.spec("y", Stream.concat(Stream.of(1.0), entries.stream().flatMap(one ->
                                Stream.of(one.ratio().low(), one.ratio().high(), one.ratio().value())))),
                        byStyle("color", styles(), Style::colour),
                        byStyle("shape", styles(), style -> (double) style.shape())),
                "guides", map("color", legend, "shape", legend));
    }
}
