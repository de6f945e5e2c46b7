package org.xfrm4j.wire;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import org.xfrm4j.netlink.MalformedMessageException;

/**
 * How fields are read and written, byte order in the name. Unaligned, because netlink aligns to 4 bytes what holds
 * fields of 8.
 */
final class Layouts {
    static final ValueLayout.OfByte U8 = ValueLayout.JAVA_BYTE;

    static final ValueLayout.OfShort U16_HOST = ValueLayout.JAVA_SHORT_UNALIGNED;
    static final ValueLayout.OfInt U32_HOST = ValueLayout.JAVA_INT_UNALIGNED;
    static final ValueLayout.OfLong U64_HOST = ValueLayout.JAVA_LONG_UNALIGNED;

    /**
     * Where neighbouring fields are written as one word, the first in its lowest bits: each word is checked, so fewer
     * are faster. The machines that the library knows are little-endian.
     */
    static final ValueLayout.OfInt U32_LITTLE_ENDIAN = U32_HOST.withOrder(ByteOrder.LITTLE_ENDIAN);
    /** The same. */
    static final ValueLayout.OfLong U64_LITTLE_ENDIAN = U64_HOST.withOrder(ByteOrder.LITTLE_ENDIAN);

    static final ValueLayout.OfShort U16_BIG_ENDIAN = U16_HOST.withOrder(ByteOrder.BIG_ENDIAN);
    static final ValueLayout.OfInt U32_BIG_ENDIAN = U32_HOST.withOrder(ByteOrder.BIG_ENDIAN);
    static final ValueLayout.OfLong U64_BIG_ENDIAN = U64_HOST.withOrder(ByteOrder.BIG_ENDIAN);

    /** Size of an {@code xfrm_address_t}, in bytes. */
    static final int ADDRESS_LENGTH = 16;

    private static final long ZEROS_LENGTH = 256;
    private static final MemorySegment ZEROS = MemorySegment.ofArray(new byte[(int) ZEROS_LENGTH]).asReadOnly();

    private Layouts() {
    }

    static int u8(MemorySegment segment, long offset) {
        return segment.get(U8, offset) & 0xff;
    }

    static int u16(MemorySegment segment, long offset) {
        return segment.get(U16_HOST, offset) & 0xffff;
    }

    static int port(MemorySegment segment, long offset) {
        return segment.get(U16_BIG_ENDIAN, offset) & 0xffff;
    }

    static void u8(MemorySegment segment, long offset, int value) {
        segment.set(U8, offset, (byte) value);
    }

    static void u16(MemorySegment segment, long offset, int value) {
        segment.set(U16_HOST, offset, (short) value);
    }

    static void port(MemorySegment segment, long offset, int port) {
        segment.set(U16_BIG_ENDIAN, offset, (short) port);
    }

    static void address(MemorySegment segment, long offset, long high, long low) {
        segment.set(U64_BIG_ENDIAN, offset, high);
        segment.set(U64_BIG_ENDIAN, offset + 8, low);
    }

    static long addressHigh(MemorySegment segment, long offset) {
        return segment.get(U64_BIG_ENDIAN, offset);
    }

    static long addressLow(MemorySegment segment, long offset) {
        return segment.get(U64_BIG_ENDIAN, offset + 8);
    }

    /** Whether two addresses of the family are the same; of IPv4 addresses the last 12 bytes mean nothing. */
    static boolean sameAddress(int family, long high, long low, long otherHigh, long otherLow) {
        return family == Inet.AF_INET6 ? high == otherHigh && low == otherLow : high >>> 32 == otherHigh >>> 32;
    }

    /**
     * Zeroes {@code length} bytes: without a slice, which might be an object, and as one copy, which is checked once,
     * where each word set would be.
     */
    static void zero(MemorySegment segment, long offset, long length) {
        long at = offset;
        long left = length;
        for (; left > ZEROS_LENGTH; left -= ZEROS_LENGTH, at += ZEROS_LENGTH) {
            MemorySegment.copy(ZEROS, 0, segment, at, ZEROS_LENGTH);
        }
        MemorySegment.copy(ZEROS, 0, segment, at, left);
    }

    /** Rounds up to what netlink aligns to: {@code NLA_ALIGN}, {@code NLMSG_ALIGN}. */
    static int align(int length) {
        return (length + 3) & ~3;
    }

    /**
     * Checks, for a decoder, that {@code length} bytes at {@code offset} lie in the segment and hold {@code minimum}.
     */
    static void check(String what, MemorySegment segment, long offset, long length, long minimum) {
        if (length < minimum) {
            throw new MalformedMessageException(
                    what + " cut short: " + length + " bytes, where " + minimum + " are needed");
        }
        if (offset < 0 || offset > segment.byteSize() || length > segment.byteSize() - offset) {
            throw new MalformedMessageException(what + " of " + length + " bytes at offset " + offset
                    + " reaches beyond its buffer of " + segment.byteSize() + " bytes");
        }
    }
}
