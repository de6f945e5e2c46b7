package org.xfrm4j.bench.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jetbrains.letsPlot.commons.encoding.UnsupportedRGBEncoder;
import org.jetbrains.letsPlot.core.util.PlotSvgExportCommon;

/** Has lets-plot draw, which is told what in maps and lists: its specifications, in JSON's manner. */
final class LetsPlot {
    private LetsPlot() {
    }

    /** Draws, as the charts of the report look. What {@code plot} says goes before. */
    static String draw(String title, double width, double height, Map<String, Object> plot) {
        Map<String, Object> all = map("kind", "plot", "ggtitle", map("text", title), "theme", theme(),
                "ggsize", map("width", width, "height", height));
        all.putAll(plot);
        return PlotSvgExportCommon.INSTANCE.buildSvgImageFromRawSpecs(all, null, new UnsupportedRGBEncoder(), false);
    }

    private static Map<String, Object> theme() {
        return map("name", "minimal2", "legend_position", "bottom",
                "plot_background", map("fill", Svg.PAPER, "color", Svg.PAPER, "blank", false),
                "panel_grid_minor", map("blank", true),
                "text", map("color", Svg.INK, "blank", false),
                "title", map("color", Svg.INK, "size", 15.0, "face", "bold", "blank", false),
                "axis_title", map("color", Svg.INK, "size", 13.0, "face", "plain", "blank", false),
                "axis_text_x", map("angle", 0.0, "blank", false),
                "legend_background", map("blank", true),
                "panel_grid", map("color", Svg.GRID, "size", 1.0, "blank", false));
    }

    /** How each of the lines or kinds of points looks, by the variable {@code way} of the data. */
    static Map<String, Object> byStyle(String aesthetic, Iterable<Style> styles, Function<Style, Object> value) {
        List<Object> labels = list();
        List<Object> values = list();
        styles.forEach(style -> {
            labels.add(style.label());
            values.add(value.apply(style));
        });
        return map("aesthetic", aesthetic, "discrete", true, "name", "", "limits", labels, "values", values);
    }

    /** Long labels in few columns, so that none is cut off. */
    static Map<String, Object> legend(int columns) {
        return map("name", "legend", "ncol", (double) columns, "byrow", true);
    }

    static <T> List<Object> column(List<T> rows, Function<T, Object> value) {
        return new ArrayList<>(rows.stream().map(value).toList());
    }

    /** A map that can be changed, as lets-plot does. */
    static Map<String, Object> map(Object... entries) {
        Map<String, Object> map = new LinkedHashMap<>();
        for (int i = 0; i < entries.length; i += 2) {
            map.put((String) entries[i], entries[i + 1]);
        }
        return map;
    }

    static List<Object> list(Object... elements) {
        return new ArrayList<>(List.of(elements));
    }
}
