package org.xfrm4j.wire;

/**
 * Numbers that XFRM uses and {@code linux/xfrm.h} does not define: address families ({@code linux/socket.h}), protocols
 * ({@code linux/in.h}, {@code linux/in6.h}) and encapsulations ({@code linux/udp.h}).
 */
public final class Inet {
    /** No family: a selector that matches both. */
    public static final int AF_UNSPEC = 0;
    /** IPv4. */
    public static final int AF_INET = 2;
    /** IPv6. */
    public static final int AF_INET6 = 10;

    /** IPv6 routing header (Mobile IPv6 route optimization). */
    public static final int IPPROTO_ROUTING = 43;
    /** Encapsulating Security Payload, RFC 4303. */
    public static final int IPPROTO_ESP = 50;
    /** Authentication Header, RFC 4302. */
    public static final int IPPROTO_AH = 51;
    /** IPv6 destination options (Mobile IPv6). */
    public static final int IPPROTO_DSTOPTS = 60;
    /** IP payload compression, RFC 3173. */
    public static final int IPPROTO_COMP = 108;

    /** ESP in UDP, RFC 3948. */
    public static final int UDP_ENCAP_ESPINUDP = 2;
    /** ESP in TCP, RFC 8229. */
    public static final int TCP_ENCAP_ESPINTCP = 7;

    private Inet() {
    }

    /** {@return the longest prefix of the family, in bits; 128 for a family that is neither IPv4 nor IPv6} */
    public static int addressBits(int family) {
        return family == AF_INET ? 32 : 128;
    }

    static boolean isFamily(int family) {
        return family == AF_INET || family == AF_INET6;
    }
}
