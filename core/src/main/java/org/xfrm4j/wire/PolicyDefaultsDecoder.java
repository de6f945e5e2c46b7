package org.xfrm4j.wire;

import java.lang.foreign.MemorySegment;
import org.xfrm4j.netlink.MalformedMessageException;

/** Reads a {@code struct xfrm_userpolicy_default}; for its layout see {@link PolicyDefaultsEncoder}. */
public final class PolicyDefaultsDecoder {
    private MemorySegment segment = MemorySegment.NULL;
    private long offset;

    /** A decoder that is yet to be wrapped around memory. */
    public PolicyDefaultsDecoder() {
    }

    /**
     * Points at the structure.
     *
     * @param length bytes that the message's payload has
     * @throws MalformedMessageException if they, or the segment, end before it does
     */
    public PolicyDefaultsDecoder wrap(MemorySegment segment, long offset, long length) {
        Layouts.check("xfrm_userpolicy_default", segment, offset, length, PolicyDefaultsEncoder.LENGTH);
        this.segment = segment;
        this.offset = offset;
        return this;
    }

    /** {@return what becomes of packets that come in to this host: {@code XFRM_USERPOLICY_…}} */
    public int in() {
        return Layouts.u8(segment, offset + PolicyDefaultsEncoder.IN);
    }

    /** {@return what becomes of packets that are forwarded: {@code XFRM_USERPOLICY_…}} */
    public int forward() {
        return Layouts.u8(segment, offset + PolicyDefaultsEncoder.FWD);
    }

    /** {@return what becomes of packets that go out: {@code XFRM_USERPOLICY_…}} */
    public int out() {
        return Layouts.u8(segment, offset + PolicyDefaultsEncoder.OUT);
    }
}
