package org.xfrm4j.migrate;

import org.xfrm4j.wire.MigrateStateDecoder;
import org.xfrm4j.wire.PolicyDecoder;

/**
 * The policies of a plan as they are, and as they are after the moves: of the latter the plan does not keep the bytes,
 * they are made here of those that the kernel dumped, one at a time. One thread may use it.
 */
final class PlannedPolicies {
    private final SaTable sas;
    private final MoveTable moves;
    private final PolicyTable policies;
    private final PolicyEnds policyEnds = new PolicyEnds();
    private final MoveEnds ends = new MoveEnds();
    private final PolicyDecoder original = new PolicyDecoder();
    private final MigrateStateDecoder move = new MigrateStateDecoder();

    PlannedPolicies(SaTable sas, MoveTable moves, PolicyTable policies) {
        this.sas = sas;
        this.moves = moves;
        this.policies = policies;
    }

    /** Points a decoder at a policy as the kernel dumped it. */
    PolicyDecoder original(int policy, PolicyDecoder decoder) {
        return policies.at(policy, decoder);
    }

    /** Points a decoder at the policy after the moves that its templates follow; until the next one is asked for. */
    PolicyDecoder changed(int policy, PolicyDecoder decoder) {
        if (policies.isKept(policy)) {
            return policies.changedAt(policy, decoder);
        }
        policyEnds.begin(policies.at(policy, original));
        for (int template = 0; template < original.templateCount(); template++) {
            int its = policies.templateMove(policy, template);
            policyEnds.next(its == PolicyTable.NONE ? null : ends.of(sas, moves.sa(its), moves.forward(its, move)));
        }
        PolicyDecoder changed = policyEnds.policy();
        return decoder.wrap(changed.segment(), changed.offset(), changed.length());
    }

    /** Whether the policy gets another selector, by which it is named. */
    boolean isRenamed(int policy) {
        return policies.isRenamed(policy);
    }
}
