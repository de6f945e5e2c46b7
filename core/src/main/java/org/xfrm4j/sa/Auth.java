package org.xfrm4j.sa;

import org.xfrm4j.bindings.xfrm4j_h;

/**
 * Integrity ({@code struct xfrm_algo_auth}).
 *
 * @param name the kernel's name, for example {@code hmac(sha256)}
 * @param key the key
 * @param icvBits length to which the integrity check value is cut, in bits; 0 for what the kernel has for the name
 */
public record Auth(String name, Key key, int icvBits) implements Algorithm {
    /** HMAC-SHA-256-128, RFC 4868. The kernel's own length for the name is 96, for historical reasons. */
    public static Auth hmacSha256(Key key) {
        return new Auth("hmac(sha256)", key, 128);
    }

    /** HMAC-SHA-512-256, RFC 4868. */
    public static Auth hmacSha512(Key key) {
        return new Auth("hmac(sha512)", key, 256);
    }

    /**
     * Checks the fields.
     *
     * @throws IllegalArgumentException if the name is not one, or the length negative
     */
    public Auth {
        Algorithms.check(name, key);
        Check.range("auth icv bits", icvBits, 0, Integer.MAX_VALUE);
    }

    @Override
    public int attributeType() {
        return icvBits == 0 ? xfrm4j_h.XFRMA_ALG_AUTH() : xfrm4j_h.XFRMA_ALG_AUTH_TRUNC();
    }

    /** {@return the algorithm as {@code ip xfrm} prints it, without the key} */
    @Override
    public String toString() {
        return icvBits == 0 ? "auth " + name + " " + key : "auth-trunc " + name + " " + key + " " + icvBits;
    }
}
