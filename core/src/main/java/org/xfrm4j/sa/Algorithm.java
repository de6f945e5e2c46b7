package org.xfrm4j.sa;

import java.lang.foreign.MemorySegment;
import org.xfrm4j.bindings.xfrm4j_h;
import org.xfrm4j.wire.AlgorithmEncoder;
import org.xfrm4j.wire.AttributeEncoder;

/** An algorithm of an SA, by the name that the kernel's crypto has for it, and its key. */
public sealed interface Algorithm permits Aead, Auth, Crypt, Comp {
    /** {@return the kernel's name} */
    String name();

    /** {@return the key; empty for one without} */
    Key key();

    /** {@return the attribute that holds it, {@code XFRMA_ALG_…}} */
    int attributeType();

    /** {@return the length of the integrity check value in bits; 0 for the algorithm's own, and for one without} */
    default int icvBits() {
        return 0;
    }

    /**
     * Appends the algorithm, key included.
     *
     * @param segment the memory that the attributes are in
     * @param attributes where to
     * @throws IllegalStateException if the key was wiped
     */
    default void encode(MemorySegment segment, AttributeEncoder attributes) {
        int type = attributeType();
        AlgorithmEncoder encoder = new AlgorithmEncoder()
                .wrap(segment, attributes.begin(type), type)
                .name(name())
                .keyLength(key().bitLength());
        if (type == xfrm4j_h.XFRMA_ALG_AEAD() || type == xfrm4j_h.XFRMA_ALG_AUTH_TRUNC()) {
            encoder.icvLength(icvBits());
        }
        key().copyTo(segment, encoder.keyOffset());
        attributes.end(encoder.encodedLength());
    }
}
