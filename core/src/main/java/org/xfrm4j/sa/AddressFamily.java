package org.xfrm4j.sa;

import org.xfrm4j.wire.Inet;

/** Family of an address. */
public enum AddressFamily {
    /** None: the family of an address that stands for all of both, as in the selector of an SA for both. */
    UNSPEC(Inet.AF_UNSPEC, 128),
    /** IPv4. */
    INET(Inet.AF_INET, 32),
    /** IPv6. */
    INET6(Inet.AF_INET6, 128);

    private final int number;
    private final int bits;

    AddressFamily(int number, int bits) {
        this.number = number;
        this.bits = bits;
    }

    /** {@return the kernel's number, {@code AF_…}} */
    public int number() {
        return number;
    }

    /** {@return how many bits an address has, which is the longest prefix} */
    public int bits() {
        return bits;
    }

    /**
     * {@return the family of the kernel's number}
     *
     * @throws IllegalArgumentException if it is none of these
     */
    public static AddressFamily of(int number) {
        return switch (number) {
            case Inet.AF_UNSPEC -> UNSPEC;
            case Inet.AF_INET -> INET;
            case Inet.AF_INET6 -> INET6;
            default -> throw new IllegalArgumentException("family: " + number + " is neither AF_INET nor AF_INET6");
        };
    }
}
