package org.xfrm4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

/** How far it is: what is shown when. The time is told, not taken. */
class ProgressTest {
    private static final long SECOND = 1_000_000_000;
    private final StringWriter shown = new StringWriter();

    private Progress progress(boolean terminal) {
        return new Progress(new PrintWriter(shown), "group", terminal, 0);
    }

    @Test
    void tellsALineAtTheBeginningNowAndThenAndAtTheEndInAPipe() {
        Progress progress = progress(false);
        progress.show(1, 4000, SECOND / 10);
        progress.show(500, 4000, SECOND / 2);
        progress.show(2000, 4000, 2 * SECOND);
        progress.show(4000, 4000, 2 * SECOND + 1);
        progress.end();
        assertEquals("""
                1 of 4,000 groups (0 %), 10/s, 6 min 40 s left
                2,000 of 4,000 groups (50 %), 1,000/s, 2 s left
                4,000 of 4,000 groups (100 %), 2,000/s
                """, shown.toString());
    }

    @Test
    void drawsOverABarOnATerminal() {
        Progress progress = progress(true);
        progress.show(1000, 4000, SECOND);
        progress.show(1001, 4000, SECOND + 1);
        progress.show(4000, 4000, 4 * SECOND);
        progress.end();
        assertEquals("\r[#######                       ] 1,000 of 4,000 groups (25 %), 1,000/s, 3 s left\033[K"
                + "\r[##############################] 4,000 of 4,000 groups (100 %), 1,000/s\033[K\n",
                shown.toString());
    }

    @Test
    void oneIsOne() {
        progress(false).show(1, 1, SECOND);
        assertEquals("1 of 1 group (100 %), 1/s\n", shown.toString());
    }

    @Test
    void nothingToDoIsAllDone() {
        progress(false).show(0, 0, 1);
        assertEquals("0 of 0 groups (100 %), 0/s\n", shown.toString());
    }
}
