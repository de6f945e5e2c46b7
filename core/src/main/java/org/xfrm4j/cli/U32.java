package org.xfrm4j.cli;

/**
 * A number of 32 bits without sign, as SPIs, reqids and marks are: decimal, or hexadecimal with 0x.
 *
 * @param bits the number
 */
record U32(int bits) {
    static U32 parse(String text) {
        return new U32((int) parse(text, 0xffffffffL));
    }

    /** A number up to {@code most}, which may have no sign bit. */
    static long parse(String text, long most) {
        boolean hex = text.startsWith("0x") || text.startsWith("0X");
        try {
            long number = Long.parseUnsignedLong(hex ? text.substring(2) : text, hex ? 16 : 10);
            if (Long.compareUnsigned(number, most) <= 0) {
                return number;
            }
        } catch (NumberFormatException wrong) {
            // told below
        }
        throw new UsageException("'" + text + "' is not a number from 0 to " + Long.toUnsignedString(most)
                + " (0x… for hexadecimal)");
    }

    @Override
    public String toString() {
        return "0x" + Integer.toHexString(bits);
    }
}
