package org.xfrm4j.wire;

import java.lang.foreign.MemorySegment;
import org.xfrm4j.bindings.xfrm_user_expire;

/**
 * Writes a {@code struct xfrm_user_expire}, the fixed part of XFRM_MSG_EXPIRE, and the attributes behind it. As a
 * request it lets an SA expire; of {@code state} the kernel then reads what names the SA.
 *
 * <pre>{@code
 * struct xfrm_user_expire {
 *     struct xfrm_usersa_info  state;    //   0
 *     __u8                     hard;     // 224, then 7 bytes of padding
 * };                                     // 232
 * }</pre>
 */
public final class SaExpireEncoder {
    /** Size of the structure, in bytes. */
    public static final int LENGTH = (int) xfrm_user_expire.sizeof();

    static final long STATE = xfrm_user_expire.state$offset();
    static final long HARD = xfrm_user_expire.hard$offset();

    private final SaEncoder state = new SaEncoder();
    private MemorySegment segment = MemorySegment.NULL;
    private long offset;

    /** An encoder that is yet to be wrapped around memory. */
    public SaExpireEncoder() {
    }

    /** Points at the structure, and writes a soft expiry of an SA without limits and otherwise zero. */
    public SaExpireEncoder wrap(MemorySegment segment, long offset) {
        this.segment = segment;
        this.offset = offset;
        state.wrap(segment, offset + STATE, offset + LENGTH);
        Layouts.zero(segment, offset + HARD, LENGTH - HARD);
        return this;
    }

    /** {@return the encoder of the SA; its attributes go behind the whole} */
    public SaEncoder state() {
        return state;
    }

    /** Whether the expiry is hard, which deletes the SA. */
    public SaExpireEncoder hard(boolean hard) {
        Layouts.u8(segment, offset + HARD, hard ? 1 : 0);
        return this;
    }

    /** {@return the encoder of the attributes behind the structure; it appends} */
    public AttributeEncoder attributes() {
        return state.attributes();
    }

    /** {@return the size of structure and attributes, in bytes} */
    public int encodedLength() {
        return LENGTH + attributes().encodedLength();
    }
}
