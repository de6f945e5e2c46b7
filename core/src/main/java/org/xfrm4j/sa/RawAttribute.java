package org.xfrm4j.sa;

import java.util.Arrays;
import org.xfrm4j.wire.AttributeEncoder;
import org.xfrm4j.wire.XfrmAttributes;

/**
 * An attribute that this version does not know, or that does not belong where it was found. It is kept as it is and
 * given back unchanged. Its bytes are not printed: they might hold a key.
 *
 * @param type the type, {@code XFRMA_…}
 * @param payload the bytes behind the header
 */
public record RawAttribute(int type, byte[] payload) {
    /**
     * Copies the bytes.
     *
     * @throws IllegalArgumentException if there are too many, or the type has more than 14 bits
     */
    public RawAttribute {
        Check.range("attribute type", type, 0, 0x3fff);
        Check.range("attribute length", payload.length, 0, AttributeEncoder.MAX_PAYLOAD_LENGTH);
        payload = payload.clone();
    }

    /** {@return a copy of the bytes} */
    @Override
    public byte[] payload() {
        return payload.clone();
    }

    /**
     * Appends the attribute.
     *
     * @param attributes where to
     */
    public void encode(AttributeEncoder attributes) {
        attributes.putBytes(type, payload);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof RawAttribute raw && type == raw.type && Arrays.equals(payload, raw.payload);
    }

    @Override
    public int hashCode() {
        return 31 * type + Arrays.hashCode(payload);
    }

    /** {@return type and length} */
    @Override
    public String toString() {
        return describe(type, payload.length);
    }

    /** {@return the text of an attribute with that many bytes, as {@link #toString} has it} */
    public static String describe(int type, int byteLength) {
        return XfrmAttributes.name(type) + " (" + byteLength + " bytes)";
    }
}
