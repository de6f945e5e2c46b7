package org.xfrm4j.wire;

import java.lang.foreign.MemorySegment;
import org.xfrm4j.bindings.xfrm_user_polexpire;

/**
 * Writes a {@code struct xfrm_user_polexpire}, the fixed part of XFRM_MSG_POLEXPIRE, and the attributes behind it. As a
 * request it lets a policy expire; of {@code pol} the kernel then reads direction and index, or if that is 0 the
 * selector, and of the attributes those that belong to a policy's name.
 *
 * <pre>{@code
 * struct xfrm_user_polexpire {
 *     struct xfrm_userpolicy_info  pol;     //   0
 *     __u8                         hard;    // 168, then 7 bytes of padding
 * };                                        // 176
 * }</pre>
 */
public final class PolicyExpireEncoder {
    /** Size of the structure, in bytes. */
    public static final int LENGTH = (int) xfrm_user_polexpire.sizeof();

    static final long POL = xfrm_user_polexpire.pol$offset();
    static final long HARD = xfrm_user_polexpire.hard$offset();

    private final PolicyEncoder policy = new PolicyEncoder();
    private MemorySegment segment = MemorySegment.NULL;
    private long offset;

    /** An encoder that is yet to be wrapped around memory. */
    public PolicyExpireEncoder() {
    }

    /** Points at the structure, and writes a soft expiry of a policy without limits and otherwise zero. */
    public PolicyExpireEncoder wrap(MemorySegment segment, long offset) {
        this.segment = segment;
        this.offset = offset;
        policy.wrap(segment, offset + POL, offset + LENGTH);
        Layouts.zero(segment, offset + HARD, LENGTH - HARD);
        return this;
    }

    /** {@return the encoder of the policy; its attributes go behind the whole} */
    public PolicyEncoder policy() {
        return policy;
    }

    /** Whether the expiry is hard, which deletes the policy. */
    public PolicyExpireEncoder hard(boolean hard) {
        Layouts.u8(segment, offset + HARD, hard ? 1 : 0);
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
