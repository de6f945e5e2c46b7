package org.xfrm4j.bench.jmh;

import org.openjdk.jmh.runner.options.TimeValue;

/** How long is measured. */
enum Effort {
    /** For a claim: three JVMs, with everything else measured in between. */
    FULL(3, 5, TimeValue.seconds(1), 5, TimeValue.seconds(1)),
    /** For a look. */
    QUICK(1, 3, TimeValue.milliseconds(500), 5, TimeValue.milliseconds(300)),
    /** Whether it runs at all: in one JVM, with nothing warmed up. */
    SMOKE(1, 0, TimeValue.milliseconds(1), 1, TimeValue.milliseconds(1));

    private final int rounds;
    private final int warmups;
    private final TimeValue warmup;
    private final int measurements;
    private final TimeValue measurement;

    Effort(int rounds, int warmups, TimeValue warmup, int measurements, TimeValue measurement) {
        this.rounds = rounds;
        this.warmups = warmups;
        this.warmup = warmup;
        this.measurements = measurements;
        this.measurement = measurement;
    }

    /** How many times everything is measured, in a new JVM each time. */
    int rounds() {
        return rounds;
    }

    int warmups() {
        return warmups;
    }

    TimeValue warmup() {
        return warmup;
    }

    int measurements() {
        return measurements;
    }

    TimeValue measurement() {
        return measurement;
    }

    /** JVMs of their own. */
    int forks() {
        return this == SMOKE ? 0 : 1;
    }
}
