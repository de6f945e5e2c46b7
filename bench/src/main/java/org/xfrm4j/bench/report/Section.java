package org.xfrm4j.bench.report;

import java.util.List;
import java.util.Locale;

/**
 * A section of the report.
 *
 * @param title its title
 * @param blocks what it consists of
 */
record Section(String title, List<Block> blocks) {
    /** What a link to it says. */
    String id() {
        return title.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-").replaceAll("^-|-$", "");
    }
}
