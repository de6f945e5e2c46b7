package org.xfrm4j.migrate;

import java.util.Optional;
import org.xfrm4j.Xfrm;
import org.xfrm4j.policy.Policy;
import org.xfrm4j.policy.PolicyId;
import org.xfrm4j.sa.Usage;

/** Looks whether the policies of a group still are as they were planned with: an IKE daemon may have changed them. */
final class PolicyCheck {
    private final Xfrm xfrm;

    PolicyCheck(Xfrm xfrm) {
        this.xfrm = xfrm;
    }

    /** What is different; null when nothing is. */
    String differs(GroupWork work) {
        for (int i = 0; i < work.policyCount(); i++) {
            Policy planned = work.original(i);
            Optional<Policy> now = xfrm.policies().get(planned.id());
            if (now.isEmpty()) {
                return "policy " + planned.id() + " is no longer there";
            }
            if (!isSame(planned, now.get())) {
                return "policy " + planned.id() + " is no longer as planned";
            }
            PolicyId becomes = work.changed(i).id();
            if (!becomes.equals(planned.id()) && xfrm.policies().get(becomes).isPresent()) {
                return "policy " + planned.id() + " becomes " + becomes + ", which there is already";
            }
        }
        return null;
    }

    /**
     * Whether two are the same in all that is written, not in what they count, nor in the index: the kernel gives a
     * policy another one where that which is asked for is taken.
     */
    static boolean isSame(Policy one, Policy other) {
        return withoutUsage(one).equals(withoutUsage(other));
    }

    private static Policy withoutUsage(Policy policy) {
        return policy.toBuilder().usage(Usage.NONE).index(0).build();
    }
}
