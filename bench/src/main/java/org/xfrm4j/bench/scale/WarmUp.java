package org.xfrm4j.bench.scale;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Tells when a JVM is warm: when its compiler has been quiet for some time. Where every CPU has a measured thread, what
 * the compiler takes is taken from those, so a fixed number of rounds will not do: how many it takes differs from run
 * to run.
 */
final class WarmUp {
    private static final long QUIET_NANOS = Duration.ofSeconds(5).toNanos();
    /** So much of one CPU at most is quiet. */
    private static final double QUIET_PART = 0.02;

    /** A round. */
    private record Spent(long nanos, long compilerNanos) {
    }

    private final long mostNanos;
    private final Deque<Spent> last = new ArrayDeque<>();
    private long nanos;
    private long nanosOfLast;
    private long compilerOfLast;
    private int rounds;

    /** Nothing done yet; at most so long. */
    WarmUp(Duration most) {
        mostNanos = most.toNanos();
    }

    /** A round was done. */
    void add(long roundNanos, long compilerNanos) {
        rounds++;
        nanos += roundNanos;
        last.addLast(new Spent(roundNanos, compilerNanos));
        nanosOfLast += roundNanos;
        compilerOfLast += compilerNanos;
        // As few rounds as are long enough together.
        while (nanosOfLast - last.getFirst().nanos >= QUIET_NANOS) {
            Spent first = last.removeFirst();
            nanosOfLast -= first.nanos;
            compilerOfLast -= first.compilerNanos;
        }
    }

    /** Whether the compiler has been quiet long enough, or the time is over. */
    boolean isOver() {
        return nanos >= mostNanos
                || nanosOfLast >= QUIET_NANOS && compilerOfLast <= QUIET_PART * nanosOfLast;
    }

    int rounds() {
        return rounds;
    }
}
