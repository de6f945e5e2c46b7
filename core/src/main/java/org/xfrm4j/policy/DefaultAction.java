package org.xfrm4j.policy;

import java.util.Locale;

/** What becomes of packets that no policy matches ({@code XFRM_USERPOLICY_…}; not the numbers of policies). */
public enum DefaultAction {
    /** When defaults are set: as it is. The kernel never tells it. */
    UNCHANGED,
    /** They are dropped. */
    BLOCK,
    /** They pass. */
    ACCEPT;

    /** {@return the kernel's number, {@code XFRM_USERPOLICY_…}} */
    public int number() {
        return ordinal();
    }

    /**
     * {@return the action of the kernel's number}
     *
     * @throws IllegalArgumentException if it is none of these
     */
    public static DefaultAction of(int number) {
        return values()[Check.range("default action", number, 0, 2)];
    }

    /** {@return the name that {@code ip xfrm} has for it} */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
