package org.xfrm4j.event;

import org.xfrm4j.sa.Protocol;
import org.xfrm4j.wire.SaFlushEncoder;

/**
 * All SAs of a protocol were deleted (XFRM_MSG_FLUSHSA, group {@link XfrmGroup#SA}). Not told where there was none.
 *
 * @param origin the request
 * @param protocol which: a protocol's number, 0 for all, or 255 for ESP, AH and IPComp
 */
public record SaFlushed(Origin origin, int protocol) implements XfrmEvent {
    /** {@return whether SAs of a protocol are among them} */
    public boolean covers(Protocol other) {
        return protocol == 0 || protocol == other.number()
                || protocol == SaFlushEncoder.ANY_IPSEC_PROTOCOL && other.hasSpi();
    }
}
