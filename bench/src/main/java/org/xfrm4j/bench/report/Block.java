package org.xfrm4j.bench.report;

import java.util.List;

/** A part of a section. In texts, what stands between backquotes is code. */
sealed interface Block {
    /** A paragraph. */
    record Text(String text) implements Block {
    }

    /** Points, one below the other. */
    record Points(List<String> texts) implements Block {
    }

    /**
     * A table; in its first column stand words, in the others what the column says.
     *
     * @param caption what it shows
     * @param columns the heads of the columns
     * @param rows the rows, each of as many texts as there are columns
     */
    record Table(String caption, List<Column> columns, List<List<String>> rows) implements Block {
        public Table {
            for (List<String> row : rows) {
                if (row.size() != columns.size()) {
                    throw new IllegalArgumentException(row + " in a table of " + columns.size() + " columns");
                }
            }
        }
    }

    /**
     * A column's head.
     *
     * @param name what it shows, with its unit
     * @param isNumber whether its texts are numbers
     */
    record Column(String name, boolean isNumber) {
        static Column text(String name) {
            return new Column(name, false);
        }

        static Column number(String name) {
            return new Column(name, true);
        }
    }

    /** A chart, whose file in the Markdown form has this name. */
    record Figure(String name, Chart chart) implements Block {
    }

    /** What only those read who want to check. */
    record Details(String summary, Table table) implements Block {
    }
}
