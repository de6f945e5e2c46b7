package org.xfrm4j.migrate;

import org.xfrm4j.wire.MigrateStateDecoder;
import org.xfrm4j.wire.PolicyDecoder;

/** A group the other way round: from what it should have become to what it was, last move first. */
record ReversedGroup(GroupWork group) implements GroupWork {
    @Override
    public boolean outgoing() {
        return group.outgoing();
    }

    @Override
    public int policyCount() {
        return group.policyCount();
    }

    @Override
    public PolicyDecoder original(int policy, PolicyDecoder decoder) {
        return group.changed(policy, decoder);
    }

    @Override
    public PolicyDecoder changed(int policy, PolicyDecoder decoder) {
        return group.original(policy, decoder);
    }

    @Override
    public boolean isRenamed(int policy) {
        return group.isRenamed(policy);
    }

    @Override
    public int moveCount() {
        return group.moveCount();
    }

    private int mirrored(int move) {
        return group.moveCount() - 1 - move;
    }

    @Override
    public MigrateStateDecoder forward(int move, MigrateStateDecoder decoder) {
        return group.back(mirrored(move), decoder);
    }

    @Override
    public MigrateStateDecoder back(int move, MigrateStateDecoder decoder) {
        return group.forward(mirrored(move), decoder);
    }
}
