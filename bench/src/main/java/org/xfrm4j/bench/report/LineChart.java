package org.xfrm4j.bench.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jetbrains.letsPlot.commons.encoding.UnsupportedRGBEncoder;
import org.jetbrains.letsPlot.core.util.PlotSvgExportCommon;

/**
 * Lines over an axis, with the quartiles of each point. Drawn by lets-plot, which is told in the form of its own
 * specifications.
 */
final class LineChart {
    static final double WIDTH = 620;
    static final double HEIGHT = 400;
    /** How far points stand apart, as a part of the axis. */
    private static final double BESIDE = 0.006;

    private final String title;
    private final Axis x;
    private final Axis y;
    private final List<Point> points = new ArrayList<>();
    private final List<Level> levels = new ArrayList<>();

    /** A point, with the quartiles around it. */
    record Point(Style style, double x, double y, double low, double high) {
    }

    private record Level(double y, Style.Dashes dashes) {
    }

    LineChart(String title, Axis x, Axis y) {
        this.title = title;
        this.x = x;
        this.y = y;
    }

    String title() {
        return title;
    }

    /** Whether there is something to see: two points at least, one beside the other. */
    boolean isDrawn() {
        return points.stream().mapToDouble(Point::x).distinct().count() > 1;
    }

    /** Adds a point to the line of this style. */
    void add(Style style, double at, double value, double low, double high) {
        points.add(new Point(style, at, value, low, high));
    }

    /** A level to compare with. */
    LineChart level(double value, Style.Dashes dashes) {
        levels.add(new Level(value, dashes));
        return this;
    }

    private Set<Style> styles() {
        Set<Style> styles = new LinkedHashSet<>();
        points.forEach(point -> styles.add(point.style()));
        return styles;
    }

    /** The chart as SVG; {@code id} must be its own on the page. */
    String svg(String id) {
        String svg = PlotSvgExportCommon.INSTANCE.buildSvgImageFromRawSpecs(specification(), null,
                new UnsupportedRGBEncoder(), false);
        return new Svg(svg).finish(id, description());
    }

    private String description() {
        return title + ": " + y.name() + " over " + x.name() + "; "
                + String.join(", ", styles().stream().map(Style::label).toList());
    }

    private Map<String, Object> specification() {
        return map("kind", "plot",
                "data", data(),
                "mapping", map("x", "x", "y", "y", "color", "way", "shape", "way", "linetype", "way"),
                "layers", layers(),
                "scales", list(x.spec("x", points.stream().map(Point::x)),
                        y.spec("y", Stream.concat(levels.stream().map(Level::y), points.stream().flatMap(point ->
                                Stream.of(point.low(), point.high(), point.y())))),
                        byStyle("color", Style::colour), byStyle("shape", style -> (double) style.shape()),
                        byStyle("linetype", Style::dashName)),
                "guides", map("color", legend(), "shape", legend(), "linetype", legend()),
                "ggtitle", map("text", title),
                "theme", theme(),
                "ggsize", map("width", WIDTH, "height", HEIGHT));
    }

    /** Long labels in two columns, so that none is cut off. */
    private Map<String, Object> legend() {
        return map("name", "legend", "ncol", styles().size() > 2 ? 2.0 : (double) styles().size(), "byrow", true);
    }

    private Map<String, Object> data() {
        return map("x", column(this::besides), "y", column(Point::y), "low", column(Point::low),
                "high", column(Point::high), "way", column(point -> point.style().label()));
    }

    /** On an axis by powers the lines' points stand beside one another, so that their quartiles can be told apart. */
    private double besides(Point point) {
        List<Style> all = List.copyOf(styles());
        double step = all.indexOf(point.style()) - (all.size() - 1) / 2.0;
        return x.scale() == Axis.Scale.LINEAR ? point.x() : point.x() * Math.pow(x.span(points.stream().map(Point::x)),
                step * BESIDE);
    }

    private List<Object> column(Function<Point, Object> value) {
        return new ArrayList<>(points.stream().map(value).toList());
    }

    private List<Object> layers() {
        List<Object> layers = list();
        for (Level level : levels) {
            layers.add(map("geom", "hline", "yintercept", level.y(), "color", Style.PLAIN, "size", 0.7,
                    "linetype", level.dashes().name().toLowerCase(Locale.ROOT), "show_legend", false));
        }
        layers.add(map("geom", "linerange", "mapping", map("ymin", "low", "ymax", "high"), "size", 0.7,
                "alpha", 0.55, "linetype", "solid", "show_legend", false));
        layers.add(map("geom", "line", "size", 0.9));
        layers.add(map("geom", "point", "size", 3.2));
        return layers;
    }

    private Map<String, Object> byStyle(String aesthetic, Function<Style, Object> value) {
        List<Object> labels = new ArrayList<>(styles().stream().map(Style::label).toList());
        return map("aesthetic", aesthetic, "discrete", true, "name", "", "limits", labels,
                "values", new ArrayList<>(styles().stream().map(value).toList()));
    }

    private static Map<String, Object> theme() {
        return map("name", "minimal2", "legend_position", "bottom",
                "plot_background", rectangle(Svg.PAPER), "panel_grid_minor", map("blank", true),
                "text", map("color", Svg.INK, "blank", false),
                "title", map("color", Svg.INK, "size", 15.0, "face", "bold", "blank", false),
                "axis_title", map("color", Svg.INK, "size", 13.0, "face", "plain", "blank", false),
                "axis_text_x", map("angle", 0.0, "blank", false),
                "legend_background", map("blank", true),
                "panel_grid", map("color", Svg.GRID, "size", 1.0, "blank", false));
    }

    private static Map<String, Object> rectangle(String colour) {
        return map("fill", colour, "color", colour, "blank", false);
    }

    /** A map that can be changed, as lets-plot does. */
    private static Map<String, Object> map(Object... entries) {
        Map<String, Object> map = new LinkedHashMap<>();
        for (int i = 0; i < entries.length; i += 2) {
            map.put((String) entries[i], entries[i + 1]);
        }
        return map;
    }

    private static List<Object> list(Object... elements) {
        return new ArrayList<>(List.of(elements));
    }
}
