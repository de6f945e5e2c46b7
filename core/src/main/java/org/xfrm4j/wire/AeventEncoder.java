package org.xfrm4j.wire;

import static org.xfrm4j.wire.Layouts.U32_HOST;

import java.lang.foreign.MemorySegment;
import org.xfrm4j.bindings.xfrm_aevent_id;

/**
 * Writes a {@code struct xfrm_aevent_id}, the fixed part of XFRM_MSG_NEWAE and XFRM_MSG_GETAE (sequence numbers and usage
 * of an SA), and the attributes behind it.
 *
 * <pre>{@code
 * struct xfrm_aevent_id {
 *     struct xfrm_usersa_id  sa_id;    //  0
 *     xfrm_address_t         saddr;    // 24
 *     __u32                  flags;    // 40
 *     __u32                  reqid;    // 44
 * };                                   // 48
 * }</pre>
 *
 * <p>NEWAE takes {@code XFRMA_REPLAY_VAL} or {@code XFRMA_REPLAY_ESN_VAL}, {@code XFRMA_LTIME_VAL},
 * {@code XFRMA_REPLAY_THRESH}, {@code XFRMA_ETIMER_THRESH}, {@code XFRMA_MTIMER_THRESH}; both take {@code XFRMA_MARK}.
 */
public final class AeventEncoder {
    /** Size of the structure, in bytes. */
    public static final int LENGTH = (int) xfrm_aevent_id.sizeof();

    static final long SA_ID = xfrm_aevent_id.sa_id$offset();
    static final long SADDR = xfrm_aevent_id.saddr$offset();
    static final long FLAGS = xfrm_aevent_id.flags$offset();
    static final long REQID = xfrm_aevent_id.reqid$offset();

    private final AttributeEncoder attributes = new AttributeEncoder();
    private MemorySegment segment = MemorySegment.NULL;
    private long offset;

    /** An encoder that is yet to be wrapped around memory. */
    public AeventEncoder() {
    }

    /** Points at the structure and zeroes it. */
    public AeventEncoder wrap(MemorySegment segment, long offset) {
        this.segment = segment;
        this.offset = offset;
        Layouts.zero(segment, offset, LENGTH);
        attributes.wrap(segment, offset + LENGTH);
        return this;
    }

    /** What names the SA: destination, SPI, the destination's family, protocol. */
    public AeventEncoder id(long high, long low, int spi, int family, int protocol) {
        SaIdEncoder.write(segment, offset + SA_ID, high, low, spi, family, protocol);
        return this;
    }

    /** The SA's source; the kernel does not read it. */
    public AeventEncoder source(long high, long low) {
        Layouts.address(segment, offset + SADDR, high, low);
        return this;
    }

    /** {@code XFRM_AE_…} bits: in GETAE {@code XFRM_AE_RTHR} and {@code XFRM_AE_ETHR} ask for the thresholds. */
    public AeventEncoder flags(int flags) {
        segment.set(U32_HOST, offset + FLAGS, flags);
        return this;
    }

    /** The SA's reqid; the kernel does not read it. */
    public AeventEncoder reqid(int reqid) {
        segment.set(U32_HOST, offset + REQID, reqid);
        return this;
    }

    /** {@return the memory that is written to} */
    public MemorySegment segment() {
        return segment;
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
