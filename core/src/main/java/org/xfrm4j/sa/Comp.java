package org.xfrm4j.sa;

import org.xfrm4j.bindings.xfrm4j_h;

/**
 * Compression ({@code struct xfrm_algo} without a key).
 *
 * @param name the kernel's name, for example {@code deflate}
 */
public record Comp(String name) implements Algorithm {
    /** DEFLATE, RFC 2394. */
    public static Comp deflate() {
        return new Comp("deflate");
    }

    /**
     * Checks the name.
     *
     * @throws IllegalArgumentException if it is not one
     */
    public Comp {
        Algorithms.check(name, Key.empty());
    }

    @Override
    public Key key() {
        return Key.empty();
    }

    @Override
    public int attributeType() {
        return xfrm4j_h.XFRMA_ALG_COMP();
    }

    /** {@return the algorithm as {@code ip xfrm} prints it} */
    @Override
    public String toString() {
        return "comp " + name;
    }
}
