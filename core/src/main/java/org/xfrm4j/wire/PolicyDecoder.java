package org.xfrm4j.wire;

import static org.xfrm4j.wire.Layouts.U32_HOST;

import java.lang.foreign.MemorySegment;
import org.xfrm4j.bindings.xfrm4j_h;
import org.xfrm4j.bindings.xfrm_mark;
import org.xfrm4j.bindings.xfrm_user_offload;
import org.xfrm4j.bindings.xfrm_userpolicy_type;
import org.xfrm4j.netlink.MalformedMessageException;

/**
 * Reads a {@code struct xfrm_userpolicy_info} with its attributes: a policy as a dump, XFRM_MSG_GETPOLICY or an event
 * brings it. For its layout see {@link PolicyEncoder}.
 *
 * <p>{@code wrap} walks the attributes once and notes where each is, so that finding one takes the same time for all.
 */
public final class PolicyDecoder {
    private final AttributeTable table = new AttributeTable();
    private final SelectorDecoder selector = new SelectorDecoder();
    private final LifetimeDecoder lifetime = new LifetimeDecoder();
    private final UsageDecoder usage = new UsageDecoder();
    private final TemplateDecoder template = new TemplateDecoder();
    private MemorySegment segment = MemorySegment.NULL;
    private long offset;
    private long length;

    /** A decoder that is yet to be wrapped around memory. */
    public PolicyDecoder() {
    }

    /**
     * Points at the structure.
     *
     * @param segment the memory to read
     * @param offset where the structure starts: behind the {@code nlmsghdr}
     * @param length bytes that structure and attributes have
     * @return this
     * @throws MalformedMessageException if the structure or an attribute is cut short, or goes beyond the segment
     */
    public PolicyDecoder wrap(MemorySegment segment, long offset, long length) {
        Layouts.check("xfrm_userpolicy_info", segment, offset, length, PolicyEncoder.LENGTH);
        return wrap(segment, offset, offset + PolicyEncoder.LENGTH, length - PolicyEncoder.LENGTH);
    }

    /**
     * Points at a structure whose attributes do not stand right behind it, as in the announcements that a policy was
     * deleted or has expired.
     *
     * @param segment the memory to read
     * @param offset where the structure starts
     * @param attributesOffset where its attributes start
     * @param attributesLength bytes that they have; 0 for a structure without
     * @return this
     * @throws MalformedMessageException if the structure or an attribute is cut short, or goes beyond the segment
     */
    public PolicyDecoder wrap(MemorySegment segment, long offset, long attributesOffset, long attributesLength) {
        Layouts.check("xfrm_userpolicy_info", segment, offset, PolicyEncoder.LENGTH, PolicyEncoder.LENGTH);
        this.segment = segment;
        this.offset = offset;
        this.length = attributesOffset + attributesLength - offset;
        table.index(segment, attributesOffset, attributesLength);
        int templates = table.length(xfrm4j_h.XFRMA_TMPL());
        if (templates > 0 && templates % TemplateEncoder.LENGTH != 0) {
            throw new MalformedMessageException("XFRMA_TMPL of " + templates + " bytes, where each template has "
                    + TemplateEncoder.LENGTH);
        }
        return this;
    }

    /** {@return the memory that is being read} */
    public MemorySegment segment() {
        return segment;
    }

    /** {@return where the structure starts, from the segment's start} */
    public long offset() {
        return offset;
    }

    /** {@return how many bytes structure and attributes have, from the structure's start} */
    public long length() {
        return length;
    }

    /**
     * Whether another policy stands in the same bytes, but for what was used so far and for the index.
     *
     * @param other what to compare with
     * @return true if it does; false says only that the bytes differ
     */
    public boolean isSameButUsageAndIndex(PolicyDecoder other) {
        return length == other.length && isSame(other, 0, PolicyEncoder.USAGE)
                && isSame(other, PolicyEncoder.PRIORITY, PolicyEncoder.INDEX)
                && isSame(other, PolicyEncoder.DIR, length);
    }

    private boolean isSame(PolicyDecoder other, long from, long to) {
        return MemorySegment.mismatch(segment, offset + from, offset + to, other.segment, other.offset + from,
                other.offset + to) < 0;
    }

    /** {@return the decoder of the selector} */
    public SelectorDecoder selector() {
        return selector.wrap(segment, offset + PolicyEncoder.SELECTOR);
    }

