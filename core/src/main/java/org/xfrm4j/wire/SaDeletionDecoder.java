package org.xfrm4j.wire;

import java.lang.foreign.MemorySegment;
import org.xfrm4j.bindings.xfrm4j_h;
import org.xfrm4j.netlink.MalformedMessageException;

/**
 * Reads the XFRM_MSG_DELSA with which the kernel announces that an SA was deleted: a {@code struct xfrm_usersa_id}, an
 * {@code XFRMA_SA} that holds a {@code struct xfrm_usersa_info}, and the SA's attributes ({@code xfrm_notify_sa},
 * net/xfrm/xfrm_user.c).
 */
public final class SaDeletionDecoder {
    private final AttributeTable table = new AttributeTable();
    private final SaIdDecoder id = new SaIdDecoder();
    private final SaDecoder sa = new SaDecoder();

    /** A decoder that is yet to be wrapped around memory. */
    public SaDeletionDecoder() {
    }

    /**
     * Points at the message.
     *
     * @param length bytes that structure and attributes have
     * @throws MalformedMessageException if the structure or an attribute is cut short, or goes beyond the segment, or
     *     there is no {@code XFRMA_SA}, as in a request
     */
    public SaDeletionDecoder wrap(MemorySegment segment, long offset, long length) {
        Layouts.check("xfrm_usersa_id", segment, offset, length, SaIdEncoder.LENGTH);
        long attributes = offset + SaIdEncoder.LENGTH;
        table.index(segment, attributes, length - SaIdEncoder.LENGTH);
        if (!table.has(xfrm4j_h.XFRMA_SA())) {
            throw new MalformedMessageException("XFRM_MSG_DELSA without XFRMA_SA: not an announcement");
        }
        id.wrap(segment, offset);
        sa.wrap(segment, table.offset(xfrm4j_h.XFRMA_SA()), attributes, length - SaIdEncoder.LENGTH);
        return this;
    }

    /** {@return the decoder of what named the SA} */
    public SaIdDecoder id() {
        return id;
    }

    /** {@return the decoder of the SA as it was, keys included; its attributes show {@code XFRMA_SA} as well} */
    public SaDecoder sa() {
        return sa;
    }
}
