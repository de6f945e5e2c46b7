package org.xfrm4j.wire;

import java.lang.foreign.MemorySegment;
import org.xfrm4j.netlink.MalformedMessageException;

/**
 * Where the attributes of a message are, by type. Of several with one type the last counts, as for the kernel
 * ({@code nla_parse}). An attribute that is shorter than its structure does not get in.
 */
final class AttributeTable {
    private final AttributeDecoder attributes = new AttributeDecoder();
    // Only entries whose bit is set in `present` are valid, so nothing needs to be cleared for the next message.
    private final long[] offsets = new long[XfrmAttributes.MAX + 1];
    private final int[] lengths = new int[XfrmAttributes.MAX + 1];
    private long present;
    private MemorySegment segment = MemorySegment.NULL;
    private long start;
    private long length;

    void index(MemorySegment segment, long offset, long length) {
        this.segment = segment;
        this.start = offset;
        this.length = length;
        present = 0;
        attributes.wrap(segment, offset, length);
        while (attributes.next()) {
            int type = attributes.type();
            if (XfrmAttributes.isKnown(type)) {
                int payloadLength = attributes.payloadLength();
                if (payloadLength < XfrmAttributes.minimumLength(type)) {
                    throw new MalformedMessageException(XfrmAttributes.name(type) + " cut short: " + payloadLength
                            + " bytes, where " + XfrmAttributes.minimumLength(type) + " are needed");
                }
                offsets[type] = attributes.payloadOffset();
                lengths[type] = payloadLength;
                present |= 1L << type;
            }
        }
    }

    /** The cursor, before the first attribute. */
    AttributeDecoder attributes() {
        return attributes.wrap(segment, start, length);
    }

    boolean has(int type) {
        return XfrmAttributes.isKnown(type) && (present >>> type & 1) != 0;
    }

    /** Where the payload is, or -1. */
    long offset(int type) {
        return has(type) ? offsets[type] : -1;
    }

    /** How long the payload is, or -1. */
    int length(int type) {
        return has(type) ? lengths[type] : -1;
    }

    int u8(int type) {
        return has(type) ? Layouts.u8(segment, offsets[type]) : 0;
    }

    int u16(int type) {
        return has(type) ? Layouts.u16(segment, offsets[type]) : 0;
    }

    int u32(int type, int otherwise) {
        return has(type) ? segment.get(Layouts.U32_HOST, offsets[type]) : otherwise;
    }

    /** A field of the structure that the attribute holds; 0 if there is no such attribute. */
    int fieldU32(int type, long fieldOffset) {
        return has(type) ? segment.get(Layouts.U32_HOST, offsets[type] + fieldOffset) : 0;
    }

    /** A field of the structure that the attribute holds; 0 if there is no such attribute. */
    int fieldU8(int type, long fieldOffset) {
        return has(type) ? Layouts.u8(segment, offsets[type] + fieldOffset) : 0;
    }

    long u64(int type) {
        return has(type) ? segment.get(Layouts.U64_HOST, offsets[type]) : 0;
    }
}
