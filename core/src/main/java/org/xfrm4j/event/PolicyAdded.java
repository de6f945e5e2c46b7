package org.xfrm4j.event;

import org.xfrm4j.policy.Policy;

/**
 * A policy was added (XFRM_MSG_NEWPOLICY, group {@link XfrmGroup#POLICY}).
 *
 * @param origin the request
 * @param policy the policy, without its security context, which the kernel does not tell here
 */
public record PolicyAdded(Origin origin, Policy policy) implements XfrmEvent {
}
