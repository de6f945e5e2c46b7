package org.xfrm4j.policy;

import java.util.Locale;

/** What becomes of packets that a policy matches. */
public enum PolicyAction {
    /** They pass: through SAs as the templates say, or as they are where there are no templates. */
    ALLOW,
    /** They are dropped. */
    BLOCK;

    /** {@return the kernel's number, {@code XFRM_POLICY_…}} */
    public int number() {
        return ordinal();
    }

    /**
     * {@return the action of the kernel's number}
     *
     * @throws IllegalArgumentException if it is none of these
     */
    public static PolicyAction of(int number) {
        return values()[Check.range("action", number, 0, 1)];
    }

    /** {@return the name that {@code ip xfrm} has for it} */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
