package org.xfrm4j.migrate;

import org.xfrm4j.policy.Policy;
import org.xfrm4j.wire.MigrateStateDecoder;

/** A group of which only some moves are left to do. */
record RemainingGroup(GroupWork group, int[] moves) implements GroupWork {
    @Override
    public boolean outgoing() {
        return group.outgoing();
    }

    @Override
    public int policyCount() {
        return group.policyCount();
    }

    @Override
    public Policy original(int policy) {
        return group.original(policy);
    }

    @Override
    public Policy changed(int policy) {
        return group.changed(policy);
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
