package org.xfrm4j.migrate;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.xfrm4j.policy.Policy;
import org.xfrm4j.sa.SaId;

/** A plan's groups as values, to be compared. */
record PlanShape(List<Group> groups) {
    /**
     * A group.
     *
     * @param outgoing whether it blocks
     * @param sas what moves, in order; one that goes by way of a parking place where it goes on from there
     * @param policies before and after
     */
    record Group(boolean outgoing, List<SaId> sas, Map<Policy, Policy> policies) {
    }

    static PlanShape of(MigrationPlan plan) {
        Groups groups = plan.groupTable();
        List<Group> all = new ArrayList<>();
        for (int group = 0; group < groups.count(); group++) {
            List<SaId> sas = new ArrayList<>();
            for (int i = 0; i < groups.moveCount(group); i++) {
                int move = groups.move(group, i);
                if (!plan.moveTable().isLeg(move) || plan.moveTable().isSecondLeg(move)) {
                    sas.add(plan.saTable().id(plan.moveTable().sa(move)));
                }
            }
            Map<Policy, Policy> policies = new LinkedHashMap<>();
            for (int i = 0; i < groups.policyCount(group); i++) {
                int policy = groups.policy(group, i);
                policies.put(plan.original(policy), plan.changed(policy));
            }
            all.add(new Group(groups.outgoing()[group], sas, policies));
        }
        return new PlanShape(all);
    }

    /** All policies that change, before and after. */
    Map<Policy, Policy> policies() {
        Map<Policy, Policy> all = new LinkedHashMap<>();
        groups.forEach(group -> all.putAll(group.policies()));
        return all;
    }
}
