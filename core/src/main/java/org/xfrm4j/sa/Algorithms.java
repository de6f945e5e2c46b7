package org.xfrm4j.sa;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import org.xfrm4j.bindings.xfrm4j_h;
import org.xfrm4j.wire.AlgorithmDecoder;
import org.xfrm4j.wire.AlgorithmEncoder;

/** What the kinds of {@link Algorithm} have in common and is nobody else's business. */
final class Algorithms {
    private Algorithms() {
    }

    /** Reads the algorithm of an attribute. */
    static Algorithm from(int type, MemorySegment segment, long offset, int length) {
        AlgorithmDecoder decoder = new AlgorithmDecoder().wrap(segment, offset, length, type);
        byte[] bytes = new byte[decoder.nameLength()];
        MemorySegment.copy(segment, ValueLayout.JAVA_BYTE, decoder.nameOffset(), bytes, 0, bytes.length);
        String name = new String(bytes, StandardCharsets.ISO_8859_1);
        if (type == xfrm4j_h.XFRMA_ALG_COMP()) {
            return new Comp(name);
        }
        Key key = Key.from(segment, decoder.keyOffset(), decoder.keyLength());
        if (type == xfrm4j_h.XFRMA_ALG_AEAD()) {
            return new Aead(name, key, decoder.icvLength());
        }
        return type == xfrm4j_h.XFRMA_ALG_CRYPT() ? new Crypt(name, key) : new Auth(name, key, decoder.icvLength());
    }

    static void check(String name, Key key) {
        Check.notNull("algorithm name", name);
        Check.notNull("key", key);
        Check.range("algorithm name length", name.length(), 1, AlgorithmEncoder.MAX_NAME_LENGTH);
        for (int i = 0; i < name.length(); i++) {
            Check.range("algorithm name character", name.charAt(i), 0x21, 0x7e);
        }
    }
}
