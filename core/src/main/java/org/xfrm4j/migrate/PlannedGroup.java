package org.xfrm4j.migrate;

import org.xfrm4j.policy.Policy;
import org.xfrm4j.wire.MigrateStateDecoder;

/** A group of a plan. Policies become values when they are asked for; moves stay where they are. */
record PlannedGroup(MigrationPlan plan, int group) implements GroupWork {
    @Override
    public boolean outgoing() {
        return plan.groupTable().outgoing()[group];
    }

    @Override
    public int policyCount() {
        return plan.groupTable().policyCount(group);
    }

    @Override
    public Policy original(int policy) {
        return plan.original(plan.groupTable().policy(group, policy));
    }

    @Override
    public Policy changed(int policy) {
        return plan.changed(plan.groupTable().policy(group, policy));
    }

    @Override
    public int moveCount() {
        return plan.groupTable().moveCount(group);
    }

    @Override
    public Legs legs() {
        return plan.moveTable().hasLegs() ? Legs.of(this) : Legs.NO_LEGS;
    }

    /** The move's number in the plan, or that of a leg. */
    int number(int move) {
        return plan.groupTable().move(group, move);
    }

    @Override
    public MigrateStateDecoder forward(int move, MigrateStateDecoder decoder) {
        return plan.moveTable().forward(number(move), decoder);
    }

    @Override
    public MigrateStateDecoder back(int move, MigrateStateDecoder decoder) {
        return plan.moveTable().back(number(move), decoder);
    }
}
