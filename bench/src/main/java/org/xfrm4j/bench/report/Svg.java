package org.xfrm4j.bench.report;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Makes of the SVG that lets-plot draws one that stands in a page and in a file of its own: with names that are the
 * same each
 * time, with a description, and with colours for dark pages.
 */
final class Svg {
    static final String PAPER = "#fdfdfc";
    static final String INK = "#2f2f2f";
    static final String GRID = "#e4e4e2";
    /** Around the chart: lets-plot draws up to the edge, and the last marks beyond it. */
    private static final double MARGIN = 16;

    /** What each colour becomes on a dark page. */
    private static final Map<String, String> DARK = dark();
    private static final Pattern STYLE = Pattern.compile("<style.*?</style>", Pattern.DOTALL);
    private static final Pattern OPENING = Pattern.compile("<svg[^>]*>");
    private static final Pattern NAME = Pattern.compile(" id=\"([^\"]+)\"");
    private static final Pattern DECIMALS = Pattern.compile("(\\d+\\.\\d\\d)\\d+");

    private final String drawn;
    private final double width;
    private final double height;

    /**
     * What lets-plot drew.
     *
     * @param width how wide lets-plot was told to draw it
     * @param height how high
     */
    Svg(String drawn, double width, double height) {
        this.drawn = drawn;
        this.width = width + 2 * MARGIN;
        this.height = height + 2 * MARGIN;
    }

    private static Map<String, String> dark() {
        Map<String, String> dark = new LinkedHashMap<>();
        dark.put(PAPER, "#191b1f");
        // What lets-plot paints behind the signs of the legend.
        dark.put("#ffffff", "#191b1f");
        dark.put(GRID, "#34373d");
        dark.put(INK, "#d9d9d6");
        dark.put(Style.OURS, "#56b4e9");
        dark.put(Style.C, "#f08a3c");
        dark.put(Style.NAIVE, "#35c69a");
        dark.put(Style.OTHER, "#dd94c2");
        dark.put(Style.PLAIN, "#a3a3a0");
        return dark;
    }

    String finish(String id, String description) {
        String style = find(STYLE, drawn);
        String shapes = STYLE.matcher(drawn).replaceFirst("");
        Matcher names = NAME.matcher(drawn);
        for (int number = 1; names.find(); number++) {
            // lets-plot's are different each time; its style sheet, and what is cut off, speak of them.
            String name = id + "-" + number;
            shapes = shapes.replace(" id=\"" + names.group(1) + "\"", " id=\"" + name + "\"")
                    .replace("url(#" + names.group(1) + ")", "url(#" + name + ")");
            style = style.replace("#" + names.group(1) + " ", "#" + name + " ");
        }
        String opening = "<svg xmlns=\"http://www.w3.org/2000/svg\" id=\"%s\" class=\"chart\" role=\"img\" "
                .formatted(id) + "viewBox=\"%.0f %.0f %.0f %.0f\" width=\"%.0f\" height=\"%.0f\">".formatted(-MARGIN,
                -MARGIN, width, height, width, height)
                + "<title>" + HtmlPage.escape(description) + "</title>" + style(id, style)
                + "<rect x=\"%.0f\" y=\"%.0f\" width=\"%.0f\" height=\"%.0f\" fill=\"%s\"/>".formatted(-MARGIN,
                -MARGIN, width, height, PAPER);
        return compact(OPENING.matcher(shapes).replaceFirst(Matcher.quoteReplacement(opening)));
    }

    private static String find(Pattern pattern, String text) {
        Matcher matcher = pattern.matcher(text);
        if (!matcher.find()) {
            throw new IllegalStateException("lets-plot drew no " + pattern);
        }
        return matcher.group();
    }

    /** Its rules of texts, within this chart; what each colour becomes when the page is dark. */
    private static String style(String id, String style) {
        StringBuilder rules = new StringBuilder("<style>#" + id + " text{font-family:system-ui,sans-serif}");
        Matcher rule = Pattern.compile("(#[^{}]* \\.[a-z-]+) *\\{([^}]*)}").matcher(style);
        while (rule.find()) {
            if (!rule.group(1).contains("tooltip") && !rule.group(1).contains("facet")) {
                rules.append(rule.group(1).strip()).append('{').append(rule.group(2)
                        .replaceAll("font-family:[^;]*;", "").replaceAll("\\s+", "")).append('}');
            }
        }
        rules.append("@media (prefers-color-scheme:dark){");
        DARK.forEach((light, dark) -> {
            for (String property : new String[] {"fill", "stroke"}) {
                rules.append("#%s [%s=\"%s\"],#%s [%s=\"%s\"]{%s:%s}".formatted(id, property, light, id, property,
                        rgb(light), property, dark));
            }
        });
        return rules.append('#').append(id).append(" text{fill:").append(DARK.get(INK)).append("!important}}</style>")
                .toString();
    }

    /** The other way in which colours are written. */
    private static String rgb(String hex) {
        int colour = Integer.parseInt(hex.substring(1), 16);
        return "rgb(%d,%d,%d)".formatted(colour >> 16, colour >> 8 & 0xff, colour & 0xff);
    }

    private static String compact(String svg) {
        return DECIMALS.matcher(svg).replaceAll("$1")
                .replaceAll(" clip-bounds-jfx=\"[^\"]*\"", "")
                .replaceAll(">\\s+<", "><").replaceAll("\\s*\\n\\s*", "\n")
                .replace(">\n", ">").replace("\n<", "<").strip();
    }
}
