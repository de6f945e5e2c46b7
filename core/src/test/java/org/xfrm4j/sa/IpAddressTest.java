package org.xfrm4j.sa;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IpAddressTest {
    @Test
    void parsesAnIpv4Address() {
        IpAddress address = IpAddress.parse("192.0.2.255");
        assertEquals(AddressFamily.INET, address.family());
        assertEquals(0xc00002ff, address.ipv4Bits());
        assertEquals(0xc00002ffL << 32, address.high());
        assertEquals(0, address.low());
        assertEquals(IpAddress.ANY_IPV4, IpAddress.parse("0.0.0.0"));
        assertEquals(IpAddress.ofIpv4(-1), IpAddress.parse("255.255.255.255"));
    }

    /** RFC 5952, section 4, and what RFC 4291, section 2.2 allows to be written. */
    @ParameterizedTest
    @CsvSource({
        "2001:db8::1, 2001:db8::1",
        "2001:0DB8:0000:0000:0000:0000:0000:0001, 2001:db8::1",
        "2001:db8:0:0:1:0:0:1, 2001:db8::1:0:0:1",
        "2001:db8:0:1:1:1:1:1, 2001:db8:0:1:1:1:1:1",
        "2001:0:0:1:0:0:0:1, 2001:0:0:1::1",
        "::, ::",
        "0:0:0:0:0:0:0:0, ::",
        "::1, ::1",
        "1::, 1::",
        "1:2:3:4:5:6:7::, 1:2:3:4:5:6:7:0",
        "::2:3:4:5:6:7:8, 0:2:3:4:5:6:7:8",
        "fe80::, fe80::",
        "::ffff:192.0.2.1, ::ffff:192.0.2.1",
        "::ffff:c000:201, ::ffff:192.0.2.1",
        "64:ff9b::192.0.2.33, 64:ff9b::c000:221",
        "1:2:3:4:5:6:192.0.2.33, 1:2:3:4:5:6:c000:221",
        "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff, ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
    })
    void printsIpv6AsRfc5952HasIt(String written, String canonical) {
        assertEquals(canonical, IpAddress.parse(written).toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "", " ", "1", "1.2.3", "1.2.3.4.5", "1.2.3.256", "1.2.3.", ".1.2.3", "1..2.3", "01.2.3.4", "1.2.3.04",
        "1.2.3.4 ", "+1.2.3.4", "1.2.3.-4", "١.2.3.4", "localhost", "example.org", "0x7f.0.0.1", "2130706433",
        ":", ":::", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "1::2::3", "1:2:3:4:5:6:7::8:9", "::1:2:3:4:5:6:7:8",
        "12345::", "g::", ":1::", "1:", ":1", "::1:", "fe80::1%eth0", "::1.2.3", "1.2.3.4::", "::1.2.3.4:5",
        "1:2:3:4:5:6:7:1.2.3.4", "[::1]", "::1/64", "::１"
    })
    void refusesWhatIsNoLiteralAndLooksUpNoName(String text) {
        String message = assertThrows(IllegalArgumentException.class, () -> IpAddress.parse(text)).getMessage();
        assertEquals("address: \"" + text + "\" is not an IPv4 or IPv6 address", message);
    }

    @Test
    void printsWhatTheJdkParsesToTheSameAddress() throws UnknownHostException {
        Random random = new Random(5);
        for (int i = 0; i < 20_000; i++) {
            // Many zero groups, so that every way of leaving them out is met.
            long mask = random.nextLong() & random.nextLong();
            IpAddress address = random.nextInt(8) == 0 ? IpAddress.ofIpv4(random.nextInt())
                    : IpAddress.ofIpv6(sparse(random, mask), sparse(random, mask >>> 32));
            assertEquals(address, IpAddress.parse(address.toString()));
            if (!address.toString().startsWith("::ffff:")) {
                assertEquals(address, IpAddress.of(InetAddress.getByName(address.toString())));
                assertEquals(address, IpAddress.of(address.toInetAddress()));
            }
        }
    }

    private static long sparse(Random random, long mask) {
        long bits = random.nextLong();
        for (int i = 0; i < 4; i++) {
            bits = (mask >>> i & 1) == 0 ? bits & ~(0xffffL << 16 * i) : bits;
        }
        return bits;
    }

    @Test
    void refusesIpv4OfMoreThan32Bits() {
        assertThrows(IllegalArgumentException.class, () -> new IpAddress(AddressFamily.INET, 1, 0));
        assertThrows(IllegalArgumentException.class, () -> new IpAddress(AddressFamily.INET, 0, 1));
    }

    @Test
    void leavesOutWhatStandsBehindAnIpv4AddressOnTheWire() {
        assertEquals(IpAddress.parse("192.0.2.1"),
                IpAddress.ofWire(AddressFamily.INET, 0xc0000201_ffffffffL, -1));
    }

    @Test
    void parsesPrefixes() {
        assertEquals(new IpPrefix(IpAddress.parse("192.0.2.0"), 24), IpPrefix.parse("192.0.2.0/24"));
        assertEquals(IpPrefix.host(IpAddress.parse("192.0.2.1")), IpPrefix.parse("192.0.2.1"));
        assertEquals(32, IpPrefix.parse("192.0.2.1").length());
        assertEquals(128, IpPrefix.parse("2001:db8::1").length());
        assertEquals("2001:db8::/32", IpPrefix.parse("2001:db8::/32").toString());
        assertEquals("10.1.2.3/8", IpPrefix.parse("10.1.2.3/8").toString(), "host bits are kept");
    }

    @ParameterizedTest
    @ValueSource(strings = {"192.0.2.0/33", "2001:db8::/129", "192.0.2.0/", "192.0.2.0/-1", "192.0.2.0/+1",
        "192.0.2.0/1000", "192.0.2.0/x", "192.0.2.0/2/4"})
    void refusesPrefixesThatAreNone(String text) {
        assertTrue(assertThrows(IllegalArgumentException.class, () -> IpPrefix.parse(text)).getMessage()
                .startsWith("prefix length: "));
    }
}
