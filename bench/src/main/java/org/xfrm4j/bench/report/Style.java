package org.xfrm4j.bench.report;

import java.util.Locale;

/**
 * How a line looks. Colour tells the family, dashes and the shape of the points tell members of it apart, so that
 * nobody
 * needs to see colours. The colours differ for all kinds of colour vision (after Okabe and Ito).
 *
 * @param label what it is called
 * @param colour its colour on a light page
 * @param shape the shape of its points, by the number that ggplot2 and lets-plot give it
 * @param dashes how its line is drawn
 */
record Style(String label, String colour, int shape, Dashes dashes) {
    enum Dashes {
        SOLID, DASHED, DOTTED, LONGDASH
    }

    static final String OURS = "#0072b2";
    static final String C = "#d55e00";
    static final String NAIVE = "#009e73";
    static final String OTHER = "#a64d85";
    static final String PLAIN = "#6b6b6b";

    static final Style XFRM4J = new Style("xfrm4j", OURS, 16, Dashes.SOLID);

    /** The name that lets-plot gives its line. */
    String dashName() {
        return dashes.name().toLowerCase(Locale.ROOT);
    }
}
