package org.xfrm4j.wire;

import static org.xfrm4j.wire.Layouts.U16_HOST;
import static org.xfrm4j.wire.Layouts.U32_HOST;
import static org.xfrm4j.wire.Layouts.U64_HOST;
import static org.xfrm4j.wire.Layouts.U8;

import java.lang.foreign.MemorySegment;
import org.xfrm4j.bindings.xfrm4j_h;
import org.xfrm4j.bindings.xfrm_userpolicy_type;

/**
 * Appends netlink attributes ({@code struct nlattr}), one behind the other, each padded with zeros to 4 bytes.
 *
 * <pre>{@code
 * struct nlattr {
 *     __u16 nla_len;     //  0  header and payload, without the padding
 *     __u16 nla_type;    //  2
 * };                     //  4  payload
 * }</pre>
 *
 * <p>A structure is written in place between {@link #begin} and {@link #end}:
 * {@code attributes.end(encap.wrap(segment, attributes.begin(type)). … .encodedLength())}.
 */
public final class AttributeEncoder {
    /** Size of an attribute's header, in bytes. */
    public static final int HEADER_LENGTH = 4;
    /** The longest payload that {@code nla_len} can tell, in bytes. */
    public static final int MAX_PAYLOAD_LENGTH = 0xffff - HEADER_LENGTH;

    private static final int NONE = -1;

    private MemorySegment segment = MemorySegment.NULL;
    private long offset;
    private int length;
    private int begun = NONE;

    /** An encoder that is yet to be wrapped around memory. */
    public AttributeEncoder() {
    }

    /**
     * Starts a series of attributes.
     *
     * @param segment the memory to write to
     * @param offset where the first attribute starts
     * @return this
     */
    public AttributeEncoder wrap(MemorySegment segment, long offset) {
        this.segment = segment;
        this.offset = offset;
        this.length = 0;
        this.begun = NONE;
        return this;
    }

    /** Appends a flag: an attribute without a payload. */
    public AttributeEncoder putFlag(int type) {
        header(type, 0);
        return this;
    }

    /** Appends an unsigned 8 bit value. */
    public AttributeEncoder putU8(int type, int value) {
        long at = header(type, 1);
        segment.set(U32_HOST, at, 0);
        segment.set(U8, at, (byte) value);
        return this;
    }

    /** Appends an unsigned 16 bit value, written in host order. */
    public AttributeEncoder putU16(int type, int value) {
        long at = header(type, 2);
        segment.set(U16_HOST, at, (short) value);
        segment.set(U16_HOST, at + 2, (short) 0);
        return this;
    }

    /** Appends an unsigned 32 bit value, written in host order. */
    public AttributeEncoder putU32(int type, int value) {
        segment.set(U32_HOST, header(type, 4), value);
        return this;
    }

    /** Appends an unsigned 64 bit value, written in host order. */
    public AttributeEncoder putU64(int type, long value) {
        segment.set(U64_HOST, header(type, 8), value);
        return this;
    }

    /** Appends bytes from native memory. */
    public AttributeEncoder putBytes(int type, MemorySegment source, long sourceOffset, int byteCount) {
        long at = begin(type);
        MemorySegment.copy(source, sourceOffset, segment, at, byteCount);
        return end(byteCount);
    }

    /** Appends the bytes of an array. */
    public AttributeEncoder putBytes(int type, byte[] bytes) {
        long at = begin(type);
        MemorySegment.copy(bytes, 0, segment, U8, at, bytes.length);
        return end(bytes.length);
    }

    /** Appends a {@code struct xfrm_mark}, both fields in host order. */
    public AttributeEncoder putMark(int type, int value, int mask) {
        long at = header(type, 8);
        segment.set(U32_HOST, at, value);
        segment.set(U32_HOST, at + 4, mask);
        return this;
    }

    /** Appends an {@code xfrm_address_t}. */
    public AttributeEncoder putAddress(int type, long high, long low) {
        Layouts.address(segment, header(type, Layouts.ADDRESS_LENGTH), high, low);
        return this;
    }

    /** Appends {@code XFRMA_OFFLOAD_DEV}, a {@code struct xfrm_user_offload}: an {@code int} and 8 flag bits. */
    public AttributeEncoder putOffload(int ifindex, int flags) {
        long at = header(xfrm4j_h.XFRMA_OFFLOAD_DEV(), 8);
        segment.set(U32_HOST, at, ifindex);
        segment.set(U32_HOST, at + 4, 0);
        segment.set(U8, at + 4, (byte) flags);
        return this;
    }

    /** Appends {@code XFRMA_POLICY_TYPE}, a {@code struct xfrm_userpolicy_type}: 8 bits, the rest of it reserved. */
    public AttributeEncoder putPolicyType(int policyType) {
        long at = header(xfrm4j_h.XFRMA_POLICY_TYPE(), (int) xfrm_userpolicy_type.sizeof());
        segment.set(U64_HOST, at, 0);
        segment.set(U8, at, (byte) policyType);
        return this;
    }

    /**
     * Starts an attribute whose payload the caller writes.
     *
     * @param type the attribute's type
     * @return the offset, from the segment's start, where the payload goes
     * @throws IllegalStateException if another attribute has begun and not ended
     */
    public long begin(int type) {
        if (begun != NONE) {
            throw new IllegalStateException(XfrmAttributes.name(begun) + " has begun and not ended");
        }
        begun = type;
        return offset + length + HEADER_LENGTH;
    }

    /**
     * Ends the attribute that {@link #begin} started.
     *
     * @param payloadLength how much was written, in bytes
     * @return this
     * @throws IllegalStateException if none has begun
     * @throws IllegalArgumentException if the length is negative or more than {@link #MAX_PAYLOAD_LENGTH}
     */
    public AttributeEncoder end(int payloadLength) {
        if (begun == NONE) {
            throw new IllegalStateException("no attribute has begun");
        }
        if (payloadLength < 0 || payloadLength > MAX_PAYLOAD_LENGTH) {
            throw new IllegalArgumentException(XfrmAttributes.name(begun) + ": payload of " + payloadLength
                    + " bytes; it may have 0 to " + MAX_PAYLOAD_LENGTH);
        }
        int type = begun;
        begun = NONE;
        long at = header(type, payloadLength);
        for (int i = payloadLength; i < Layouts.align(payloadLength); i++) {
            segment.set(U8, at + i, (byte) 0);
        }
        return this;
    }

    /**
     * {@return how much was written, headers and padding included, in bytes}
     *
     * @throws IllegalStateException if an attribute has begun and not ended
     */
    public int encodedLength() {
        if (begun != NONE) {
            throw new IllegalStateException(XfrmAttributes.name(begun) + " has begun and not ended");
        }
        return length;
    }

    private long header(int type, int payloadLength) {
        if (begun != NONE) {
            throw new IllegalStateException(XfrmAttributes.name(begun) + " has begun and not ended");
        }
        long at = offset + length;
        writeHeader(segment, at, type, payloadLength);
        length += HEADER_LENGTH + Layouts.align(payloadLength);
        return at + HEADER_LENGTH;
    }

    static void writeHeader(MemorySegment segment, long at, int type, int payloadLength) {
        segment.set(U16_HOST, at, (short) (HEADER_LENGTH + payloadLength));
        segment.set(U16_HOST, at + 2, (short) type);
    }
}
