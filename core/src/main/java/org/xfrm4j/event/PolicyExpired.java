package org.xfrm4j.event;

import org.xfrm4j.policy.Policy;

/**
 * A policy has reached a limit (XFRM_MSG_POLEXPIRE, group {@link XfrmGroup#EXPIRE}).
 *
 * @param origin of an expiry by request the port; otherwise nobody
 * @param policy the policy
 * @param hard whether it was deleted; otherwise it was the soft limit
 */
public record PolicyExpired(Origin origin, Policy policy, boolean hard) implements XfrmEvent {
}
