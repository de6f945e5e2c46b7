package org.xfrm4j.wire;

import java.lang.foreign.MemorySegment;
import java.util.function.IntFunction;
import org.xfrm4j.netlink.MalformedMessageException;

/**
 * Steps through netlink attributes ({@code struct nlattr}):
 * {@code while (attributes.next()) { … attributes.type() … }}.
 *
 * <p>Up to three bytes behind the last attribute are ignored, as the kernel does ({@code nla_ok},
 * {@code include/net/netlink.h}).
 */
public final class AttributeDecoder {
    /**
     * The bits of {@code nla_type} that are the type; the others are {@code NLA_F_NESTED}, {@code NLA_F_NET_BYTEORDER}.
     */
    public static final int TYPE_MASK = 0x3fff;

    private final IntFunction<String> names;
    private MemorySegment segment = MemorySegment.NULL;
    private long next;
    private long end;
    private int type;
    private long payloadOffset;
    private int payloadLength;

    /** A decoder that is yet to be wrapped around memory. */
    public AttributeDecoder() {
        this(XfrmAttributes::name);
    }

    /** A decoder of attributes that are numbered otherwise, as those of information are. */
    AttributeDecoder(IntFunction<String> names) {
        this.names = names;
    }

    /**
     * Goes before the first attribute.
     *
     * @param segment the memory to read
     * @param offset where the first attribute starts
     * @param length how many bytes hold attributes
     * @return this
     * @throws MalformedMessageException if that is not within the segment
     */
    public AttributeDecoder wrap(MemorySegment segment, long offset, long length) {
        Layouts.check("attributes", segment, offset, length, 0);
        this.segment = segment;
        this.next = offset;
        this.end = offset + length;
        this.type = 0;
        this.payloadOffset = offset;
        this.payloadLength = 0;
        return this;
    }

    /**
     * Steps to the next attribute.
     *
     * @return false if there is none
     * @throws MalformedMessageException if it is shorter than its header, or longer than what is left
     */
    public boolean next() {
        long left = end - next;
        if (left < AttributeEncoder.HEADER_LENGTH) {
            return false;
        }
        int length = Layouts.u16(segment, next);
        type = Layouts.u16(segment, next + 2) & TYPE_MASK;
        if (length < AttributeEncoder.HEADER_LENGTH || length > left) {
            next = end;
            throw wrongLength(names.apply(type), length, left);
        }
        payloadOffset = next + AttributeEncoder.HEADER_LENGTH;
        payloadLength = length - AttributeEncoder.HEADER_LENGTH;
        next = Math.min(end, next + Layouts.align(length));
        return true;
    }

    static MalformedMessageException wrongLength(String name, int length, long left) {
        return new MalformedMessageException(name + ": attribute length of " + length + " where " + left
                + " bytes are left");
    }

    /** {@return the type of the attribute, without the flag bits} */
    public int type() {
        return type;
    }

    /** {@return where the payload starts, from the segment's start} */
    public long payloadOffset() {
        return payloadOffset;
    }

    /** {@return the payload's length in bytes, without padding} */
    public int payloadLength() {
        return payloadLength;
    }

    /** {@return the memory that is being read} */
    public MemorySegment segment() {
        return segment;
    }
}
