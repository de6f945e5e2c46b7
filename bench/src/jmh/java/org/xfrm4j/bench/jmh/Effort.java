package org.xfrm4j.bench.jmh;

/** How long is measured. */
enum Effort {
    /** For a claim: three JVMs, with everything else measured in between. */
    FULL(3, 3_000, 3_000),
    /** For a look. */
    QUICK(1, 1_500, 1_500),
    /** Whether it runs at all: in one JVM, with nothing warmed up. */
    SMOKE(1, 0, 0);

    private final int rounds;
    private final int warmUpMillis;
    private final int measuredMillis;

    Effort(int rounds, int warmUpMillis, int measuredMillis) {
        this.rounds = rounds;
        this.warmUpMillis = warmUpMillis;
        this.measuredMillis = measuredMillis;
    }

    /** How many times everything is measured, in a new JVM each time. */
    int rounds() {
        return rounds;
    }

    /** How long, on this processor, if one run takes so long there. */
    Pace pace(Pace.Processor processor, int runMillis) {
        return this == SMOKE ? new Pace(0, 1, 1) : processor.pace(warmUpMillis, measuredMillis, runMillis);
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
