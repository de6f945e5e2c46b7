package org.xfrm4j.sa;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * Key material. It owns a copy of its bytes on the Java heap, which {@link #wipe} zeroes; a garbage collector may have
 * moved them before, so this keeps keys from lying about, and does not promise that no trace is left.
 *
 * <p>Whoever made the key wipes it, and the array that it was made from. {@link SecurityAssociation#from} makes keys,
 * which are for its caller to wipe ({@link SecurityAssociation#wipeKeys}). Wiping is seen by every value that holds the
 * key; a wiped key cannot be written any more.
 *
 * <p>Keys are compared in a time that does not depend on their bytes. {@code toString} tells only the length.
 *
 * <p>Any thread may have a key. Who wipes it sees to it that no other is writing it meanwhile: that one could write
 * zeros.
 */
public final class Key {
    private static final Key EMPTY = new Key(new byte[0], 0);

    private final byte[] bytes;
    private final int bits;
    private volatile boolean wiped;

    private Key(byte[] bytes, int bits) {
        this.bytes = bytes;
        this.bits = bits;
    }

    /** {@return a key of these bytes, which are copied} */
    public static Key of(byte[] bytes) {
        return new Key(bytes.clone(), bytes.length * 8);
    }

    /**
     * A key of these hexadecimal digits. The string cannot be wiped: for tests and examples.
     *
     * @param digits two digits a byte, with or without 0x before them
     * @return the key
     * @throws IllegalArgumentException if they are not; the message does not show them
     */
    public static Key ofHex(String digits) {
        try {
            String hex = digits.startsWith("0x") ? digits.substring(2) : digits;
            byte[] bytes = HexFormat.of().parseHex(hex);
            return new Key(bytes, bytes.length * 8);
        } catch (IllegalArgumentException e) {
            // The cause would show the digits.
            throw new IllegalArgumentException("key: not an even number of hexadecimal digits");
        }
    }

    /** {@return the empty key, of algorithms without one} */
    public static Key empty() {
        return EMPTY;
    }

    /** A key in native memory, which is copied; the last byte may have fewer than 8 bits. */
    static Key from(MemorySegment segment, long offset, int bits) {
        byte[] bytes = new byte[bits + 7 >>> 3];
        MemorySegment.copy(segment, ValueLayout.JAVA_BYTE, offset, bytes, 0, bytes.length);
        return new Key(bytes, bits);
    }

    /** {@return the length in bits} */
    public int bitLength() {
        return bits;
    }

    /** {@return the length in bytes} */
    public int byteLength() {
        return bytes.length;
    }

    /**
     * Copies the key to native memory, which the caller then has to wipe.
     *
     * @param segment the memory
     * @param offset where the key goes
     * @throws IllegalStateException if the key was wiped
     */
    public void copyTo(MemorySegment segment, long offset) {
        if (wiped) {
            throw new IllegalStateException("key: wiped, it cannot be used any more");
        }
        MemorySegment.copy(bytes, 0, segment, ValueLayout.JAVA_BYTE, offset, bytes.length);
    }

    /** Zeroes the key, for good. */
    public void wipe() {
        Arrays.fill(bytes, (byte) 0);
        wiped = bytes.length > 0;
    }

    /** {@return whether the key was wiped} */
    public boolean isWiped() {
        return wiped;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Key key && bits == key.bits && wiped == key.wiped
                && MessageDigest.isEqual(bytes, key.bytes);
    }

    /** {@return a hash of the length alone, so that it stays the same and tells nothing} */
    @Override
    public int hashCode() {
        return bits;
    }

    /** {@return the length} */
    @Override
    public String toString() {
        return "<key> (" + bits + " bits)";
    }
}
