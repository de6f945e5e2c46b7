package org.xfrm4j.wire;

import static org.xfrm4j.wire.Layouts.U32_HOST;

import java.lang.foreign.MemorySegment;
import org.xfrm4j.bindings.xfrm_selector;

/**
 * Writes a {@code struct xfrm_selector}: which traffic an SA or a policy is for.
 *
 * <pre>{@code
 * struct xfrm_selector {
 *     xfrm_address_t     daddr;           //  0
 *     xfrm_address_t     saddr;           // 16
 *     __be16             dport;           // 32
 *     __be16             dport_mask;      // 34
 *     __be16             sport;           // 36
 *     __be16             sport_mask;      // 38
 *     __u16              family;          // 40
 *     __u8               prefixlen_d;     // 42
 *     __u8               prefixlen_s;     // 43
 *     __u8               proto;           // 44, then 3 bytes of padding
 *     int                ifindex;         // 48
 *     __kernel_uid32_t   user;            // 52
 * };                                      // 56
 * }</pre>
 */
public final class SelectorEncoder {
    /** Size of the structure, in bytes. */
    public static final int LENGTH = (int) xfrm_selector.sizeof();

    static final long DADDR = xfrm_selector.daddr$offset();
    static final long SADDR = xfrm_selector.saddr$offset();
    static final long DPORT = xfrm_selector.dport$offset();
    static final long DPORT_MASK = xfrm_selector.dport_mask$offset();
    static final long SPORT = xfrm_selector.sport$offset();
    static final long SPORT_MASK = xfrm_selector.sport_mask$offset();
    static final long FAMILY = xfrm_selector.family$offset();
    static final long PREFIXLEN_D = xfrm_selector.prefixlen_d$offset();
    static final long PREFIXLEN_S = xfrm_selector.prefixlen_s$offset();
    static final long PROTO = xfrm_selector.proto$offset();
    static final long IFINDEX = xfrm_selector.ifindex$offset();
    static final long USER = xfrm_selector.user$offset();

    private MemorySegment segment = MemorySegment.NULL;
    private long offset;

    /** An encoder that is yet to be wrapped around memory. */
    public SelectorEncoder() {
    }

    /** Points at the structure and zeroes it: the selector of all traffic of either family. */
    public SelectorEncoder wrap(MemorySegment segment, long offset) {
        this.segment = segment;
        this.offset = offset;
        Layouts.zero(segment, offset, LENGTH);
        return this;
    }

    /** The word that holds family, both lengths of prefixes, and no protocol. */
    static long word(int family, int destinationPrefixLength, int sourcePrefixLength) {
        return family & 0xffffL | (destinationPrefixLength & 0xffL) << 16 | (sourcePrefixLength & 0xffL) << 24;
    }

    /** Clears, in a selector that was copied, the three bytes behind the protocol. */
    static void clearPadding(long[] words, long offset) {
        words[Words.index(offset + FAMILY)] &= 0xff_ffff_ffffL;
    }

    /** Family of both addresses; {@code AF_UNSPEC} matches either family. */
    public SelectorEncoder family(int family) {
        Layouts.u16(segment, offset + FAMILY, family);
        return this;
    }

    /** Destination address and the length of its prefix, in bits. */
    public SelectorEncoder destination(long high, long low, int prefixLength) {
        Layouts.address(segment, offset + DADDR, high, low);
        Layouts.u8(segment, offset + PREFIXLEN_D, prefixLength);
        return this;
    }

    /** Source address and the length of its prefix, in bits. */
    public SelectorEncoder source(long high, long low, int prefixLength) {
        Layouts.address(segment, offset + SADDR, high, low);
        Layouts.u8(segment, offset + PREFIXLEN_S, prefixLength);
        return this;
    }

    /** Destination port, and the mask of its bits that count: 0xffff for one port, 0 for any. */
    public SelectorEncoder destinationPort(int port, int mask) {
        Layouts.port(segment, offset + DPORT, port);
        Layouts.port(segment, offset + DPORT_MASK, mask);
        return this;
    }

    /** Source port, and the mask of its bits that count: 0xffff for one port, 0 for any. */
    public SelectorEncoder sourcePort(int port, int mask) {
        Layouts.port(segment, offset + SPORT, port);
        Layouts.port(segment, offset + SPORT_MASK, mask);
        return this;
    }

    /** Protocol above IP; 0 for any. */
    public SelectorEncoder protocol(int protocol) {
        Layouts.u8(segment, offset + PROTO, protocol);
        return this;
    }

    /** Index of the interface; 0 for any. */
    public SelectorEncoder ifindex(int ifindex) {
        segment.set(U32_HOST, offset + IFINDEX, ifindex);
        return this;
    }

    /** User id; the kernel keeps it and does not look at it. */
    public SelectorEncoder user(int uid) {
        segment.set(U32_HOST, offset + USER, uid);
        return this;
    }

    /** {@return the size of the structure, in bytes} */
    public int encodedLength() {
        return LENGTH;
    }
}
