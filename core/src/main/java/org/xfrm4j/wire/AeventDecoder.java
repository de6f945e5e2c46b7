package org.xfrm4j.wire;

import static org.xfrm4j.wire.Layouts.U32_HOST;

import java.lang.foreign.MemorySegment;
import org.xfrm4j.bindings.xfrm4j_h;
import org.xfrm4j.bindings.xfrm_mark;
import org.xfrm4j.netlink.MalformedMessageException;

/**
 * Reads a {@code struct xfrm_aevent_id} with its attributes: an XFRM_MSG_NEWAE of the kernel, be it an event or the
 * answer to GETAE. For its layout see {@link AeventEncoder}.
 */
public final class AeventDecoder {
    private final AttributeTable table = new AttributeTable();
    private final SaIdDecoder id = new SaIdDecoder();
    private MemorySegment segment = MemorySegment.NULL;
    private long offset;

    /** A decoder that is yet to be wrapped around memory. */
    public AeventDecoder() {
    }

    /**
     * Points at the structure.
     *
     * @param length bytes that structure and attributes have
     * @throws MalformedMessageException if the structure or an attribute is cut short, or goes beyond the segment
     */
    public AeventDecoder wrap(MemorySegment segment, long offset, long length) {
        Layouts.check("xfrm_aevent_id", segment, offset, length, AeventEncoder.LENGTH);
        this.segment = segment;
        this.offset = offset;
        table.index(segment, offset + AeventEncoder.LENGTH, length - AeventEncoder.LENGTH);
        return this;
    }

    /** {@return the memory that is being read} */
    public MemorySegment segment() {
        return segment;
    }

    /** {@return the decoder of what names the SA} */
    public SaIdDecoder id() {
        return id.wrap(segment, offset + AeventEncoder.SA_ID);
    }

    /** {@return bytes 0 to 7 of the SA's source} */
    public long sourceHigh() {
        return Layouts.addressHigh(segment, offset + AeventEncoder.SADDR);
    }

    /** {@return bytes 8 to 15 of the SA's source} */
    public long sourceLow() {
        return Layouts.addressLow(segment, offset + AeventEncoder.SADDR);
    }

    /** {@return {@code XFRM_AE_…} bits: why an event was sent, or what GETAE asked for} */
    public int flags() {
        return segment.get(U32_HOST, offset + AeventEncoder.FLAGS);
    }

    /** {@return the SA's reqid} */
    public int reqid() {
        return segment.get(U32_HOST, offset + AeventEncoder.REQID);
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

    /** {@return the value of an attribute that holds 32 bits; {@code otherwise} if there is none} */
    public int u32(int attributeType, int otherwise) {
        return table.u32(attributeType, otherwise);
    }

    /** {@return the mark's value; 0 if the SA has none} */
    public int markValue() {
        return table.fieldU32(xfrm4j_h.XFRMA_MARK(), xfrm_mark.v$offset());
    }

    /** {@return the mark's mask; 0 if the SA has none} */
    public int markMask() {
        return table.fieldU32(xfrm4j_h.XFRMA_MARK(), xfrm_mark.m$offset());
    }

    /** {@return {@code XFRM_SA_DIR_IN}, {@code XFRM_SA_DIR_OUT}, or 0 where it was not told} */
    public int direction() {
        return table.u8(xfrm4j_h.XFRMA_SA_DIR());
    }
}
