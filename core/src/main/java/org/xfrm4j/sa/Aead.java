package org.xfrm4j.sa;

import org.xfrm4j.bindings.xfrm4j_h;

/**
 * Encryption with integrity in one ({@code struct xfrm_algo_aead}).
 *
 * @param name the kernel's name, for example {@code rfc4106(gcm(aes))}
 * @param key the key, salt included
 * @param icvBits length of the integrity check value, in bits
 */
public record Aead(String name, Key key, int icvBits) implements Algorithm {
    /** AES-GCM with a 128 bit ICV, RFC 4106; of the key the last 4 bytes are the salt. */
    public static Aead aesGcm(Key key) {
        return new Aead("rfc4106(gcm(aes))", key, 128);
    }

    /** ChaCha20-Poly1305, RFC 7634; of the key, 36 bytes, the last 4 are the salt. */
    public static Aead chaCha20Poly1305(Key key) {
        return new Aead("rfc7539esp(chacha20,poly1305)", key, 128);
    }

    /**
     * Checks the fields.
     *
     * @throws IllegalArgumentException if the name is not one, or the length negative
     */
    public Aead {
        Algorithms.check(name, key);
        Check.range("aead icv bits", icvBits, 0, Integer.MAX_VALUE);
    }

    @Override
    public int attributeType() {
        return xfrm4j_h.XFRMA_ALG_AEAD();
    }

    /** {@return the algorithm as {@code ip xfrm} prints it, without the key} */
    @Override
    public String toString() {
        return "aead " + name + " " + key + " " + icvBits;
    }
}
