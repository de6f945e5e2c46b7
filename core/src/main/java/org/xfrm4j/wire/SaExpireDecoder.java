package org.xfrm4j.wire;

import java.lang.foreign.MemorySegment;
import org.xfrm4j.netlink.MalformedMessageException;

/** Reads a {@code struct xfrm_user_expire} with its attributes; for its layout see {@link SaExpireEncoder}. */
public final class SaExpireDecoder {
    private final SaDecoder sa = new SaDecoder();
    private MemorySegment segment = MemorySegment.NULL;
    private long offset;

    /** A decoder that is yet to be wrapped around memory. */
    public SaExpireDecoder() {
    }

    /**
     * Points at the structure.
     *
     * @param length bytes that structure and attributes have
     * @throws MalformedMessageException if the structure or an attribute is cut short, or goes beyond the segment
     */
    public SaExpireDecoder wrap(MemorySegment segment, long offset, long length) {
        Layouts.check("xfrm_user_expire", segment, offset, length, SaExpireEncoder.LENGTH);
        this.segment = segment;
        this.offset = offset;
        sa.wrap(segment, offset + SaExpireEncoder.STATE, offset + SaExpireEncoder.LENGTH,
                length - SaExpireEncoder.LENGTH);
        return this;
    }

    /** {@return the decoder of the SA; the kernel tells neither its algorithms nor its sequence numbers here} */
    public SaDecoder sa() {
        return sa;
    }

    /** {@return whether the expiry is hard: the SA was deleted} */
    public boolean hard() {
        return Layouts.u8(segment, offset + SaExpireEncoder.HARD) != 0;
    }
}
