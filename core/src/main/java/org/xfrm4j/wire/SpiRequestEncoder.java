package org.xfrm4j.wire;

import static org.xfrm4j.wire.Layouts.U32_HOST;

import java.lang.foreign.MemorySegment;
import org.xfrm4j.bindings.xfrm_userspi_info;

/**
 * Writes a {@code struct xfrm_userspi_info}, the fixed part of XFRM_MSG_ALLOCSPI, and the attributes behind it. The
 * kernel answers with the larval SA, as XFRM_MSG_NEWSA ({@link SaDecoder}); it never sends this message itself.
 *
 * <pre>{@code
 * struct xfrm_userspi_info {
 *     struct xfrm_usersa_info  info;    //   0
 *     __u32                    min;     // 224
 *     __u32                    max;     // 228
 * };                                    // 232
 * }</pre>
 *
 * <p>Of {@code info} the kernel reads the addresses, protocol, family, mode, reqid and seq ({@code xfrm_alloc_userspi},
 * net/xfrm/xfrm_user.c); for its layout see {@link SaEncoder}.
 */
public final class SpiRequestEncoder {
    /** Size of the structure, in bytes. */
    public static final int LENGTH = (int) xfrm_userspi_info.sizeof();

    static final long INFO = xfrm_userspi_info.info$offset();
    static final long MIN = xfrm_userspi_info.min$offset();
    static final long MAX = xfrm_userspi_info.max$offset();

    private final SaEncoder info = new SaEncoder();
    private MemorySegment segment = MemorySegment.NULL;
    private long offset;

    /** An encoder that is yet to be wrapped around memory. */
    public SpiRequestEncoder() {
    }

    /** Points at the structure, and writes one that is zero but for limits, which the kernel does not read. */
    public SpiRequestEncoder wrap(MemorySegment segment, long offset) {
        this.segment = segment;
        this.offset = offset;
        info.wrap(segment, offset + INFO, offset + LENGTH);
        Layouts.zero(segment, offset + MIN, LENGTH - MIN);
        return this;
    }

    /** The outer destination of the SA to be. */
    public SpiRequestEncoder destination(long high, long low) {
        info.destination(high, low);
        return this;
    }

    /** The outer source. */
    public SpiRequestEncoder source(long high, long low) {
        info.source(high, low);
        return this;
    }

    /** Family of both. */
    public SpiRequestEncoder family(int family) {
        info.family(family);
        return this;
    }

    /** The protocol: {@link Inet#IPPROTO_ESP}, {@link Inet#IPPROTO_AH} or {@link Inet#IPPROTO_COMP}. */
    public SpiRequestEncoder protocol(int protocol) {
        info.protocol(protocol);
        return this;
    }

    /** {@code XFRM_MODE_…} */
    public SpiRequestEncoder mode(int mode) {
        info.mode(mode);
        return this;
    }

    /** The reqid; 0 for none. */
    public SpiRequestEncoder reqid(int reqid) {
        info.reqid(reqid);
        return this;
    }

    /** The {@code seq} of the acquire that is answered; 0 for none. */
    public SpiRequestEncoder seq(int seq) {
        info.seq(seq);
        return this;
    }

    /** The lowest and the highest SPI that will do, in host order as the structure has them. */
    public SpiRequestEncoder range(int lowest, int highest) {
        segment.set(U32_HOST, offset + MIN, lowest);
        segment.set(U32_HOST, offset + MAX, highest);
        return this;
    }

    /** {@return the encoder of the attributes behind the structure; it appends} */
    public AttributeEncoder attributes() {
        return info.attributes();
    }

    /** {@return the size of structure and attributes, in bytes} */
    public int encodedLength() {
        return LENGTH + attributes().encodedLength();
    }
}
