package org.xfrm4j.policy;

import java.util.Locale;

/** Which of two databases a policy is in ({@code struct xfrm_userpolicy_type}). */
public enum PolicyType {
    /** The usual one. */
    MAIN,
    /** The one that is asked first, its templates before those of the main one (Mobile IPv6). Not every kernel has it. */
    SUB;

    /** {@return the kernel's number, {@code XFRM_POLICY_TYPE_…}} */
    public int number() {
        return ordinal();
    }

    /**
     * {@return the type of the kernel's number}
     *
     * @throws IllegalArgumentException if it is none of these
     */
    public static PolicyType of(int number) {
        return values()[Check.range("ptype", number, 0, 1)];
    }

    /** {@return the name that {@code ip xfrm} has for it} */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
