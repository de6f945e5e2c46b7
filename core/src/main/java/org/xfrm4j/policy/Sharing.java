package org.xfrm4j.policy;

import org.xfrm4j.bindings.xfrm4j_h;

/**
 * Who may share an SA. The kernel looks at none of it: of a policy it forgets it, of a template it gives it back.
 *
 * @param number the kernel's number, {@code XFRM_SHARE_…}
 */
public record Sharing(int number) {
    /** All. */
    public static final Sharing ANY = new Sharing(xfrm4j_h.XFRM_SHARE_ANY());
    /** One session. */
    public static final Sharing SESSION = new Sharing(xfrm4j_h.XFRM_SHARE_SESSION());
    /** One user. */
    public static final Sharing USER = new Sharing(xfrm4j_h.XFRM_SHARE_USER());
    /** Nobody. */
    public static final Sharing UNIQUE = new Sharing(xfrm4j_h.XFRM_SHARE_UNIQUE());

    private static final String[] NAMES = {"any", "session", "user", "unique"};

    /**
     * Checks the number.
     *
     * @throws IllegalArgumentException if it is not between 0 and 255
     */
    public Sharing {
        Check.range("share", number, 0, 255);
    }

    /** {@return the name that {@code ip xfrm} has for it, or the number} */
    @Override
    public String toString() {
        return number < NAMES.length ? NAMES[number] : Integer.toString(number);
    }
}
