package org.xfrm4j.wire;

import java.lang.foreign.MemorySegment;
import org.xfrm4j.netlink.MalformedMessageException;

/** Reads a {@code struct xfrm_user_sec_ctx}; for its layout see {@link SecurityContextEncoder}. */
public final class SecurityContextDecoder {
    private MemorySegment segment = MemorySegment.NULL;
    private long offset;

    /** A decoder that is yet to be wrapped around memory. */
    public SecurityContextDecoder() {
    }

    /**
     * Points at the structure.
     *
     * @param length bytes that structure and label have: the attribute's payload length
     * @throws MalformedMessageException if they need more, or the segment ends before they do
     */
    public SecurityContextDecoder wrap(MemorySegment segment, long offset, int length) {
        Layouts.check("xfrm_user_sec_ctx", segment, offset, length, SecurityContextEncoder.LENGTH);
        int label = Layouts.u16(segment, offset + SecurityContextEncoder.CTX_LEN);
        if (label > length - SecurityContextEncoder.LENGTH) {
            throw new MalformedMessageException("xfrm_user_sec_ctx: label of " + label + " bytes does not fit into "
                    + (length - SecurityContextEncoder.LENGTH) + " bytes");
        }
        this.segment = segment;
        this.offset = offset;
        return this;
    }

    /** {@return the domain of interpretation} */
    public int domain() {
        return Layouts.u8(segment, offset + SecurityContextEncoder.CTX_DOI);
    }

    /** {@return the algorithm} */
    public int algorithm() {
        return Layouts.u8(segment, offset + SecurityContextEncoder.CTX_ALG);
    }

    /** {@return the length of the label, in bytes} */
    public int labelLength() {
        return Layouts.u16(segment, offset + SecurityContextEncoder.CTX_LEN);
    }

    /** {@return where the label is, from the segment's start} */
    public long labelOffset() {
        return offset + SecurityContextEncoder.LENGTH;
    }
}
