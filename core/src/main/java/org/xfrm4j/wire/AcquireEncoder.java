package org.xfrm4j.wire;

import static org.xfrm4j.wire.Layouts.U32_BIG_ENDIAN;
import static org.xfrm4j.wire.Layouts.U32_HOST;

import java.lang.foreign.MemorySegment;
import org.xfrm4j.bindings.xfrm_id;
import org.xfrm4j.bindings.xfrm_user_acquire;

/**
 * Writes a {@code struct xfrm_user_acquire}, the fixed part of XFRM_MSG_ACQUIRE, and the attributes behind it, which are
 * those of the policy. As a request it makes the kernel announce an acquire for each template; it then takes the SA's
 * addresses from the template.
 *
 * <pre>{@code
 * struct xfrm_user_acquire {
 *     struct xfrm_id               id;        //   0  { daddr, 16 __be32 spi, 20 __u8 proto }, 3 bytes of padding
 *     xfrm_address_t               saddr;     //  24
 *     struct xfrm_selector         sel;       //  40
 *     struct xfrm_userpolicy_info  policy;    //  96
 *     __u32                        aalgos;    // 264
 *     __u32                        ealgos;    // 268
 *     __u32                        calgos;    // 272
 *     __u32                        seq;       // 276
 * };                                          // 280
 * }</pre>
 *
 * <p>It does not tell the family of the SA's addresses: that of the template does.
 */
public final class AcquireEncoder {
    /** Size of the structure, in bytes. */
    public static final int LENGTH = (int) xfrm_user_acquire.sizeof();

    static final long DADDR = xfrm_user_acquire.id$offset() + xfrm_id.daddr$offset();
    static final long SPI = xfrm_user_acquire.id$offset() + xfrm_id.spi$offset();
    static final long PROTO = xfrm_user_acquire.id$offset() + xfrm_id.proto$offset();
    static final long SADDR = xfrm_user_acquire.saddr$offset();
    static final long SELECTOR = xfrm_user_acquire.sel$offset();
    static final long POLICY = xfrm_user_acquire.policy$offset();
    static final long AALGOS = xfrm_user_acquire.aalgos$offset();
    static final long EALGOS = xfrm_user_acquire.ealgos$offset();
    static final long CALGOS = xfrm_user_acquire.calgos$offset();
    static final long SEQ = xfrm_user_acquire.seq$offset();

    private final SelectorEncoder selector = new SelectorEncoder();
    private final PolicyEncoder policy = new PolicyEncoder();
    private MemorySegment segment = MemorySegment.NULL;
    private long offset;

    /** An encoder that is yet to be wrapped around memory. */
    public AcquireEncoder() {
    }

    /** Points at the structure, and zeroes it but for the policy's limits, of which there are none. */
    public AcquireEncoder wrap(MemorySegment segment, long offset) {
        this.segment = segment;
        this.offset = offset;
        Layouts.zero(segment, offset, LENGTH);
        policy.wrap(segment, offset + POLICY, offset + LENGTH);
        return this;
    }

    /** What the SA to be is named by; its SPI is not known yet. */
    public AcquireEncoder id(long high, long low, int spi, int protocol) {
        Layouts.address(segment, offset + DADDR, high, low);
        segment.set(U32_BIG_ENDIAN, offset + SPI, spi);
        Layouts.u8(segment, offset + PROTO, protocol);
        return this;
    }

    /** The outer source of the SA to be. */
    public AcquireEncoder source(long high, long low) {
        Layouts.address(segment, offset + SADDR, high, low);
        return this;
    }

    /** {@return the encoder of the selector: the packet that waits, which starts as that of all traffic} */
    public SelectorEncoder selector() {
        return selector.wrap(segment, offset + SELECTOR);
    }

    /** {@return the encoder of the policy; its attributes go behind the whole} */
    public PolicyEncoder policy() {
        return policy;
    }

    /** The algorithms that will do, one bit each: for integrity, encryption, compression. */
    public AcquireEncoder algorithms(int integrity, int encryption, int compression) {
        segment.set(U32_HOST, offset + AALGOS, integrity);
        segment.set(U32_HOST, offset + EALGOS, encryption);
        segment.set(U32_HOST, offset + CALGOS, compression);
        return this;
    }

    /** The number by which an answer names this acquire; the kernel gives its own. */
    public AcquireEncoder seq(int seq) {
        segment.set(U32_HOST, offset + SEQ, seq);
        return this;
    }

    /** {@return the encoder of the attributes behind the structure; it appends} */
    public AttributeEncoder attributes() {
        return policy.attributes();
    }

    /** {@return the size of structure and attributes, in bytes} */
    public int encodedLength() {
        return LENGTH + attributes().encodedLength();
    }
}
