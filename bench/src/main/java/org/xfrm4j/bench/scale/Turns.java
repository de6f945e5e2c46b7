package org.xfrm4j.bench.scale;

import java.io.IOException;
import java.time.Duration;

/**
 * Rounds in which SAs of one network namespace move, then of two, and so on, and again of one: so all have the same
 * JVM, as warm, and what else the machine does meets all alike.
 */
final class Turns {
    private static final Duration MOST_WARM_UP = Duration.ofSeconds(120);
    private static final long MOST_NANOS = Duration.ofSeconds(30).toNanos();
    /** A run for a look has no more rounds, and does not warm up. */
    private static final int FOR_A_LOOK = 2;

    private final int namespaces;
    private final int rounds;

    /** Moves. */
    interface Round {
        /**
         * All SAs of so many namespaces, to where they are not.
         *
         * @return the time until the last namespace was done, in nanoseconds
         */
        long move(int namespaces) throws Exception;
    }

    /**
     * So many turns.
     *
     * @param namespaces of one namespace up to so many
     * @param rounds so often each, or as often as half a minute allows, but twice
     */
    Turns(int namespaces, int rounds) {
        this.namespaces = namespaces;
        this.rounds = rounds;
    }

    /**
     * Warms up, and prints a line for each round after that.
     *
     * @param sas how many SAs each namespace has
     * @param round does one
     */
    void run(int sas, Round round) throws Exception {
        WarmUp warmUp = new WarmUp(rounds > FOR_A_LOOK ? MOST_WARM_UP : Duration.ZERO);
        while (!warmUp.isOver()) {
            // Only in all at once: the compiler sees the same code, and it takes half the time.
            Result result = once(namespaces, sas, round);
            warmUp.add(result.number("nanoseconds"), result.number("compiler_nanoseconds"));
        }
        long start = System.nanoTime();
        for (int done = 0; done < rounds && (done < 2 || System.nanoTime() - start < MOST_NANOS); done++) {
            for (int count = 1; count <= namespaces; count++) {
                System.out.println(once(count, sas, round).put("round", done).put("warm_up_rounds", warmUp.rounds()));
            }
        }
    }

    private static Result once(int count, int sas, Round round) throws Exception {
        long compiler = CompilerTime.nanos();
        long nanos = round.move(count);
        return new Result().put("namespaces", count).put("nanoseconds", nanos).put("moved", (long) count * sas)
                .put("compiler_nanoseconds", Math.max(0, CompilerTime.nanos() - compiler));
    }
}
