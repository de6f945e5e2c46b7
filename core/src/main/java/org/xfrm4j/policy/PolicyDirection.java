package org.xfrm4j.policy;

import org.xfrm4j.bindings.xfrm4j_h;

/** Which packets a policy is asked about. */
public enum PolicyDirection {
    /** Those that come in to this host. */
    IN("in"),
    /** Those that go out, forwarded ones included. */
    OUT("out"),
    /** Those that are forwarded. */
    FORWARD("fwd"),
    /** Those that come in to one socket ({@code IP_XFRM_POLICY}). The kernel tells such policies, and takes none. */
    SOCKET_IN("socket in"),
    /** Those that go out from one socket ({@code IP_XFRM_POLICY}). The kernel tells such policies, and takes none. */
    SOCKET_OUT("socket out");

    private final String text;

    PolicyDirection(String text) {
        this.text = text;
    }

    /** {@return the kernel's number: {@code XFRM_POLICY_IN}, …; that of a socket's policy is 3 more} */
    public int number() {
        return ordinal();
    }

    /** {@return whether it is that of one socket's policies} */
    public boolean isOfSocket() {
        return ordinal() >= xfrm4j_h.XFRM_POLICY_MAX();
    }

    /**
     * {@return the direction of the kernel's number}
     *
     * @throws IllegalArgumentException if it is none of these
     */
    public static PolicyDirection of(int number) {
        return values()[Check.range("dir", number, 0, SOCKET_OUT.ordinal())];
    }

    /** {@return the name that {@code ip xfrm} has for it} */
    @Override
    public String toString() {
        return text;
    }
}
