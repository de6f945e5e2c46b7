package org.xfrm4j.migrate;

import org.xfrm4j.wire.MigrateStateEncoder;
import org.xfrm4j.wire.SaDecoder;

/**
 * Says for each SA of a dump whether it moves, and where to. Called for every SA: on the hot path, by the thread that
 * plans or moves. One that keeps nothing, as those of {@link #of}, may serve several threads.
 */
@FunctionalInterface
public interface MoveRule {
    /**
     * Decides about one SA.
     *
     * @param sa the SA as the kernel dumped it; valid during the call
     * @param move a move of this SA that changes nothing: whatever is to change is to be set
     * @return whether it moves
     */
    boolean decide(SaDecoder sa, MigrateStateEncoder move);

    /**
     * A rule made of parts.
     *
     * @param selection which SAs move
     * @param change what becomes of them
     * @return the rule
     */
    static MoveRule of(SaSelection selection, SaChange change) {
        return (sa, move) -> {
            boolean moves = selection.test(sa);
            if (moves) {
                change.apply(sa, move);
            }
            return moves;
        };
    }
}
