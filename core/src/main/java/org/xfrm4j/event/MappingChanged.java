package org.xfrm4j.event;

import org.xfrm4j.sa.IpAddress;
import org.xfrm4j.sa.SaId;

/**
 * ESP in UDP came from another address or port than the SA has: a NAT has changed its mind (XFRM_MSG_MAPPING, group
 * {@link XfrmGroup#MAPPING}). The kernel leaves the SA as it is. Without a {@code mappingThreshold} it tells this for
 * each packet.
 *
 * @param origin nobody
 * @param sa what names the SA, but for its mark, which the kernel does not tell
 * @param reqid the SA's reqid
 * @param oldSource the source that the SA has
 * @param oldSourcePort the source port that the SA has
 * @param newSource the source that the packet came from
 * @param newSourcePort the source port that the packet came from
 */
public record MappingChanged(
        Origin origin,
        SaId sa,
        int reqid,
        IpAddress oldSource,
        int oldSourcePort,
        IpAddress newSource,
        int newSourcePort) implements XfrmEvent {
}
