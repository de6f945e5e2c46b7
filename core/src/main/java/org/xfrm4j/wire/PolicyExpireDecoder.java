package org.xfrm4j.wire;

import java.lang.foreign.MemorySegment;
import org.xfrm4j.netlink.MalformedMessageException;

/** Reads a {@code struct xfrm_user_polexpire} with its attributes; for its layout see {@link PolicyExpireEncoder}. */
public final class PolicyExpireDecoder {
    private final PolicyDecoder policy = new PolicyDecoder();
    private MemorySegment segment = MemorySegment.NULL;
    private long offset;

    /** A decoder that is yet to be wrapped around memory. */
    public PolicyExpireDecoder() {
    }

    /**
     * Points at the structure.
     *
     * @param length bytes that structure and attributes have
     * @throws MalformedMessageException if the structure or an attribute is cut short, or goes beyond the segment
     */
    public PolicyExpireDecoder wrap(MemorySegment segment, long offset, long length) {
        Layouts.check("xfrm_user_polexpire", segment, offset, length, PolicyExpireEncoder.LENGTH);
        this.segment = segment;
        this.offset = offset;
        policy.wrap(segment, offset + PolicyExpireEncoder.POL, offset + PolicyExpireEncoder.LENGTH,
                length - PolicyExpireEncoder.LENGTH);
        return this;
    }

    /** {@return the decoder of the policy} */
    public PolicyDecoder policy() {
        return policy;
    }

    /** {@return whether the expiry is hard: the policy was deleted} */
    public boolean hard() {
        return Layouts.u8(segment, offset + PolicyExpireEncoder.HARD) != 0;
    }
}
