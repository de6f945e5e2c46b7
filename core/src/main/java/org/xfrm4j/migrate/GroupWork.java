package org.xfrm4j.migrate;

import org.xfrm4j.policy.Policy;
import org.xfrm4j.wire.MigrateStateDecoder;
import org.xfrm4j.wire.PolicyDecoder;

/** What is to be done for one group, and how it is undone: from a plan, or from the journal of one. */
interface GroupWork {
    /** Whether packets leave by its policies, so that these have to block meanwhile. */
    boolean outgoing();

    int policyCount();

    /** Points a decoder at a policy as it was before. */
    PolicyDecoder original(int policy, PolicyDecoder decoder);

    /** Points a decoder at the same policy after the moves; until this is asked for another one. */
    PolicyDecoder changed(int policy, PolicyDecoder decoder);

    /** Whether the policy gets another selector, by which it is named. */
    boolean isRenamed(int policy);

    /** A policy as it was before, as a value. */
    default Policy original(int policy) {
        return Policy.from(original(policy, new PolicyDecoder()));
    }

    /** The same policy after the moves, as a value. */
    default Policy changed(int policy) {
        return Policy.from(changed(policy, new PolicyDecoder()));
    }

    /**
     * Whether a policy that the kernel has is the one that was there before, whatever it has counted since. The kernel
     * writes the same policy in the same bytes, mostly: then nothing has to be made of them.
     *
     * @param found where the kernel put it
     * @param scratch may be pointed elsewhere
     */
    default boolean isOriginal(int policy, PolicyDecoder found, PolicyDecoder scratch) {
        return original(policy, scratch).isSameButUsageAndIndex(found)
                || PolicyCheck.isSame(original(policy), Policy.from(found));
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
