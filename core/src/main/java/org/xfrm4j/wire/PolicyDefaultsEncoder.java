package org.xfrm4j.wire;

import java.lang.foreign.MemorySegment;
import org.xfrm4j.bindings.xfrm_userpolicy_default;

/**
 * Writes a {@code struct xfrm_userpolicy_default}, the payload of XFRM_MSG_SETDEFAULT and XFRM_MSG_GETDEFAULT: what
 * becomes of packets that no policy matches.
 *
 * <pre>{@code
 * struct xfrm_userpolicy_default {
 *     __u8  in;     // 0
 *     __u8  fwd;    // 1
 *     __u8  out;    // 2
 * };                // 3
 * }</pre>
 */
public final class PolicyDefaultsEncoder {
    /** Size of the structure, in bytes; netlink pads it to 4, with zeros. */
    public static final int LENGTH = (int) xfrm_userpolicy_default.sizeof();

    static final long IN = xfrm_userpolicy_default.in$offset();
    static final long FWD = xfrm_userpolicy_default.fwd$offset();
    static final long OUT = xfrm_userpolicy_default.out$offset();

    private MemorySegment segment = MemorySegment.NULL;
    private long offset;

    /** An encoder that is yet to be wrapped around memory. */
    public PolicyDefaultsEncoder() {
    }

    /** Points at the structure, and zeroes it with its padding: {@code XFRM_USERPOLICY_UNSPEC}, all stays as it is. */
    public PolicyDefaultsEncoder wrap(MemorySegment segment, long offset) {
        this.segment = segment;
        this.offset = offset;
        Layouts.zero(segment, offset, Layouts.align(LENGTH));
        return this;
    }

    /** For packets that come in to this host: {@code XFRM_USERPOLICY_…} */
    public PolicyDefaultsEncoder in(int action) {
        Layouts.u8(segment, offset + IN, action);
        return this;
    }

    /** For packets that are forwarded: {@code XFRM_USERPOLICY_…} */
    public PolicyDefaultsEncoder forward(int action) {
        Layouts.u8(segment, offset + FWD, action);
        return this;
    }

    /** For packets that go out: {@code XFRM_USERPOLICY_…} */
    public PolicyDefaultsEncoder out(int action) {
        Layouts.u8(segment, offset + OUT, action);
        return this;
    }

    /** {@return the size of the structure, in bytes} */
    public int encodedLength() {
        return LENGTH;
    }
}