    /** {@return the decoder of the limits} */
    public LifetimeDecoder lifetime() {
        return lifetime.wrap(segment, offset + PolicyEncoder.LIFETIME);
    }

    /** {@return the decoder of what was used so far} */
    public UsageDecoder usage() {
        return usage.wrap(segment, offset + PolicyEncoder.USAGE);
    }

    /** {@return the priority, unsigned} */
    public int priority() {
        return segment.get(U32_HOST, offset + PolicyEncoder.PRIORITY);
    }

    /** {@return the index, whose lowest three bits are the direction} */
    public int index() {
        return segment.get(U32_HOST, offset + PolicyEncoder.INDEX);
    }

    /** {@return {@code XFRM_POLICY_IN}, {@code XFRM_POLICY_OUT}, {@code XFRM_POLICY_FWD}; of a socket 3 more} */
    public int direction() {
        return Layouts.u8(segment, offset + PolicyEncoder.DIR);
    }

    /** {@return {@code XFRM_POLICY_ALLOW} or {@code XFRM_POLICY_BLOCK}} */
    public int action() {
        return Layouts.u8(segment, offset + PolicyEncoder.ACTION);
    }

    /** {@return {@code XFRM_POLICY_…} bits} */
    public int flags() {
        return Layouts.u8(segment, offset + PolicyEncoder.FLAGS);
    }

    /** {@return {@code XFRM_SHARE_…}; the kernel always tells {@code XFRM_SHARE_ANY}} */
    public int share() {
        return Layouts.u8(segment, offset + PolicyEncoder.SHARE);
    }

    /** {@return the cursor of the attributes, before the first} */
    public AttributeDecoder attributes() {
        return table.attributes();
    }

    /** {@return whether there is an attribute of the type} */
    public boolean has(int attributeType) {
        return table.has(attributeType);
    }

    /** {@return where the payload of the attribute is, from the segment's start; -1 if there is none} */
    public long attributeOffset(int attributeType) {
        return table.offset(attributeType);
    }

    /** {@return how many bytes the payload of the attribute has; -1 if there is none} */
    public int attributeLength(int attributeType) {
        return table.length(attributeType);
    }

    /** {@return how many templates the policy has} */
    public int templateCount() {
        return Math.max(0, table.length(xfrm4j_h.XFRMA_TMPL())) / TemplateEncoder.LENGTH;
    }

    /**
     * A template.
     *
     * @param index from 0, in the order in which packets are wrapped
     * @return always the same decoder; what it shows changes with the next call
     * @throws IndexOutOfBoundsException if there is no such template
     */
    public TemplateDecoder template(int index) {
        int count = templateCount();
        if (index < 0 || index >= count) {
            throw new IndexOutOfBoundsException("template " + index + " of " + count);
        }
        return template.wrap(segment,
                table.offset(xfrm4j_h.XFRMA_TMPL()) + (long) index * TemplateEncoder.LENGTH);
    }

    /** {@return {@code XFRM_POLICY_TYPE_MAIN}, also where it is not told, or {@code XFRM_POLICY_TYPE_SUB}} */
    public int type() {
        return table.fieldU8(xfrm4j_h.XFRMA_POLICY_TYPE(), xfrm_userpolicy_type.type$offset());
    }

    /** {@return the mark's value; 0 if the policy has none} */
    public int markValue() {
        return table.fieldU32(xfrm4j_h.XFRMA_MARK(), xfrm_mark.v$offset());
    }

    /** {@return the mark's mask; 0 if the policy has none} */
    public int markMask() {
        return table.fieldU32(xfrm4j_h.XFRMA_MARK(), xfrm_mark.m$offset());
    }

    /** {@return the id of the XFRM interface; 0 for none} */
    public int ifId() {
        return table.u32(xfrm4j_h.XFRMA_IF_ID(), 0);
    }

    /** {@return the index of the interface that the policy is offloaded to; 0 for none} */
    public int offloadIfindex() {
        return table.fieldU32(xfrm4j_h.XFRMA_OFFLOAD_DEV(), xfrm_user_offload.ifindex$offset());
    }

    /** {@return {@code XFRM_OFFLOAD_…} bits} */
    public int offloadFlags() {
        return table.fieldU8(xfrm4j_h.XFRMA_OFFLOAD_DEV(), xfrm_user_offload.flags$offset());
    }
}
