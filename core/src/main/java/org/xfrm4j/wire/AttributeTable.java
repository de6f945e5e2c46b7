package org.xfrm4j.wire;

import java.lang.foreign.MemorySegment;
import org.xfrm4j.netlink.MalformedMessageException;

/**
 * Where the attributes of a message are, by type. Of several with one type the last counts, as for the kernel
 * ({@code nla_parse}). An attribute that is shorter than its structure does not get in.
 */
final class AttributeTable {
    private static final int NONE = -1;

    private final AttributeDecoder attributes = new AttributeDecoder();
    // Only entries whose bit is set in `present` are valid, so nothing needs to be cleared for the next message.
    private final long[] offsets = new long[XfrmAttributes.MAX + 1];
    private final int[] lengths = new int[XfrmAttributes.MAX + 1];
    private long present;
    private int unknown = NONE;
    private MemorySegment segment = MemorySegment.NULL;
    private long start;
    private long length;

    /** In one go over local variables rather than with the cursor: every SA of a dump passes here. */
    void index(MemorySegment segment, long offset, long length) {
        this.segment = segment;
        this.start = offset;
        this.length = length;
        this.present = 0;
        Layouts.check("attributes", segment, offset, length, 0);
        long found = 0;
        unknown = NONE;
        long end = offset + length;
        for (long at = offset; end - at >= AttributeEncoder.HEADER_LENGTH; ) {
            int header = segment.get(Layouts.U32_LITTLE_ENDIAN, at);
            int attributeLength = header & 0xffff;
            int type = header >>> Short.SIZE & AttributeDecoder.TYPE_MASK;
            if (attributeLength < AttributeEncoder.HEADER_LENGTH || attributeLength > end - at) {
                throw AttributeDecoder.wrongLength(XfrmAttributes.name(type), attributeLength, end - at);
            }
            if (type > XfrmAttributes.MAX) {
                unknown = type;
            } else {
                int payloadLength = attributeLength - AttributeEncoder.HEADER_LENGTH;
                if (payloadLength < XfrmAttributes.minimumLength(type)) {
                    throw new MalformedMessageException(XfrmAttributes.name(type) + " cut short: " + payloadLength
                            + " bytes, where " + XfrmAttributes.minimumLength(type) + " are needed");
                }
                offsets[type] = at + AttributeEncoder.HEADER_LENGTH;
                lengths[type] = payloadLength;
                found |= 1L << type;
            }
            at += Layouts.align(attributeLength);
        }
        present = found;
    }

    /** The known types that are there, one bit each. */
    long present() {
        return present;
    }

    /** The last type that is there and not known; -1 if there is none. */
    int unknown() {
        return unknown;
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
