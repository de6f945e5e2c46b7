package org.xfrm4j.wire;

import static org.xfrm4j.wire.Layouts.U32_HOST;

import java.lang.foreign.MemorySegment;
import org.xfrm4j.bindings.xfrm_userpolicy_id;

/**
 * Writes a {@code struct xfrm_userpolicy_id}, which names a policy by its selector or, if that is not 0, by its index:
 * the fixed part of XFRM_MSG_GETPOLICY and XFRM_MSG_DELPOLICY. A policy's type, mark and interface id belong to its
 * name both ways: they go into attributes behind it.
 *
 * <pre>{@code
 * struct xfrm_userpolicy_id {
 *     struct xfrm_selector  sel;      //  0
 *     __u32                 index;    // 56
 *     __u8                  dir;      // 60, then 3 bytes of padding
 * };                                  // 64
 * }</pre>
 */
public final class PolicyIdEncoder {
    /** Size of the structure, in bytes. */
    public static final int LENGTH = (int) xfrm_userpolicy_id.sizeof();

    static final long SELECTOR = xfrm_userpolicy_id.sel$offset();
    static final long INDEX = xfrm_userpolicy_id.index$offset();
    static final long DIR = xfrm_userpolicy_id.dir$offset();

    private final SelectorEncoder selector = new SelectorEncoder();
    private final AttributeEncoder attributes = new AttributeEncoder();
    private MemorySegment segment = MemorySegment.NULL;
    private long offset;

    /** An encoder that is yet to be wrapped around memory. */
    public PolicyIdEncoder() {
    }

    /** Points at the structure and zeroes it. */
    public PolicyIdEncoder wrap(MemorySegment segment, long offset) {
        this.segment = segment;
        this.offset = offset;
        Layouts.zero(segment, offset, LENGTH);
        attributes.wrap(segment, offset + LENGTH);
        return this;
    }

    /** {@return the encoder of the selector, which starts with zero; it counts where the index is 0} */
    public SelectorEncoder selector() {
        return selector.wrap(segment, offset + SELECTOR);
    }

    /** The index; 0 for a policy that is named by its selector. */
    public PolicyIdEncoder index(int index) {
        segment.set(U32_HOST, offset + INDEX, index);
        return this;
    }

    /** {@code XFRM_POLICY_IN}, {@code XFRM_POLICY_OUT}, {@code XFRM_POLICY_FWD} */
    public PolicyIdEncoder direction(int direction) {
        Layouts.u8(segment, offset + DIR, direction);
        return this;
    }

    /** {@return the encoder of the attributes behind the structure; it appends} */
    public AttributeEncoder attributes() {
        return attributes;
    }

    /** {@return the memory that is written to} */
    public MemorySegment segment() {
        return segment;
    }

    /** {@return the size of structure and attributes, in bytes} */
    public int encodedLength() {
        return LENGTH + attributes.encodedLength();
    }
}
