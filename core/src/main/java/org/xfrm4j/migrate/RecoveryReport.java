package org.xfrm4j.migrate;

import java.util.List;

/**
 * What a recovery did.
 *
 * @param groups the state of each group that had begun: {@link GroupState#UNTOUCHED} where somebody else had changed its
 *     policies
 * @param failures what could not be done
 */
public record RecoveryReport(List<GroupState> groups, List<String> failures) {
    /** {@return whether every group is at one place or the other, and none is blocked} */
    public boolean isComplete() {
        return !groups.contains(GroupState.STUCK) && !groups.contains(GroupState.UNTOUCHED);
    }
}
