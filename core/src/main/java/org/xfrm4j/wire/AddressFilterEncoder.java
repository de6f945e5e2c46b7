package org.xfrm4j.wire;

import java.lang.foreign.MemorySegment;
import org.xfrm4j.bindings.xfrm_address_filter;

/**
 * Writes a {@code struct xfrm_address_filter}, the payload of {@code XFRMA_ADDRESS_FILTER}: which SAs a dump
 * brings, by prefixes of their addresses.
 *
 * <pre>{@code
 * struct xfrm_address_filter {
 *     xfrm_address_t  saddr;     //  0
 *     xfrm_address_t  daddr;     // 16
 *     __u16           family;    // 32
 *     __u8            splen;     // 34
 *     __u8            dplen;     // 35
 * };                             // 36
 * }</pre>
 */
public final class AddressFilterEncoder {
    /** Size of the structure, in bytes. */
    public static final int LENGTH = (int) xfrm_address_filter.sizeof();

    static final long SADDR = xfrm_address_filter.saddr$offset();
    static final long DADDR = xfrm_address_filter.daddr$offset();
    static final long FAMILY = xfrm_address_filter.family$offset();
    static final long SPLEN = xfrm_address_filter.splen$offset();
    static final long DPLEN = xfrm_address_filter.dplen$offset();

    private MemorySegment segment = MemorySegment.NULL;
    private long offset;

    /** An encoder that is yet to be wrapped around memory. */
    public AddressFilterEncoder() {
    }

    /** Points at the structure and zeroes it. */
    public AddressFilterEncoder wrap(MemorySegment segment, long offset) {
        this.segment = segment;
        this.offset = offset;
        Layouts.zero(segment, offset, LENGTH);
        return this;
    }

    /** Family of both prefixes. */
    public AddressFilterEncoder family(int family) {
        Layouts.u16(segment, offset + FAMILY, family);
        return this;
    }

    /** Prefix of the source, its length in bits; 0 for any. */
    public AddressFilterEncoder source(long high, long low, int prefixLength) {
        Layouts.address(segment, offset + SADDR, high, low);
        Layouts.u8(segment, offset + SPLEN, prefixLength);
        return this;
    }

    /** Prefix of the destination, its length in bits; 0 for any. */
    public AddressFilterEncoder destination(long high, long low, int prefixLength) {
        Layouts.address(segment, offset + DADDR, high, low);
        Layouts.u8(segment, offset + DPLEN, prefixLength);
        return this;
    }

    /** {@return the size of the structure, in bytes} */
    public int encodedLength() {
        return LENGTH;
    }
}
