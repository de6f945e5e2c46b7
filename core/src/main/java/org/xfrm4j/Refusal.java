package org.xfrm4j;

import org.xfrm4j.netlink.BatchResults;
import org.xfrm4j.netlink.Errno;
import org.xfrm4j.wire.XfrmAttributes;

/**
 * Why a request was refused, in the kernel's own words.
 *
 * @param errno the kernel's positive error number ({@link Errno}); 0 when the library refused before sending
 * @param text the reason; null if the kernel gave none
 * @param attribute the attribute objected to, for instance {@code XFRMA_ENCAP}; null if none was named
 */
public record Refusal(int errno, String text, String attribute) {

    /**
     * The refusal of one message of a batch.
     *
     * @param results of a batch that was executed
     * @param index a message that failed
     * @return number, text and attribute
     */
    public static Refusal of(BatchResults results, int index) {
        int attribute = results.attributeType(index);
        return new Refusal(results.error(index), results.text(index),
                attribute == 0 ? null : XfrmAttributes.name(attribute));
    }

    /** {@return for instance {@code EEXIST (17) New SA tuple already occupied}} */
    @Override
    public String toString() {
        StringBuilder string = new StringBuilder(errno == 0 ? "not sent:" : Errno.describe(errno));
        if (text != null) {
            string.append(' ').append(text);
        }
        if (attribute != null) {
            string.append(" (").append(attribute).append(')');
        }
        return string.toString();
    }
}
