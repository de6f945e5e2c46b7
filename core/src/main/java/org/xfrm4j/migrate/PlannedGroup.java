package org.xfrm4j.migrate;

import org.xfrm4j.policy.Policy;
import org.xfrm4j.wire.MigrateStateDecoder;
import org.xfrm4j.wire.PolicyDecoder;

/**
 * A group of a plan. Policies become values when they are first asked for, and are kept: each is needed some ten times
 * while its group moves. So this is to be forgotten with the step that it is part of. Moves stay where they are.
 */
final class PlannedGroup implements GroupWork {
    private final MigrationPlan plan;
    private final int group;
    private final Policy[] originals;
    private final Policy[] changed;

    PlannedGroup(MigrationPlan plan, int group) {
        this.plan = plan;
        this.group = group;
        this.originals = new Policy[plan.groupTable().policyCount(group)];
        this.changed = new Policy[originals.length];
    }

    @Override
    public boolean outgoing() {
        return plan.groupTable().outgoing()[group];
    }

    @Override
    public int policyCount() {
        return originals.length;
    }

    @Override
    public Policy original(int policy) {
        if (originals[policy] == null) {
            originals[policy] = plan.original(plan.groupTable().policy(group, policy));
        }
        return originals[policy];
    }

    @Override
    public Policy changed(int policy) {
        if (changed[policy] == null) {
            changed[policy] = plan.changed(plan.groupTable().policy(group, policy), original(policy));
        }
        return changed[policy];
    }

    /** The kernel writes the same policy in the same bytes, mostly: then nothing has to be made of them. */
    @Override
    public boolean isOriginal(int policy, PolicyDecoder found, PolicyDecoder scratch) {
        return plan.policyAt(plan.groupTable().policy(group, policy), scratch).isSameButUsageAndIndex(found)
                || GroupWork.super.isOriginal(policy, found, scratch);
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
