package org.xfrm4j.wire;

import java.lang.foreign.MemorySegment;

/**
 * A structure in the Java heap, in words of 8 bytes, the first byte in the lowest bits: copied from or to its place in
 * native memory as a whole.
 *
 * <p>Why not read and write each field where it is: each access to a {@link MemorySegment} is checked by itself, which
 * costs as much as the access, and costs the compiler so much that it stops to inline after some twenty of them, so that
 * each of the others is a call. Where all of a structure is needed, one copy takes a third of the time.
 *
 * <p>Offsets are those of the structure, in bytes; a field does not cross words. The machines that the library knows are
 * little-endian.
 */
final class Words {
    private static final int BYTE_SHIFT = 3;

    private Words() {
    }

    /** Memory for a structure of so many bytes; what is behind its last whole word gets a word, too. */
    static long[] of(long bytes) {
        return new long[(int) (bytes + Long.BYTES - 1) >>> BYTE_SHIFT];
    }

    /** Copies {@code count} words out of memory, the first of them to {@code index}. */
    static void read(MemorySegment segment, long offset, long[] words, int index, int count) {
        MemorySegment.copy(segment, Layouts.U64_HOST, offset, words, index, count);
    }

    /** Copies {@code count} words into memory, from {@code index} on. */
    static void write(long[] words, int index, int count, MemorySegment segment, long offset) {
        MemorySegment.copy(words, index, segment, Layouts.U64_HOST, offset, count);
    }

    /** Which word holds the field at {@code offset}. */
    static int index(long offset) {
        return (int) offset >>> BYTE_SHIFT;
    }

    private static int shift(long offset) {
        return ((int) offset & Long.BYTES - 1) << BYTE_SHIFT;
    }

    static int u8(long[] words, long offset) {
        return (int) (words[index(offset)] >>> shift(offset)) & 0xff;
    }

    static int u16(long[] words, long offset) {
        return (int) (words[index(offset)] >>> shift(offset)) & 0xffff;
    }

    static int u32(long[] words, long offset) {
        return (int) (words[index(offset)] >>> shift(offset));
    }

    /** 16 bits in network order. */
    static int port(long[] words, long offset) {
        return Short.toUnsignedInt(Short.reverseBytes((short) u16(words, offset)));
    }

    /** 32 bits in network order. */
    static int u32BigEndian(long[] words, long offset) {
        return Integer.reverseBytes(u32(words, offset));
    }

    static long addressHigh(long[] words, long offset) {
        return Long.reverseBytes(words[index(offset)]);
    }

    static long addressLow(long[] words, long offset) {
        return Long.reverseBytes(words[index(offset) + 1]);
    }

    static void address(long[] words, long offset, long high, long low) {
        words[index(offset)] = Long.reverseBytes(high);
        words[index(offset) + 1] = Long.reverseBytes(low);
    }

    /** Two neighbouring fields of 32 bits in host order. */
    static void pair(long[] words, long offset, int first, int second) {
        words[index(offset)] = Integer.toUnsignedLong(first) | (long) second << Integer.SIZE;
    }
}
