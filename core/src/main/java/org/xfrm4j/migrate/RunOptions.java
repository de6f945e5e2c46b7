package org.xfrm4j.migrate;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/**
 * How a plan is run.
 *
 * @param blocking whether policies of outgoing packets block while their SAs move. Without it the kernel may ask for SAs
 *     meanwhile, and a policy that somebody removes in the same moment lets packets out in cleartext
 * @param verify whether all SAs are read back and compared at the end
 * @param hold how long one transmission may hold the kernel's lock, during which it serves nobody else in the namespace, an
 *     IKE daemon for instance; the number of messages follows from what is measured
 * @param journal where to write down what undoes each group before it is touched, so that a crash can be recovered from;
 *     the file must not exist
 */
public record RunOptions(boolean blocking, boolean verify, Duration hold, Optional<Path> journal) {
    /** Blocking, verifying, at most 5 ms at a time, no journal. */
    public static final RunOptions DEFAULT = new RunOptions(true, true, Duration.ofMillis(5), Optional.empty());

    /**
     * Checks the time.
     *
     * @throws IllegalArgumentException if it is not positive
     */
    public RunOptions {
        Objects.requireNonNull(journal, "journal");
        if (hold.isNegative() || hold.isZero()) {
            throw new IllegalArgumentException("hold: " + hold + " is not positive");
        }
    }

    /** {@return these options, without blocking} */
    public RunOptions withoutBlocking() {
        return new RunOptions(false, verify, hold, journal);
    }

    /** {@return these options, without reading back} */
    public RunOptions withoutVerifying() {
        return new RunOptions(blocking, false, hold, journal);
    }

    /** {@return these options, with another bound for one transmission} */
    public RunOptions withHold(Duration other) {
        return new RunOptions(blocking, verify, other, journal);
    }

    /** {@return these options, with a journal} */
    public RunOptions withJournal(Path file) {
        return new RunOptions(blocking, verify, hold, Optional.of(file));
    }
}
