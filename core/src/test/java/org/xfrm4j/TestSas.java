package org.xfrm4j;

import java.time.Instant;
import java.util.List;
import java.util.Random;
import org.xfrm4j.sa.AddressFamily;
import org.xfrm4j.sa.Aead;
import org.xfrm4j.sa.Auth;
import org.xfrm4j.sa.Crypt;
import org.xfrm4j.sa.IpAddress;
import org.xfrm4j.sa.IpPrefix;
import org.xfrm4j.sa.Key;
import org.xfrm4j.sa.Lifetime;
import org.xfrm4j.sa.Mode;
import org.xfrm4j.sa.Protocol;
import org.xfrm4j.sa.ReplayEsn;
import org.xfrm4j.sa.ReplayState;
import org.xfrm4j.sa.SecurityAssociation;
import org.xfrm4j.sa.SecurityAssociationBuilder;
import org.xfrm4j.sa.Selector;
import org.xfrm4j.sa.Usage;

/** SAs for tests: complete, each with keys, limits and a reqid of its own, so that no mix-up goes unnoticed. */
public final class TestSas {
    /** Outer source of IPv4. */
    public static final IpAddress SOURCE = IpAddress.parse("192.0.2.1");
    /** Outer destination of IPv4. */
    public static final IpAddress DESTINATION = IpAddress.parse("198.51.100.1");
    /** Where SAs of IPv4 move to: source. */
    public static final IpAddress NEW_SOURCE = IpAddress.parse("192.0.2.129");
    /** Where SAs of IPv4 move to: destination. */
    public static final IpAddress NEW_DESTINATION = IpAddress.parse("198.51.100.129");
    /** Outer source of IPv6. */
    public static final IpAddress SOURCE6 = IpAddress.parse("2001:db8:1::1");
    /** Outer destination of IPv6. */
    public static final IpAddress DESTINATION6 = IpAddress.parse("2001:db8:2::1");
    /** Where SAs of IPv6 move to: source. */
    public static final IpAddress NEW_SOURCE6 = IpAddress.parse("2001:db8:1::81");
    /** Where SAs of IPv6 move to: destination. */
    public static final IpAddress NEW_DESTINATION6 = IpAddress.parse("2001:db8:2::81");

    private TestSas() {
    }

    /** {@return a builder of an SA of ESP with AES-GCM in tunnel mode over IPv4, for all traffic of IPv4} */
    public static SecurityAssociationBuilder esp(int spi) {
        return base(spi, AddressFamily.INET).algorithm(aesGcm(spi));
    }

    /** {@return a builder of an SA of ESP with AES-GCM in tunnel mode, for all traffic of the same family} */
    public static SecurityAssociationBuilder esp(int spi, AddressFamily family) {
        return base(spi, family).algorithm(aesGcm(spi));
    }

    /** {@return the like with AES-CBC and HMAC-SHA-256} */
    public static SecurityAssociationBuilder espCbc(int spi, AddressFamily family) {
        return base(spi, family).algorithm(Crypt.aesCbc(key(32, spi))).algorithm(Auth.hmacSha256(key(32, ~spi)));
    }

    /** {@return the like of AH with HMAC-SHA-256} */
    public static SecurityAssociationBuilder ah(int spi, AddressFamily family) {
        return base(spi, family).protocol(Protocol.AH).algorithm(Auth.hmacSha256(key(32, ~spi)));
    }

    private static SecurityAssociationBuilder base(int spi, AddressFamily family) {
        boolean ipv4 = family == AddressFamily.INET;
        return SecurityAssociation.builder()
                .source(ipv4 ? SOURCE : SOURCE6)
                .destination(ipv4 ? DESTINATION : DESTINATION6)
                .spi(spi)
                .mode(Mode.TUNNEL)
                .reqid(spi & 0xffff | 1)
                .replayWindow(32)
                .lifetime(Lifetime.UNLIMITED.withBytes(1L << 40, 1L << 41).withPackets(1L << 30, 1L << 31)
                        .withSecondsSinceAdded(86_400 + (spi & 0xff), 90_000 + (spi & 0xff))
                        .withSecondsSinceUsed(40_000, 50_000));
    }

    /**
     * Gives an SA the past of one that has carried packets both ways, and what else there is to lose: nothing of it is
     * what a new SA starts with.
     */
    public static SecurityAssociationBuilder inUse(SecurityAssociationBuilder sa) {
        long now = Instant.now().getEpochSecond();
        return sa.replay(new ReplayState(0x1234, 0x5678, 0xdeadbeef))
                .initialUsage(new Usage(123_456_789, 654_321, now - 5_000, now - 4_000))
                .flags(SecurityAssociation.FLAG_NO_ECN | SecurityAssociation.FLAG_DECAP_DSCP)
                .extraFlags(SecurityAssociation.EXTRA_FLAG_DONT_ENCAP_DSCP)
                .seq(0x77)
                .ifId(0x2a);
    }

    /** Gives an SA the past of one with extended sequence numbers and a window of 256 packets. */
    public static SecurityAssociationBuilder inUseWithEsn(SecurityAssociationBuilder sa) {
        return inUse(sa).flags(SecurityAssociation.FLAG_ESN | SecurityAssociation.FLAG_NO_ECN)
                .replayWindow(0)
                .replay(new ReplayEsn(0x3_0000_1234L, 0x5_8000_0001L, 256,
                        List.of(0xffffffff, 0x12345678, 0, 0x80000001, 1, 2, 3, 0xcafef00d)));
    }

    /** {@return the selector from one host to another, as host-to-host SAs have it} */
    public static Selector hostToHost(IpAddress source, IpAddress destination) {
        return Selector.of(IpPrefix.host(source), IpPrefix.host(destination));
    }

    /** {@return AES-GCM with a key of 256 bits and salt, for each {@code seed} another} */
    public static Aead aesGcm(int seed) {
        return Aead.aesGcm(key(36, seed));
    }

    /** {@return a key, for each {@code seed} another} */
    public static Key key(int bytes, int seed) {
        byte[] key = new byte[bytes];
        new Random(seed).nextBytes(key);
        return Key.of(key);
    }
}
