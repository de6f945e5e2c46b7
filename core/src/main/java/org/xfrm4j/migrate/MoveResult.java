package org.xfrm4j.migrate;

import java.util.Objects;
import org.xfrm4j.Refusal;

/**
 * What became of one move.
 *
 * @param move what was asked
 * @param outcome what became of the SA
 * @param refusal the kernel's or the library's reason; null when the SA moved
 * @param warning what the kernel said though it moved the SA; null mostly, since only the last message of a batch is
 *     acknowledged. "Failed to send migration notification" says that nobody listens
 */
public record MoveResult(Move move, Outcome outcome, Refusal refusal, String warning) {
    /** Checks that move and outcome are there. */
    public MoveResult {
        Objects.requireNonNull(move, "move");
        Objects.requireNonNull(outcome, "outcome");
    }

    /** {@return for instance {@code esp spi 0xc0ffee01 → 198.51.100.7: REJECTED, EEXIST (17) …}} */
    @Override
    public String toString() {
        return move.sa() + ": " + outcome + (refusal == null ? "" : ", " + refusal);
    }
}
