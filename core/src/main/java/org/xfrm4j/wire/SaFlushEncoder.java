package org.xfrm4j.wire;

import java.lang.foreign.MemorySegment;
import org.xfrm4j.bindings.xfrm_usersa_flush;

/**
 * Writes a {@code struct xfrm_usersa_flush}, the fixed part of XFRM_MSG_FLUSHSA.
 *
 * <pre>{@code
 * struct xfrm_usersa_flush {
 *     __u8  proto;    // 0
 * };                  // 1
 * }</pre>
 */
public final class SaFlushEncoder {
    /** Size of the structure, in bytes; netlink pads it to 4, with zeros. */
    public static final int LENGTH = (int) xfrm_usersa_flush.sizeof();
    /** SAs of all protocols, those of Mobile IPv6 included. */
    public static final int ALL_PROTOCOLS = 0;
    /** {@code IPSEC_PROTO_ANY}: SAs of ESP, AH and IPComp. */
    public static final int ANY_IPSEC_PROTOCOL = 255;

    private MemorySegment segment = MemorySegment.NULL;
    private long offset;

    /** An encoder that is yet to be wrapped around memory. */
    public SaFlushEncoder() {
    }

    /** Points at the structure, and zeroes it with its padding: SAs of all protocols. */
    public SaFlushEncoder wrap(MemorySegment segment, long offset) {
        this.segment = segment;
        this.offset = offset;
        Layouts.zero(segment, offset, Layouts.align(LENGTH));
        return this;
    }

    /** The protocol whose SAs go; {@link #ALL_PROTOCOLS}, {@link #ANY_IPSEC_PROTOCOL} for those of IPsec. */
    public SaFlushEncoder protocol(int protocol) {
        Layouts.u8(segment, offset + xfrm_usersa_flush.proto$offset(), protocol);
        return this;
    }

    /** {@return the size of the structure, in bytes} */
    public int encodedLength() {
        return LENGTH;
    }
}
