package org.xfrm4j.event;

import org.xfrm4j.policy.PolicyType;

/**
 * All policies of a type were deleted, but those of sockets (XFRM_MSG_FLUSHPOLICY, group {@link XfrmGroup#POLICY}). Not
 * told where there was none.
 *
 * @param origin the request
 * @param type which
 */
public record PolicyFlushed(Origin origin, PolicyType type) implements XfrmEvent {
}
