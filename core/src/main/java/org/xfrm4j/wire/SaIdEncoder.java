package org.xfrm4j.wire;

import static org.xfrm4j.wire.Layouts.U32_BIG_ENDIAN;
import static org.xfrm4j.wire.Layouts.U64_LITTLE_ENDIAN;

import java.lang.foreign.MemorySegment;
import org.xfrm4j.bindings.xfrm_usersa_id;

/**
 * Writes a {@code struct xfrm_usersa_id}, which names an SA: the fixed part of XFRM_MSG_GETSA and XFRM_MSG_DELSA, and
 * the start of others. An SA that has a mark needs {@code XFRMA_MARK} behind it as well; one without an SPI (Mobile
 * IPv6) {@code XFRMA_SRCADDR}.
 *
 * <pre>{@code
 * struct xfrm_usersa_id {
 *     xfrm_address_t  daddr;     //  0
 *     __be32          spi;       // 16
 *     __u16           family;    // 20
 *     __u8            proto;     // 22, then 1 byte of padding
 * };                             // 24
 * }</pre>
 */
public final class SaIdEncoder {
    /** Size of the structure, in bytes. */
    public static final int LENGTH = (int) xfrm_usersa_id.sizeof();

    static final long DADDR = xfrm_usersa_id.daddr$offset();
    static final long SPI = xfrm_usersa_id.spi$offset();
    static final long FAMILY = xfrm_usersa_id.family$offset();
    static final long PROTO = xfrm_usersa_id.proto$offset();

    private MemorySegment segment = MemorySegment.NULL;
    private long offset;
    private final AttributeEncoder attributes = new AttributeEncoder();

    /** An encoder that is yet to be wrapped around memory. */
    public SaIdEncoder() {
    }

    /** Points at the structure and zeroes it. */
    public SaIdEncoder wrap(MemorySegment segment, long offset) {
        this.segment = segment;
        this.offset = offset;
        Layouts.zero(segment, offset, LENGTH);
        attributes.wrap(segment, offset + LENGTH);
        return this;
    }

    static void write(MemorySegment segment, long offset, long high, long low, int spi, int family, int protocol) {
        Layouts.address(segment, offset + DADDR, high, low);
        segment.set(U64_LITTLE_ENDIAN, offset + SPI, word(spi, family, protocol));
    }

    /** The last 8 bytes as one word: an SPI in network order, family, protocol, and a byte of padding. */
    static long word(int spi, int family, int protocol) {
        return Integer.toUnsignedLong(Integer.reverseBytes(spi))
                | (family & 0xffffL) << 32 | (protocol & 0xffL) << 48;
    }

    /** The SA's destination. */
    public SaIdEncoder destination(long high, long low) {
        Layouts.address(segment, offset + DADDR, high, low);
        return this;
    }

    /** The SPI. */
    public SaIdEncoder spi(int spi) {
        segment.set(U32_BIG_ENDIAN, offset + SPI, spi);
        return this;
    }

    /** The destination's family. */
    public SaIdEncoder family(int family) {
        Layouts.u16(segment, offset + FAMILY, family);
        return this;
    }

    /** The protocol: ESP, AH, … */
    public SaIdEncoder protocol(int protocol) {
        Layouts.u8(segment, offset + PROTO, protocol);
        return this;
    }

    /** {@return the encoder of the attributes behind the structure; it appends} */
    public AttributeEncoder attributes() {
        return attributes;
    }

    /** {@return the size of structure and attributes, in bytes} */
    public int encodedLength() {
        return LENGTH + attributes.encodedLength();
    }
}
