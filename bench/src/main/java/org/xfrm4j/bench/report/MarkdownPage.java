package org.xfrm4j.bench.report;

import java.util.List;
import java.util.stream.Collectors;
import org.xfrm4j.bench.report.Block.Details;
import org.xfrm4j.bench.report.Block.Figure;
import org.xfrm4j.bench.report.Block.Points;
import org.xfrm4j.bench.report.Block.Table;
import org.xfrm4j.bench.report.Block.Text;

/** The report as Markdown, its charts in files beside it. */
final class MarkdownPage {
    private final String title;
    private final List<Section> sections;
    private final String folderOfCharts;

    MarkdownPage(String title, List<Section> sections, String folderOfCharts) {
        this.title = title;
        this.sections = sections;
        this.folderOfCharts = folderOfCharts;
    }

    String render() {
        return "# " + title + "\n" + sections.stream().map(section -> "\n## " + section.title() + "\n\n"
                + section.blocks().stream().map(this::block).collect(Collectors.joining("\n\n")) + "\n")
                .collect(Collectors.joining());
    }

    private String block(Block block) {
        return switch (block) {
            case Text text -> text.text();
            case Points points -> points.texts().stream().map(text -> "- " + text).collect(Collectors.joining("\n"));
            case Table table -> table(table);
            case Figure figure -> "![" + figure.chart().title() + "](" + folderOfCharts + "/" + figure.name() + ".svg)";
            case Details details -> "<details><summary>" + details.summary() + "</summary>\n\n" + table(details.table())
                    + "\n\n</details>";
        };
    }

    private static String table(Table table) {
        String head = table.columns().stream().map(column -> cell(column.name())).collect(Collectors.joining(" | "));
        String rule = table.columns().stream().map(column -> column.isNumber() ? "--:" : "---")
                .collect(Collectors.joining(" | "));
        String rows = table.rows().stream().map(row -> "| "
                + row.stream().map(MarkdownPage::cell).collect(Collectors.joining(" | ")) + " |")
                .collect(Collectors.joining("\n"));
        return (table.caption().isEmpty() ? "" : table.caption() + "\n\n") + "| " + head + " |\n| " + rule + " |\n"
                + rows;
    }

    private static String cell(String text) {
        return text.replace("|", "\\|").replace("<", "&lt;");
    }
}
