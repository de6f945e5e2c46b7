package org.xfrm4j.wire;

import java.lang.foreign.MemorySegment;
import org.xfrm4j.bindings.xfrm_encap_tmpl;

/**
 * Writes a {@code struct xfrm_encap_tmpl}, the payload of {@code XFRMA_ENCAP}: how ESP is wrapped for NAT traversal.
 *
 * <pre>{@code
 * struct xfrm_encap_tmpl {
 *     __u16           encap_type;     //  0
 *     __be16          encap_sport;    //  2
 *     __be16          encap_dport;    //  4, then 2 bytes of padding
 *     xfrm_address_t  encap_oa;       //  8
 * };                                  // 24
 * }</pre>
 */
public final class EncapEncoder {
    /** Size of the structure, in bytes. */
    public static final int LENGTH = (int) xfrm_encap_tmpl.sizeof();

    static final long TYPE = xfrm_encap_tmpl.encap_type$offset();
    static final long SPORT = xfrm_encap_tmpl.encap_sport$offset();
    static final long DPORT = xfrm_encap_tmpl.encap_dport$offset();
    static final long ORIGINAL_ADDRESS = xfrm_encap_tmpl.encap_oa$offset();

    private MemorySegment segment = MemorySegment.NULL;
    private long offset;

    /** An encoder that is yet to be wrapped around memory. */
    public EncapEncoder() {
    }

    /** Points at the structure and zeroes it. */
    public EncapEncoder wrap(MemorySegment segment, long offset) {
        this.segment = segment;
        this.offset = offset;
        Layouts.zero(segment, offset, LENGTH);
        return this;
    }

    /** {@link Inet#UDP_ENCAP_ESPINUDP} or another. */
    public EncapEncoder type(int type) {
        Layouts.u16(segment, offset + TYPE, type);
        return this;
    }

    /** Ports of the SA's source and destination. */
    public EncapEncoder ports(int source, int destination) {
        Layouts.port(segment, offset + SPORT, source);
        Layouts.port(segment, offset + DPORT, destination);
        return this;
    }

    /** The peer's address before NAT (NAT-OA, RFC 3947); the kernel keeps it and does not look at it. */
    public EncapEncoder originalAddress(long high, long low) {
        Layouts.address(segment, offset + ORIGINAL_ADDRESS, high, low);
        return this;
    }

    /** {@return the size of the structure, in bytes} */
    public int encodedLength() {
        return LENGTH;
    }
}
