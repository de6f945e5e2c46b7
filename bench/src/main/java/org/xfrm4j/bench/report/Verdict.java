package org.xfrm4j.bench.report;

/** What became of a target. */
enum Verdict {
    REACHED("reached"), MISSED("missed"), NOT_MEASURED("not measured");

    private final String text;

    Verdict(String text) {
        this.text = text;
    }

    @Override
    public String toString() {
        return text;
    }
}
