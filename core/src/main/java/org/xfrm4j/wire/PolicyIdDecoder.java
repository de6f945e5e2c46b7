package org.xfrm4j.wire;

import static org.xfrm4j.wire.Layouts.U32_HOST;

import java.lang.foreign.MemorySegment;
import org.xfrm4j.netlink.MalformedMessageException;

/** Reads a {@code struct xfrm_userpolicy_id}, without attributes; for its layout see {@link PolicyIdEncoder}. */
public final class PolicyIdDecoder {
    private final SelectorDecoder selector = new SelectorDecoder();
    private MemorySegment segment = MemorySegment.NULL;
    private long offset;

    /** A decoder that is yet to be wrapped around memory. */
    public PolicyIdDecoder() {
    }

    /**
     * Points at the structure.
     *
     * @throws MalformedMessageException if the segment ends before it does
     */
    public PolicyIdDecoder wrap(MemorySegment segment, long offset) {
        Layouts.check("xfrm_userpolicy_id", segment, offset, PolicyIdEncoder.LENGTH, PolicyIdEncoder.LENGTH);
        this.segment = segment;
        this.offset = offset;
        return this;
    }

    /** {@return the decoder of the selector; all zero where the policy is named by its index} */
    public SelectorDecoder selector() {
        return selector.wrap(segment, offset + PolicyIdEncoder.SELECTOR);
    }

    /** {@return the index; 0 where the policy is named by its selector} */
    public int index() {
        return segment.get(U32_HOST, offset + PolicyIdEncoder.INDEX);
    }

    /** {@return {@code XFRM_POLICY_IN}, {@code XFRM_POLICY_OUT}, {@code XFRM_POLICY_FWD}} */
    public int direction() {
        return Layouts.u8(segment, offset + PolicyIdEncoder.DIR);
    }
}
