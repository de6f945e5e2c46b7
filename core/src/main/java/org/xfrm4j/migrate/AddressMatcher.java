package org.xfrm4j.migrate;

import org.xfrm4j.sa.AddressFamily;
import org.xfrm4j.sa.IpPrefix;
import org.xfrm4j.wire.SaDecoder;

/** Compares addresses with a prefix, as two longs of 64 bits in network order; no object for an address. */
final class AddressMatcher {
    private final int family;
    private final long maskHigh;
    private final long maskLow;
    private final long high;
    private final long low;

    AddressMatcher(IpPrefix prefix) {
        this.family = prefix.address().family().number();
        this.maskHigh = mask(prefix.length());
        this.maskLow = mask(prefix.length() - Long.SIZE);
        this.high = prefix.address().high() & maskHigh;
        this.low = prefix.address().low() & maskLow;
    }

    /** The first bits of 64, as many as there are. */
    static long mask(int bits) {
        return bits <= 0 ? 0 : bits >= Long.SIZE ? ~0L : ~0L << Long.SIZE - bits;
    }

    boolean source(SaDecoder sa) {
        return matches(sa.family(), sa.sourceHigh(), sa.sourceLow());
    }

    boolean destination(SaDecoder sa) {
        return matches(sa.family(), sa.destinationHigh(), sa.destinationLow());
    }

    boolean matches(int addressFamily, long addressHigh, long addressLow) {
        boolean sameFamily = family == addressFamily || family == AddressFamily.UNSPEC.number();
        return sameFamily && (addressHigh & maskHigh) == high && (addressLow & maskLow) == low;
    }
}
