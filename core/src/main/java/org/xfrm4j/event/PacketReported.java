package org.xfrm4j.event;

import org.xfrm4j.sa.IpAddress;
import org.xfrm4j.sa.Protocol;
import org.xfrm4j.sa.Selector;

/**
 * Mobile IPv6: a packet came by route optimization that no policy permits (XFRM_MSG_REPORT, group {@link
 * XfrmGroup#REPORT}).
 *
 * @param origin nobody
 * @param protocol {@link Protocol#DSTOPTS} or {@link Protocol#ROUTING}
 * @param selector the packet
 * @param careOfAddress the sender's care-of address; null where it was not told
 */
public record PacketReported(Origin origin, Protocol protocol, Selector selector, IpAddress careOfAddress)
        implements XfrmEvent {
}
