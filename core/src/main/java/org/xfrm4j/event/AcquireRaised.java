package org.xfrm4j.event;

import org.xfrm4j.policy.Acquire;

/**
 * A packet needs an SA that is not there (XFRM_MSG_ACQUIRE, group {@link XfrmGroup#ACQUIRE}).
 *
 * @param origin nobody, also where a request raised it
 * @param acquire what is wanted
 */
public record AcquireRaised(Origin origin, Acquire acquire) implements XfrmEvent {
}
