package org.xfrm4j.netlink;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import org.xfrm4j.bindings.xfrm4j_h;

/**
 * The kernel's answer to a request, NLMSG_ERROR, and how an NLMSG_DONE ends: an error number, and with NETLINK_EXT_ACK
 * attributes with a text and with the place of the offending attribute.
 *
 * <pre>
 * offset  NLMSG_ERROR                                NLMSG_DONE
 *      0  int error (0, or minus errno)              int error
 *      4  struct nlmsghdr of the request             attributes
 *     20  its payload, unless NLM_F_CAPPED
 *     20… attributes, if NLM_F_ACK_TLVS
 * </pre>
 *
 * <p>Reads where the kernel wrote; {@link #text} alone makes an object.
 */
final class ExtendedAck {
    private static final ValueLayout.OfShort U16 = ValueLayout.JAVA_SHORT_UNALIGNED;
    private static final ValueLayout.OfInt S32 = ValueLayout.JAVA_INT_UNALIGNED;
    private static final int ATTRIBUTE_HEADER = 4;
    private static final int ATTRIBUTE_TYPE_MASK = 0x3fff;
    private static final int TEXT = xfrm4j_h.NLMSGERR_ATTR_MSG();
    private static final int OFFSET = xfrm4j_h.NLMSGERR_ATTR_OFFS();

    private MemorySegment segment;
    private int errno;
    private long textOffset;
    private int textLength;
    private int attributeOffset;

    /**
     * Reads the answer at which the cursor stands.
     *
     * @throws MalformedMessageException when it is shorter than it must be
     */
    ExtendedAck read(MessageCursor cursor) {
        boolean done = cursor.type() == MessageHeader.DONE;
        segment = cursor.segment();
        textLength = 0;
        attributeOffset = 0;
        errno = 0;
        long payload = cursor.payloadOffset();
        int length = cursor.payloadLength();
        int least = done ? 0 : Integer.BYTES + MessageHeader.BYTES;
        if (length < least) {
            throw new MalformedMessageException("NLMSG_ERROR of " + length + " bytes, at least " + least + " expected");
        }
        if (length >= Integer.BYTES) {
            errno = -segment.get(S32, payload);
            if (errno < 0) {
                throw new MalformedMessageException("an answer with the error number " + errno);
            }
        }
        if ((cursor.flags() & MessageHeader.ACK_ATTRIBUTES) != 0) {
            readAttributes(payload + attributesAt(done, cursor, payload), payload + length);
        }
        return this;
    }

    private long attributesAt(boolean done, MessageCursor cursor, long payload) {
        if (done) {
            return Integer.BYTES;
        }
        boolean headerOnly = (cursor.flags() & MessageHeader.CAPPED) != 0 || errno == 0;
        long request = headerOnly ? MessageHeader.BYTES
                : Integer.toUnsignedLong(MessageHeader.length(segment, payload + Integer.BYTES));
        return Integer.BYTES + MessageHeader.align(request);
    }

    private void readAttributes(long from, long end) {
        long at = from;
        while (end - at >= ATTRIBUTE_HEADER) {
            int length = Short.toUnsignedInt(segment.get(U16, at));
            int type = segment.get(U16, at + 2) & ATTRIBUTE_TYPE_MASK;
            if (length < ATTRIBUTE_HEADER || length > end - at) {
                throw new MalformedMessageException("attribute " + type + " of an acknowledgement claims " + length
                        + " bytes, " + (end - at) + " are left");
            }
            if (type == TEXT) {
                textOffset = at + ATTRIBUTE_HEADER;
                textLength = withoutTerminator(length - ATTRIBUTE_HEADER);
            } else if (type == OFFSET && length >= ATTRIBUTE_HEADER + Integer.BYTES) {
                attributeOffset = segment.get(S32, at + ATTRIBUTE_HEADER);
            }
            at += MessageHeader.align(length);
        }
    }

    private int withoutTerminator(int bytes) {
        return bytes > 0 && segment.get(ValueLayout.JAVA_BYTE, textOffset + bytes - 1) == 0 ? bytes - 1 : bytes;
    }

    /** 0, or the positive error number. */
    int errno() {
        return errno;
    }

    MemorySegment segment() {
        return segment;
    }

    long textOffset() {
        return textOffset;
    }

    /** Bytes of the text; 0 when there is none. */
    int textLength() {
        return textLength;
    }

    /** Where the offending attribute stands, from the beginning of the request's header; 0 when none is named. */
    int attributeOffset() {
        return attributeOffset;
    }

    /** The text, or null. */
    String text() {
        if (textLength == 0) {
            return null;
        }
        byte[] bytes = segment.asSlice(textOffset, textLength).toArray(ValueLayout.JAVA_BYTE);
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
