package org.xfrm4j.event;

import org.xfrm4j.policy.Policy;

/**
 * A policy was deleted by a request (XFRM_MSG_DELPOLICY, group {@link XfrmGroup#POLICY}). One that expired is told by
 * {@link PolicyExpired}, all of a type by {@link PolicyFlushed}.
 *
 * @param origin the request
 * @param policy the policy as it was, without its security context, which the kernel does not tell here
 */
public record PolicyDeleted(Origin origin, Policy policy) implements XfrmEvent {
}
