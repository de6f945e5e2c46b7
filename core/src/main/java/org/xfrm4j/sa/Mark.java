package org.xfrm4j.sa;

/**
 * A mark: some bits of 32, and which they are. A packet's mark matches where {@code mark & mask == value}.
 *
 * @param value the bits
 * @param mask which bits count
 */
public record Mark(int value, int mask) {
    /** No mark: matches every packet. */
    public static final Mark NONE = new Mark(0, 0);

    /** {@return a mark of which all bits count} */
    public static Mark exactly(int value) {
        return new Mark(value, ~0);
    }

    /** {@return whether there is none; a value of 0 with a mask is one} */
    public boolean isNone() {
        return value == 0 && mask == 0;
    }

    /** {@return whether a packet can match it: the value has no bits outside the mask} */
    public boolean isMatchable() {
        return (value & ~mask) == 0;
    }

    /** {@return value and mask in hex} */
    @Override
    public String toString() {
        return "0x" + Integer.toHexString(value) + "/0x" + Integer.toHexString(mask);
    }
}
