package org.xfrm4j.migrate;

import org.xfrm4j.wire.MigrateStateDecoder;
import org.xfrm4j.wire.PolicyDecoder;

/** A group of a plan. Policies and moves stay where they are. */
final class PlannedGroup implements GroupWork {
    private final MigrationPlan plan;
    private final PlannedPolicies policies;
    private final int group;

    /** @param policies the plan's; groups may share it */
    PlannedGroup(MigrationPlan plan, PlannedPolicies policies, int group) {
        this.plan = plan;
        this.policies = policies;
        this.group = group;
    }

    @Override
    public boolean outgoing() {
        return plan.groupTable().outgoing()[group];
    }

    @Override
    public int policyCount() {
        return plan.groupTable().policyCount(group);
    }

    private int policyNumber(int policy) {
        return plan.groupTable().policy(group, policy);
    }

    @Override
    public PolicyDecoder original(int policy, PolicyDecoder decoder) {
        return policies.original(policyNumber(policy), decoder);
    }

    @Override
    public PolicyDecoder changed(int policy, PolicyDecoder decoder) {
        return policies.changed(policyNumber(policy), decoder);
    }

    @Override
    public boolean isRenamed(int policy) {
        return policies.isRenamed(policyNumber(policy));
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
