package org.xfrm4j.bench.report;

/** Something drawn. */
interface Chart {
    String title();

    /** Whether there is something to see. */
    boolean isDrawn();

    /** The chart as SVG; {@code id} must be its own on the page. */
    String svg(String id);
}
