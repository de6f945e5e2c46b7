package org.xfrm4j.sa;

import org.xfrm4j.bindings.xfrm4j_h;

/**
 * How an SA wraps packets. One that this version does not know can be read, and is not written.
 *
 * @param number the kernel's number, {@code XFRM_MODE_…}
 */
public record Mode(int number) {
    /** Between two hosts, the IP header stays (RFC 4301, section 4.1). */
    public static final Mode TRANSPORT = new Mode(xfrm4j_h.XFRM_MODE_TRANSPORT());
    /** A whole packet inside another. */
    public static final Mode TUNNEL = new Mode(xfrm4j_h.XFRM_MODE_TUNNEL());
    /** Mobile IPv6 route optimization. */
    public static final Mode ROUTE_OPTIMIZATION = new Mode(xfrm4j_h.XFRM_MODE_ROUTEOPTIMIZATION());
    /** Mobile IPv6, inbound trigger. */
    public static final Mode IN_TRIGGER = new Mode(xfrm4j_h.XFRM_MODE_IN_TRIGGER());
    /** Bound End-to-End Tunnel: a tunnel between fixed inner addresses, without the inner header. */
    public static final Mode BEET = new Mode(xfrm4j_h.XFRM_MODE_BEET());
    /** Aggregation and fragmentation, RFC 9347. */
    public static final Mode IPTFS = new Mode(xfrm4j_h.XFRM_MODE_IPTFS());

    private static final String[] NAMES = {"transport", "tunnel", "ro", "in_trigger", "beet", "iptfs"};

    /**
     * Checks the number.
     *
     * @throws IllegalArgumentException if it is not between 0 and 255
     */
    public Mode {
        Check.range("mode", number, 0, 255);
    }

    /** {@return whether it is one of those above} */
    public boolean isKnown() {
        return number < NAMES.length;
    }

    /** {@return the name that {@code ip xfrm} has for it, or the number} */
    @Override
    public String toString() {
        return isKnown() ? NAMES[number] : Integer.toString(number);
    }
}
