package org.xfrm4j.migrate;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.xfrm4j.sa.SaId;
import org.xfrm4j.wire.MigrateStateDecoder;

/**
 * One plan of a migration, and what became of its moves: the plan that was given, or one that was made by looking
 * again.
 */
final class Pass {
    private static final byte NONE = -1;

    private final int number;
    private final MigrationPlan plan;
    /** By move: the outcome's ordinal, or {@link #NONE}. */
    private final byte[] outcomes;
    /** By move whose SA was left at its parking place: its second leg. */
    private final Map<Integer, Integer> parked = new HashMap<>();

    /** @param number 0 for the plan that was given, then 1, 2, … */
    Pass(int number, MigrationPlan plan) {
        this.number = number;
        this.plan = plan;
        this.outcomes = new byte[plan.sas()];
        Arrays.fill(outcomes, NONE);
    }

    MigrationPlan plan() {
        return plan;
    }

    /** What a group is called in messages to people. */
    String name(int group) {
        return (number == 0 ? "" : "looking again, plan " + number + ", ") + "group " + (group + 1);
    }

    void outcome(int move, Outcome outcome) {
        outcomes[move] = (byte) outcome.ordinal();
    }

    /** Notes that the SA of a move was left at its parking place, from where this leg goes on. */
    void parked(int move, int secondLeg) {
        parked.put(move, secondLeg);
    }

    /** The message that goes on from where the SA of a move was parked, and left; null if it was not. */
    MigrateStateDecoder onFromParking(int move, MigrateStateDecoder decoder) {
        Integer leg = parked.get(move);
        return leg == null ? null : plan.moveTable().forward(leg, decoder);
    }

    /** What became of a move; null when its group was not touched. */
    Outcome outcome(int move) {
        return outcomes[move] == NONE ? null : Outcome.values()[outcomes[move]];
    }

    /** What named the SA before. */
    SaId id(int move) {
        return plan.saTable().id(plan.moveTable().sa(move));
    }
}
