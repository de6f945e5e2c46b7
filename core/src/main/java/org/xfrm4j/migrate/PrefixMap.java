package org.xfrm4j.migrate;

import org.xfrm4j.sa.AddressFamily;
import org.xfrm4j.sa.IpPrefix;

/**
 * Maps the addresses of one prefix to those of another: the first bits are replaced, the others stay. Both have the
 * same number of others, so 192.0.2.0/24 goes with 198.51.100.0/24 or 2001:db8::/120, and one address with one address.
 * Makes no object for an address.
 */
final class PrefixMap {
    private static final int IPV4_BITS = 32;

    private final AddressMatcher from;
    private final AddressFamily fromFamily;
    private final AddressFamily toFamily;
    private final int hostBits;
    private final long toHigh;
    private final long toLow;

    PrefixMap(IpPrefix from, IpPrefix to) {
        this.hostBits = hostBits(from);
        if (hostBits != hostBits(to)) {
            throw new IllegalArgumentException(from + " and " + to + " do not hold the same number of addresses");
        }
        this.from = new AddressMatcher(from);
        this.fromFamily = from.address().family();
        this.toFamily = to.address().family();
        int networkBits = to.length();
        this.toHigh = to.address().high() & AddressMatcher.mask(networkBits);
        this.toLow = to.address().low() & AddressMatcher.mask(networkBits - Long.SIZE);
    }

    private static int hostBits(IpPrefix prefix) {
        if (prefix.address().family() == AddressFamily.UNSPEC) {
            throw new IllegalArgumentException(prefix + " is neither IPv4 nor IPv6");
        }
        return prefix.address().family().bits() - prefix.length();
    }

    boolean contains(int family, long high, long low) {
        return from.matches(family, high, low);
    }

    int family() {
        return toFamily.number();
    }

    /** Bytes 0 to 7 of the new address. */
    long high(long high, long low) {
        if (toFamily == AddressFamily.INET) {
            return toHigh | hostOfIpv4(high, low) << IPV4_BITS;
        }
        // An IPv4 address has 32 bits at most to keep: all of them are in the lower half of an IPv6 one.
        return fromFamily == AddressFamily.INET ? toHigh : toHigh | high & ~AddressMatcher.mask(128 - hostBits);
    }

    /** Bytes 8 to 15 of the new address. */
    long low(long high, long low) {
        if (toFamily == AddressFamily.INET) {
            return 0;
        }
        long host = fromFamily == AddressFamily.INET ? high >>> IPV4_BITS : low;
        return toLow | host & ~AddressMatcher.mask(Long.SIZE - hostBits);
    }

    /** The bits to keep, of at most 32, right-aligned. */
    private long hostOfIpv4(long high, long low) {
        long all = fromFamily == AddressFamily.INET ? high >>> IPV4_BITS : low & 0xffffffffL;
        return all & ~(~0L << hostBits);
    }
}
