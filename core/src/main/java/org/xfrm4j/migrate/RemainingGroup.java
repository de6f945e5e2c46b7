package org.xfrm4j.migrate;

import org.xfrm4j.wire.MigrateStateDecoder;
import org.xfrm4j.wire.PolicyDecoder;

/**
 * What is left to do of a group.
 *
 * @param policies which of its policies
 * @param moves which of its moves
 * @param isWhole whether none of the others was made
 */
record RemainingGroup(GroupWork group, int[] policies, int[] moves, boolean isWhole) implements GroupWork {
    @Override
    public boolean outgoing() {
        return group.outgoing();
    }

    @Override
    public int policyCount() {
        return policies.length;
    }

    @Override
    public PolicyDecoder original(int policy, PolicyDecoder decoder) {
        return group.original(policies[policy], decoder);
    }

    @Override
    public PolicyDecoder changed(int policy, PolicyDecoder decoder) {
        return group.changed(policies[policy], decoder);
    }

    @Override
    public boolean isRenamed(int policy) {
        return group.isRenamed(policies[policy]);
    }

    @Override
    public int moveCount() {
        return moves.length;
    }

    @Override
    public MigrateStateDecoder forward(int move, MigrateStateDecoder decoder) {
        return group.forward(moves[move], decoder);
    }

    @Override
    public MigrateStateDecoder back(int move, MigrateStateDecoder decoder) {
        return group.back(moves[move], decoder);
    }
}
