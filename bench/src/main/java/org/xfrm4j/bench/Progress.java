package org.xfrm4j.bench;

/** A line on the terminal that says how far things are; silent where there is no terminal. */
final class Progress {
    private static final int STEPS = 50;
    private static final String CLEAR_LINE = "\r\033[K";

    private final boolean shown;

    Progress(boolean shown) {
        this.shown = shown;
    }

    void show(String what, int done, int all) {
        if (shown && done % Math.max(1, all / STEPS) == 0) {
            System.out.printf("%s%s %d %%", CLEAR_LINE, what, 100L * done / all);
            System.out.flush();
        }
    }

    void clear() {
        if (shown) {
            System.out.print(CLEAR_LINE);
            System.out.flush();
        }
    }
}
