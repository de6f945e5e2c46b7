package org.xfrm4j.wire;

import java.lang.foreign.MemorySegment;
import org.xfrm4j.bindings.xfrm4j_h;
import org.xfrm4j.bindings.xfrm_userpolicy_type;
import org.xfrm4j.netlink.MalformedMessageException;

/** Reads an XFRM_MSG_FLUSHPOLICY, which has no fixed part: an {@code XFRMA_POLICY_TYPE} at most. */
public final class PolicyFlushDecoder {
    private final AttributeTable table = new AttributeTable();

    /** A decoder that is yet to be wrapped around memory. */
    public PolicyFlushDecoder() {
    }

    /**
     * Points at the message.
     *
     * @param length bytes that the attributes have
     * @throws MalformedMessageException if an attribute is cut short, or goes beyond the segment
     */
    public PolicyFlushDecoder wrap(MemorySegment segment, long offset, long length) {
        table.index(segment, offset, length);
        return this;
    }

    /** {@return {@code XFRM_POLICY_TYPE_MAIN}, also where it is not told, or {@code XFRM_POLICY_TYPE_SUB}} */
    public int type() {
        return table.fieldU8(xfrm4j_h.XFRMA_POLICY_TYPE(), xfrm_userpolicy_type.type$offset());
    }
}
