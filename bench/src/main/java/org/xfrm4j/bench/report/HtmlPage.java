package org.xfrm4j.bench.report;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.xfrm4j.bench.report.Block.Column;
import org.xfrm4j.bench.report.Block.Details;
import org.xfrm4j.bench.report.Block.Figure;
import org.xfrm4j.bench.report.Block.Points;
import org.xfrm4j.bench.report.Block.Table;
import org.xfrm4j.bench.report.Block.Text;

/** The report as one HTML file, which needs nothing else. It is well-formed XML, too. */
final class HtmlPage {
    private static final String SKELETON = """
            <!DOCTYPE html>
            <html lang="en" xmlns="http://www.w3.org/1999/xhtml">
            <head>
            <meta charset="utf-8"/>
            <meta name="viewport" content="width=device-width, initial-scale=1"/>
            <meta name="color-scheme" content="light dark"/>
            <title>%s</title>
            <style>
            %s</style>
            </head>
            <body>
            <main>
            <h1>%s</h1>
            <nav>%s</nav>
            %s
            </main>
            </body>
            </html>
            """;

    private final String title;
    private final List<Section> sections;
    private final String styleSheet;

    HtmlPage(String title, List<Section> sections, String styleSheet) {
        this.title = title;
        this.sections = sections;
        this.styleSheet = styleSheet;
    }

    String render() {
        String links = sections.stream().map(section -> "<a href=\"#" + section.id() + "\">" + escape(section.title())
                + "</a>").collect(Collectors.joining(" "));
        return SKELETON.formatted(escape(title), styleSheet, escape(title), links,
                sections.stream().map(HtmlPage::section).collect(Collectors.joining("\n")));
    }

    private static String section(Section section) {
        return "<section id=\"" + section.id() + "\">\n<h2>" + escape(section.title()) + "</h2>\n"
                + blocks(section.blocks()) + "</section>";
    }

    /** Charts that follow one another stand side by side. */
    private static String blocks(List<Block> blocks) {
        StringBuilder html = new StringBuilder();
        boolean inCharts = false;
        for (Block block : blocks) {
            boolean isChart = block instanceof Figure;
            if (isChart != inCharts) {
                html.append(isChart ? "<div class=\"charts\">\n" : "</div>\n");
            }
            inCharts = isChart;
            html.append(block(block)).append('\n');
        }
        return html.append(inCharts ? "</div>\n" : "").toString();
    }

    private static String block(Block block) {
        return switch (block) {
            case Text text -> "<p>" + inline(text.text()) + "</p>";
            case Points points -> points.texts().stream().map(text -> "<li>" + inline(text) + "</li>")
                    .collect(Collectors.joining("\n", "<ul>\n", "\n</ul>"));
            case Table table -> table(table);
            case Figure figure -> "<figure>" + figure.chart().svg(figure.name()) + "</figure>";
            case Details details -> "<details><summary>" + inline(details.summary()) + "</summary>\n"
                    + table(details.table()) + "\n</details>";
        };
    }

    private static String table(Table table) {
        StringBuilder html = new StringBuilder("<div class=\"wide\"><table>\n");
        if (!table.caption().isEmpty()) {
            html.append("<caption>").append(inline(table.caption())).append("</caption>\n");
        }
        html.append("<thead><tr>");
        for (Column column : table.columns()) {
            html.append(column.isNumber() ? "<th scope=\"col\" class=\"number\">" : "<th scope=\"col\">")
                    .append(inline(column.name())).append("</th>");
        }
        html.append("</tr></thead>\n<tbody>\n");
        for (List<String> row : table.rows()) {
            html.append("<tr>");
            for (int i = 0; i < row.size(); i++) {
                html.append(cell(i, table.columns().get(i), row.get(i)));
            }
            html.append("</tr>\n");
        }
        return html.append("</tbody>\n</table></div>").toString();
    }

    private static String cell(int index, Column column, String text) {
        String content = inline(text);
        for (Verdict verdict : Verdict.values()) {
            if (text.startsWith(verdict.toString())) {
                content = "<span class=\"" + verdict.name().toLowerCase(Locale.ROOT).replace('_', '-') + "\">"
                        + content + "</span>";
            }
        }
        return index == 0 ? "<th scope=\"row\">" + content + "</th>"
                : (column.isNumber() ? "<td class=\"number\">" : "<td>") + content + "</td>";
    }

    private static String inline(String text) {
        return escape(text).replaceAll("`([^`]*)`", "<code>$1</code>");
    }

    static String escape(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\"", "&quot;");
    }
}
