package org.xfrm4j.migrate;

import org.xfrm4j.wire.Inet;

/**
 * Addresses that have their first bits in common; all, or one. Changed in place, so that no object is made for a
 * policy.
 */
final class AddressRange {
    private int family;
    private long high;
    private long low;
    private int bits;

    /** The addresses of a prefix. */
    AddressRange prefix(int ofFamily, long firstHigh, long firstLow, int length) {
        family = ofFamily;
        high = SaTable.highOf(ofFamily, firstHigh);
        low = SaTable.lowOf(ofFamily, firstLow);
        bits = length;
        return this;
    }

    /** One address. */
    AddressRange one(int ofFamily, long theHigh, long theLow) {
        return prefix(ofFamily, theHigh, theLow, Inet.addressBits(ofFamily));
    }

    /** One address, or all when it is the unspecified one. */
    AddressRange oneOrAll(int ofFamily, long theHigh, long theLow) {
        one(ofFamily, theHigh, theLow);
        return (high | low) == 0 ? prefix(ofFamily, 0, 0, 0) : this;
    }

    AddressRange all() {
        return prefix(Inet.AF_UNSPEC, 0, 0, 0);
    }

    boolean isOne() {
        return family != Inet.AF_UNSPEC && bits == Inet.addressBits(family);
    }

    long high() {
        return high;
    }

    long low() {
        return low;
    }

    /** Whether an address of the same family is one of them. */
    boolean contains(long theHigh, long theLow) {
        return ((theHigh ^ high) & AddressMatcher.mask(bits)) == 0
                && ((theLow ^ low) & AddressMatcher.mask(bits - Long.SIZE)) == 0;
    }
}
