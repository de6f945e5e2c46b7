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

/** Lines over an axis, with the quartiles of each point. */
final class LineChart implements Chart {
    private static final double WIDTH = 620;
    private static final double HEIGHT = 400;
    /** How far points stand apart, as a part of the axis. */
    private static final double BESIDE = 0.006;

    private final String title;
    private final Axis x;
    private final Axis y;
    private final List<Point> points = new ArrayList<>();
    private final List<Double> levels = new ArrayList<>();

    /** A point, with the quartiles around it. */
    private record Point(Style style, double x, double y, double low, double high) {
    }

    LineChart(String title, Axis x, Axis y) {
        this.title = title;
        this.x = x;
        this.y = y;
    }

    @Override
    public String title() {
        return title;
    }

    /** Two points at least, one beside the other. */
    @Override
    public boolean isDrawn() {
        return points.stream().mapToDouble(Point::x).distinct().count() > 1;
    }

    /** Adds a point to the line of this style. */
    void add(Style style, double at, double value, double low, double high) {
        points.add(new Point(style, at, value, low, high));
    }

    /** A level to compare with. */
    LineChart level(double value) {
        levels.add(value);
        return this;
    }

    private Set<Style> styles() {
        Set<Style> styles = new LinkedHashSet<>();
        points.forEach(point -> styles.add(point.style()));
        return styles;
    }

    @Override
    public String svg(String id) {
        return new Svg(LetsPlot.draw(title, WIDTH, HEIGHT, specification()), WIDTH, HEIGHT).finish(id,
                title + ": " + y.name() + " over " + x.name() + "; "
                        + String.join(", ", styles().stream().map(Style::label).toList()));
    }

    private Map<String, Object> specification() {
        Map<String, Object> legend = legend(Math.min(2, styles().size()));
        return map(
                "data", map("x", column(points, this::besides), "y", column(points, Point::y),
                        "low", column(points, Point::low), "high", column(points, Point::high),
                        "way", column(points, point -> point.style().label())),
                "mapping", map("x", "x", "y", "y", "color", "way", "shape", "way", "linetype", "way"),
                "layers", layers(),
                "scales", list(x.spec("x", points.stream().map(Point::x)),
                        y.spec("y", Stream.concat(levels.stream(), points.stream().flatMap(point ->
                                Stream.of(point.low(), point.high(), point.y())))),
                        byStyle("color", styles(), Style::colour),
                        byStyle("shape", styles(), style -> (double) style.shape()),
                        byStyle("linetype", styles(), Style::dashName)),
                "guides", map("color", legend, "shape", legend, "linetype", legend));
    }

    /** On an axis by powers the lines' points stand beside one another, so that their quartiles can be told apart. */
    private double besides(Point point) {
        List<Style> all = List.copyOf(styles());
        double step = all.indexOf(point.style()) - (all.size() - 1) / 2.0;
        return x.scale() == Axis.Scale.LINEAR ? point.x()
                : point.x() * Math.pow(x.span(points.stream().map(Point::x)), step * BESIDE);
    }

    private List<Object> layers() {
        List<Object> layers = list();
        for (double level : levels) {
            layers.add(map("geom", "hline", "yintercept", level, "color", Style.PLAIN, "size", 0.7,
                    "show_legend", false));
        }
        layers.add(map("geom", "linerange", "mapping", map("ymin", "low", "ymax", "high"), "size", 0.7,
                "alpha", 0.55, "linetype", "solid", "show_legend", false));
        layers.add(map("geom", "line", "size", 0.9));
        layers.add(map("geom", "point", "size", 3.2));
        return layers;
    }
}
