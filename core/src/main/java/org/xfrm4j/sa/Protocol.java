package org.xfrm4j.sa;

import org.xfrm4j.wire.Inet;

/**
 * The protocol of an SA.
 *
 * @param number its number in the IP header
 */
public record Protocol(int number) {
    /** Encapsulating Security Payload, RFC 4303. */
    public static final Protocol ESP = new Protocol(Inet.IPPROTO_ESP);
    /** Authentication Header, RFC 4302. */
    public static final Protocol AH = new Protocol(Inet.IPPROTO_AH);
    /** IP payload compression, RFC 3173. */
    public static final Protocol COMP = new Protocol(Inet.IPPROTO_COMP);
    /** Mobile IPv6 route optimization: routing header. */
    public static final Protocol ROUTING = new Protocol(Inet.IPPROTO_ROUTING);
    /** Mobile IPv6 route optimization: home address option. */
    public static final Protocol DSTOPTS = new Protocol(Inet.IPPROTO_DSTOPTS);

    /**
     * Checks the number.
     *
     * @throws IllegalArgumentException if it is not between 0 and 255
     */
    public Protocol {
        Check.range("proto", number, 0, 255);
    }

    /** {@return whether SAs of this protocol have an SPI: ESP, AH and IPComp} */
    public boolean hasSpi() {
        return number == Inet.IPPROTO_ESP || number == Inet.IPPROTO_AH || number == Inet.IPPROTO_COMP;
    }

    /** {@return the name that {@code ip xfrm} has for it, or the number} */
    @Override
    public String toString() {
        return switch (number) {
            case Inet.IPPROTO_ESP -> "esp";
            case Inet.IPPROTO_AH -> "ah";
            case Inet.IPPROTO_COMP -> "comp";
            case Inet.IPPROTO_ROUTING -> "route2";
            case Inet.IPPROTO_DSTOPTS -> "hao";
            default -> Integer.toString(number);
        };
    }
}
