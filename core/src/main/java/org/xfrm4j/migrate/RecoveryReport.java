package org.xfrm4j.migrate;

import java.util.List;
import org.xfrm4j.policy.PolicyId;

/**
 * What a recovery did.
 *
 * @param groups the state of each group that was to be recovered: {@link GroupState#MOVED}, {@link
 *     GroupState#TAKEN_BACK} or {@link GroupState#STUCK}
 * @param foreign policies of these groups that somebody else has changed or deleted since: they were left as they are
 * @param failures what could not be done
 * @param neverBegun how many groups of the migration were never begun: they are untouched, and not in the journal
 */
public record RecoveryReport(List<GroupState> groups, List<PolicyId> foreign, List<String> failures, long neverBegun) {
    /** {@return whether every group is at one place or the other with all its policies, and none is blocked} */
    public boolean isComplete() {
        return !groups.contains(GroupState.STUCK) && foreign.isEmpty();
    }
}
