package org.xfrm4j.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.xfrm4j.text.Plural;

/**
 * Shows how far something is: on a terminal a bar with rate and time left that is drawn over, else a line now and then.
 */
final class Progress {
    private static final int BAR = 30;
    private static final long ON_TERMINAL = 100_000_000;
    private static final long IN_PIPE = 1_000_000_000;

    private final PrintWriter err;
    private final String what;
    private final boolean terminal;
    private final long start;
    private long shown;
    private boolean begun;
    private boolean drawn;

    /** Of what there are so many, in the singular. */
    Progress(PrintWriter err, String what, boolean terminal, long now) {
        this.err = err;
        this.what = what;
        this.terminal = terminal;
        this.start = now;
        this.shown = now;
    }

    /** Whether standard error is a terminal. The JDK tells that of standard input and output only. */
    static boolean isTerminal() {
        try {
            String file = Files.readSymbolicLink(Path.of("/proc/self/fd/2")).toString();
            return file.startsWith("/dev/pts/") || file.startsWith("/dev/tty") || file.equals("/dev/console");
        } catch (IOException unknown) {
            return false;
        }
    }

    /** So much is done; {@code now} as {@link System#nanoTime} gives it. */
    void show(long done, long all, long now) {
        if (begun && now - shown < (terminal ? ON_TERMINAL : IN_PIPE) && done < all) {
            return;
        }
        begun = true;
        shown = now;
        if (terminal) {
            err.print('\r' + bar(done, all, now - start) + "\033[K");
            drawn = true;
        } else {
            err.println(line(done, all, now - start));
        }
        err.flush();
    }

    /** Leaves the bar's line. */
    void end() {
        if (drawn) {
            err.println();
            err.flush();
        }
    }

    private String bar(long done, long all, long nanos) {
        int full = all == 0 ? BAR : (int) (done * BAR / all);
        return '[' + "#".repeat(full) + " ".repeat(BAR - full) + "] " + line(done, all, nanos);
    }

    String line(long done, long all, long nanos) {
        double rate = nanos <= 0 ? 0 : done * 1e9 / nanos;
        long left = rate == 0 ? 0 : (long) Math.ceil((all - done) / rate);
        return String.format(Locale.ROOT, "%,d of %s (%d %%), %,.0f/s%s", done, Plural.grouped(all, what),
                all == 0 ? 100 : done * 100 / all, rate, done == all || rate == 0 ? "" : ", " + time(left) + " left");
    }

    private static String time(long seconds) {
        return seconds < 60 ? seconds + " s" : seconds < 3600 ? seconds / 60 + " min " + seconds % 60 + " s"
                : seconds / 3600 + " h " + seconds % 3600 / 60 + " min";
    }
}
