package org.xfrm4j.wire;

import static org.xfrm4j.wire.Layouts.U32_HOST;

import java.lang.foreign.MemorySegment;
import org.xfrm4j.bindings.xfrm_userpolicy_info;

/**
 * Writes a {@code struct xfrm_userpolicy_info}, the fixed part of XFRM_MSG_NEWPOLICY and XFRM_MSG_UPDPOLICY, and the
 * attributes behind it.
 *
 * <pre>{@code
 * struct xfrm_userpolicy_info {
 *     struct xfrm_selector      sel;         //   0
 *     struct xfrm_lifetime_cfg  lft;         //  56
 *     struct xfrm_lifetime_cur  curlft;      // 120
 *     __u32                     priority;    // 152
 *     __u32                     index;       // 156
 *     __u8                      dir;         // 160
 *     __u8                      action;      // 161
 *     __u8                      flags;       // 162
 *     __u8                      share;       // 163, then 4 bytes of padding
 * };                                         // 168
 * }</pre>
 *
 * <p>That is the layout of 64 bit processes; those of 32 bits have no padding at the end.
 */
public final class PolicyEncoder {
    /** Size of the structure, in bytes. */
    public static final int LENGTH = (int) xfrm_userpolicy_info.sizeof();

    static final long SELECTOR = xfrm_userpolicy_info.sel$offset();
    static final long LIFETIME = xfrm_userpolicy_info.lft$offset();
    static final long USAGE = xfrm_userpolicy_info.curlft$offset();
    static final long PRIORITY = xfrm_userpolicy_info.priority$offset();
    static final long INDEX = xfrm_userpolicy_info.index$offset();
    static final long DIR = xfrm_userpolicy_info.dir$offset();
    static final long ACTION = xfrm_userpolicy_info.action$offset();
    static final long FLAGS = xfrm_userpolicy_info.flags$offset();
    static final long SHARE = xfrm_userpolicy_info.share$offset();

    private static final MemorySegment EMPTY = LifetimeEncoder.unlimitedIn(LENGTH, LIFETIME);

    private final SelectorEncoder selector = new SelectorEncoder();
    private final LifetimeEncoder lifetime = new LifetimeEncoder();
    private final UsageEncoder usage = new UsageEncoder();
    private final AttributeEncoder attributes = new AttributeEncoder();
    private MemorySegment segment = MemorySegment.NULL;
    private long offset;

    /** An encoder that is yet to be wrapped around memory. */
    public PolicyEncoder() {
    }

    /**
     * Points at the structure, and writes a policy without limits and otherwise zero.
     *
     * @param segment the memory to write to
     * @param offset where the structure starts: behind the {@code nlmsghdr}
     * @return this
     */
    public PolicyEncoder wrap(MemorySegment segment, long offset) {
        return wrap(segment, offset, offset + LENGTH);
    }

    /** Points at a structure within another, whose attributes do not stand right behind it. */
    PolicyEncoder wrap(MemorySegment segment, long offset, long attributesOffset) {
        this.segment = segment;
        this.offset = offset;
        MemorySegment.copy(EMPTY, 0, segment, offset, LENGTH);
        attributes.wrap(segment, attributesOffset);
        return this;
    }

    /** {@return the encoder of the selector, which starts as the selector of all traffic} */
    public SelectorEncoder selector() {
        return selector.wrap(segment, offset + SELECTOR);
    }

    /** {@return the encoder of the limits, which starts without limits} */
    public LifetimeEncoder lifetime() {
        return lifetime.wrap(segment, offset + LIFETIME);
    }

    /** {@return the encoder of what was used, which starts with zero; the kernel ignores it} */
    public UsageEncoder usage() {
        return usage.wrap(segment, offset + USAGE);
    }

    /** The priority, unsigned; of two policies that match, that with the lower number counts. */
    public PolicyEncoder priority(int priority) {
        segment.set(U32_HOST, offset + PRIORITY, priority);
        return this;
    }

    /** The index, whose lowest three bits are the direction; 0 lets the kernel choose. */
    public PolicyEncoder index(int index) {
        segment.set(U32_HOST, offset + INDEX, index);
        return this;
    }

    /** {@code XFRM_POLICY_IN}, {@code XFRM_POLICY_OUT}, {@code XFRM_POLICY_FWD} */
    public PolicyEncoder direction(int direction) {
        Layouts.u8(segment, offset + DIR, direction);
        return this;
    }

    /** {@code XFRM_POLICY_ALLOW}, {@code XFRM_POLICY_BLOCK} */
    public PolicyEncoder action(int action) {
        Layouts.u8(segment, offset + ACTION, action);
        return this;
    }

    /** {@code XFRM_POLICY_…} bits: {@code XFRM_POLICY_LOCALOK}, … */
    public PolicyEncoder flags(int flags) {
        Layouts.u8(segment, offset + FLAGS, flags);
        return this;
    }

    /** {@code XFRM_SHARE_…}; the kernel checks it and does not keep it. */
    public PolicyEncoder share(int share) {
        Layouts.u8(segment, offset + SHARE, share);
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
