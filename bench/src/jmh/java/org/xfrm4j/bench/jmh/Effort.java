package org.xfrm4j.bench.jmh;

import org.openjdk.jmh.runner.options.TimeValue;

/** How long is measured. */
enum Effort {
    /** For a claim: three JVMs, with everything else measured in between. */
    FULL(3, new Pace(5, TimeValue.milliseconds(600), 5, TimeValue.milliseconds(600))),
    /** For a look. */
    QUICK(1, new Pace(3, TimeValue.milliseconds(500), 5, TimeValue.milliseconds(300))),
    /** Whether it runs at all: in one JVM, with nothing warmed up. */
    SMOKE(1, new Pace(0, TimeValue.milliseconds(1), 1, TimeValue.milliseconds(1)));

    private final int rounds;
    private final Pace pace;

    Effort(int rounds, Pace pace) {
        this.rounds = rounds;
        this.pace = pace;
    }

    /** How many times everything is measured, in a new JVM each time. */
    int rounds() {
        return rounds;
    }

    /**
     * How long.
     *
     * @param processor on what
     * @param compiled whether what is measured is in C
     */
    Pace pace(Pace.Processor processor, boolean compiled) {
        return this == SMOKE ? pace : pace.on(processor, compiled);
    }

    /** How often something is tried that fails. */
    int attempts() {
        return this == SMOKE ? 1 : 3;
    }

    /** JVMs of their own. */
    int forks() {
        return this == SMOKE ? 0 : 1;
    }
}
