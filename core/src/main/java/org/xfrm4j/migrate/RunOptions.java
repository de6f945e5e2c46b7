package org.xfrm4j.migrate;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/**
 * How a plan is run.
 *
 * @param blocking whether policies of outgoing packets block while their SAs move. Without it the kernel may ask for
 *     SAs meanwhile, and a policy that somebody removes in the same moment lets packets out in cleartext
 * @param verify whether all SAs are read back and compared at the end
 * @param hold how long one transmission may hold the kernel's lock, during which it serves nobody else in the
 *     namespace, an IKE daemon for instance; the number of messages follows from what is measured
 * @param looks how often at most to look again afterwards, for SAs that others added with the old addresses meanwhile;
 *     a look that finds none is the last. Each costs a dump of all SAs; 0 to not look
 * @param journal where to write down what undoes each group before it is touched, so that a crash can be recovered
 *     from; the file must not exist
 */
public record RunOptions(boolean blocking, boolean verify, Duration hold, int looks, Optional<Path> journal) {
    private static final int LOOKS = 3;

    /** Blocking, verifying, at most 5 ms at a time, looking again at most three times, no journal. */
    public static final RunOptions DEFAULT = new RunOptions(true, true, Duration.ofMillis(5), LOOKS, Optional.empty());

    /**
     * Checks the numbers.
     *
     * @throws IllegalArgumentException if the time is not positive, or the number of looks negative
     */
    public RunOptions {
        Objects.requireNonNull(journal, "journal");
        if (hold.isNegative() || hold.isZero()) {
            throw new IllegalArgumentException("hold: " + hold + " is not positive");
        }
        if (looks < 0) {
            throw new IllegalArgumentException("looks: " + looks + " is negative");
        }
    }

    /** {@return these options, without blocking} */
    public RunOptions withoutBlocking() {
        return new RunOptions(false, verify, hold, looks, journal);
    }

    /** {@return these options, without reading back} */
    public RunOptions withoutVerifying() {
        return new RunOptions(blocking, false, hold, looks, journal);
    }

    /** {@return these options, with another bound for one transmission} */
    public RunOptions withHold(Duration other) {
        return new RunOptions(blocking, verify, other, looks, journal);
    }

    /** {@return these options, looking again so often at most} */
    public RunOptions withLooks(int times) {
        return new RunOptions(blocking, verify, hold, times, journal);
    }

    /** {@return these options, with a journal} */
    public RunOptions withJournal(Path file) {
        return new RunOptions(blocking, verify, hold, looks, Optional.of(file));
    }
}
