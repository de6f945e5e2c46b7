package org.xfrm4j.event;

import org.xfrm4j.sa.SecurityAssociation;

/**
 * An SA has reached a limit (XFRM_MSG_EXPIRE, group {@link XfrmGroup#EXPIRE}).
 *
 * @param origin of an expiry by request the port; otherwise nobody
 * @param sa the SA with its limits and usage, but without algorithms, sequence numbers and encapsulation, which the
 *     kernel does not tell; larval where nobody answered an acquire
 * @param hard whether it was deleted; otherwise it was the soft limit, and a new SA should be negotiated
 */
public record SaExpired(Origin origin, SecurityAssociation sa, boolean hard) implements XfrmEvent {
}
