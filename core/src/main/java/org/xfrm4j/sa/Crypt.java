package org.xfrm4j.sa;

import org.xfrm4j.bindings.xfrm4j_h;

/**
 * Encryption ({@code struct xfrm_algo}).
 *
 * @param name the kernel's name, for example {@code cbc(aes)}
 * @param key the key
 */
public record Crypt(String name, Key key) implements Algorithm {
    /** AES-CBC, RFC 3602. */
    public static Crypt aesCbc(Key key) {
        return new Crypt("cbc(aes)", key);
    }

    /** NULL encryption, RFC 2410. */
    public static Crypt cipherNull() {
        return new Crypt("ecb(cipher_null)", Key.empty());
    }

    /**
     * Checks the fields.
     *
     * @throws IllegalArgumentException if the name is not one
     */
    public Crypt {
        Algorithms.check(name, key);
    }

    @Override
    public int attributeType() {
        return xfrm4j_h.XFRMA_ALG_CRYPT();
    }

    /** {@return the algorithm as {@code ip xfrm} prints it, without the key} */
    @Override
    public String toString() {
        return "enc " + name + " " + key;
    }
}
