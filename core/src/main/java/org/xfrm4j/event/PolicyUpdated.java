package org.xfrm4j.event;

import org.xfrm4j.policy.Policy;

/**
 * A policy has taken the place of another, or was added where there was none (XFRM_MSG_UPDPOLICY, group {@link
 * XfrmGroup#POLICY}).
 *
 * @param origin the request
 * @param policy the policy, without its security context, which the kernel does not tell here
 */
public record PolicyUpdated(Origin origin, Policy policy) implements XfrmEvent {
}
