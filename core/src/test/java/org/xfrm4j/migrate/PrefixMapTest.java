package org.xfrm4j.migrate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.math.BigInteger;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.xfrm4j.sa.AddressFamily;
import org.xfrm4j.sa.IpAddress;
import org.xfrm4j.sa.IpPrefix;

/** Every length of prefix, within a family and from one to the other, against big integers. */
class PrefixMapTest {
    private final Random random = new Random(4);

    @Test
    void mapsAsTheModelDoesForEveryLengthAndFamily() {
        for (AddressFamily from : new AddressFamily[] {AddressFamily.INET, AddressFamily.INET6}) {
            for (AddressFamily to : new AddressFamily[] {AddressFamily.INET, AddressFamily.INET6}) {
                for (int hostBits = 0; hostBits <= Math.min(from.bits(), to.bits()); hostBits++) {
                    for (int round = 0; round < 20; round++) {
                        compare(new IpPrefix(address(from), from.bits() - hostBits),
                                new IpPrefix(address(to), to.bits() - hostBits));
                    }
                }
            }
        }
    }

    private void compare(IpPrefix from, IpPrefix to) {
        PrefixMap map = new PrefixMap(from, to);
        IpAddress near = inside(from);
        for (IpAddress address : new IpAddress[] {near, flip(near), address(from.address().family()),
            address(to.address().family()), from.address()}) {
            boolean contains = address.family() == from.address().family()
                    && number(address).shiftRight(hostBits(from)).equals(number(from.address()).shiftRight(hostBits(from)));
            // What stands behind the 32 bits of an IPv4 address in its 16 bytes means nothing.
            long dirtyHigh = address.family() == AddressFamily.INET ? address.high() | 0xdeadbeefL : address.high();
            long dirtyLow = address.family() == AddressFamily.INET ? -1 : address.low();
            assertEquals(contains, map.contains(address.family().number(), dirtyHigh, dirtyLow),
                    () -> address + " in " + from);
            if (contains) {
                IpAddress mapped = new IpAddress(AddressFamily.of(map.family()), map.high(dirtyHigh, dirtyLow),
                        map.low(dirtyHigh, dirtyLow));
                assertEquals(model(from, to, address), mapped, () -> address + " from " + from + " to " + to);
            }
        }
    }

    private static IpAddress model(IpPrefix from, IpPrefix to, IpAddress address) {
        BigInteger hosts = BigInteger.ONE.shiftLeft(hostBits(from)).subtract(BigInteger.ONE);
        return address(to.address().family(), number(to.address()).andNot(hosts).or(number(address).and(hosts)));
    }

    private static int hostBits(IpPrefix prefix) {
        return prefix.address().family().bits() - prefix.length();
    }

    private static BigInteger number(IpAddress address) {
        BigInteger all = new BigInteger(Long.toUnsignedString(address.high())).shiftLeft(64)
                .or(new BigInteger(Long.toUnsignedString(address.low())));
        return address.family() == AddressFamily.INET ? all.shiftRight(96) : all;
    }

    private static IpAddress address(AddressFamily family, BigInteger number) {
        return family == AddressFamily.INET ? IpAddress.ofIpv4(number.intValue())
                : IpAddress.ofIpv6(number.shiftRight(64).longValue(), number.longValue());
    }

    private IpAddress address(AddressFamily family) {
        return address(family, new BigInteger(family.bits(), random));
    }

    private IpAddress inside(IpPrefix prefix) {
        return model(prefix, prefix, address(prefix.address().family()));
    }

    /** The address with one bit changed, so that some lie just beside the prefix. */
    private IpAddress flip(IpAddress address) {
        return address(address.family(), number(address).flipBit(random.nextInt(address.family().bits())));
    }

    @Test
    void refusesPrefixesOfDifferentSizes() {
        assertRefused("192.0.2.0/24 and 198.51.100.0/25 do not hold the same number of addresses", "192.0.2.0/24",
                "198.51.100.0/25");
        assertRefused("192.0.2.0/24 and 2001:db8::/24 do not hold the same number of addresses", "192.0.2.0/24",
                "2001:db8::/24");
        assertRefused("2001:db8::/64 and 0.0.0.0/0 do not hold the same number of addresses", "2001:db8::/64",
                "0.0.0.0/0");
    }

    private static void assertRefused(String message, String from, String to) {
        assertEquals(message, assertThrows(IllegalArgumentException.class,
                () -> new PrefixMap(IpPrefix.parse(from), IpPrefix.parse(to))).getMessage());
    }

    @Test
    void refusesThePrefixOfBothFamilies() {
        assertThrows(IllegalArgumentException.class, () -> new PrefixMap(IpPrefix.ALL, IpPrefix.ALL_IPV6));
        assertThrows(IllegalArgumentException.class, () -> new PrefixMap(IpPrefix.ALL_IPV6, IpPrefix.ALL));
    }
}
