package org.xfrm4j.migrate;

import org.xfrm4j.policy.Policy;
import org.xfrm4j.wire.MigrateStateDecoder;
import org.xfrm4j.wire.PolicyDecoder;

/** What is to be done for one group, and how it is undone: from a plan, or from the journal of one. */
interface GroupWork {
    /** Whether packets leave by its policies, so that these have to block meanwhile. */
    boolean outgoing();

    int policyCount();

    /** A policy as it was before. */
    Policy original(int policy);

    /** The same policy after the moves. */
    Policy changed(int policy);

    /**
     * Whether a policy that the kernel has is the one that was there before, whatever it has counted since.
     *
     * @param found where the kernel put it
     * @param scratch may be pointed elsewhere
     */
    default boolean isOriginal(int policy, PolicyDecoder found, PolicyDecoder scratch) {
        return PolicyCheck.isSame(original(policy), Policy.from(found));
    }

    int moveCount();

    /** Points a decoder at a move. */
    MigrateStateDecoder forward(int move, MigrateStateDecoder decoder);

    /** Points a decoder at the move that takes it back. */
    MigrateStateDecoder back(int move, MigrateStateDecoder decoder);

    /** Which of its moves are two legs of one SA's way. */
    default Legs legs() {
        return Legs.of(this);
    }

    /**
     * Whether nothing else of the group was done before. If it was, to undo this alone does not take the group back:
     * then a group of which something could not be done is left blocking.
     */
    default boolean isWhole() {
        return true;
    }
}
