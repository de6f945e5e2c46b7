package org.xfrm4j.bench;

import java.util.List;
import java.util.Random;
import org.xfrm4j.sa.Aead;
import org.xfrm4j.sa.Direction;
import org.xfrm4j.sa.IpAddress;
import org.xfrm4j.sa.IpPrefix;
import org.xfrm4j.sa.Key;
import org.xfrm4j.sa.Lifetime;
import org.xfrm4j.sa.Mode;
import org.xfrm4j.sa.ReplayEsn;
import org.xfrm4j.sa.SecurityAssociation;
import org.xfrm4j.sa.Selector;

/**
 * The SAs of a gateway: tunnels to many peers, each a pair of an incoming and an outgoing SA, with keys, sequence numbers
 * and limits of their own. The same seed gives the same SAs.
 */
final class DemoSas {
    /** RFC 5737, RFC 2544: addresses that nobody has. */
    private static final int PEERS = IpAddress.parse("198.18.0.0").ipv4Bits();
    private static final int INNER = IpAddress.parse("10.0.0.0").ipv4Bits();
    private static final int PEER_BITS = 17;
    private static final int INNER_BITS = 24;
    private static final int FIRST_SPI = 0xc0000000;
    private static final int AES_256_AND_SALT_BYTES = 36;
    private static final int REPLAY_WINDOW = 128;

    private final IpAddress gateway;
    private final long seed;

    DemoSas(IpAddress gateway, long seed) {
        this.gateway = gateway;
        this.seed = seed;
    }

    /** SA number {@code index}; even ones are incoming, odd ones outgoing. */
    SecurityAssociation get(int index) {
        Random random = new Random(seed + index);
        boolean incoming = index % 2 == 0;
        int tunnel = index / 2;
        // The kernel hashes addresses xor reqid: were both counted up in step, the SAs would fall into a few chains.
        int reqid = 1 + new Random(seed - tunnel).nextInt(Integer.MAX_VALUE - 1);
        IpAddress peer = IpAddress.ofIpv4(PEERS + tunnel % (1 << PEER_BITS));
        IpPrefix remote = IpPrefix.host(IpAddress.ofIpv4(INNER + tunnel % (1 << INNER_BITS)));
        byte[] key = new byte[AES_256_AND_SALT_BYTES];
        random.nextBytes(key);
        long used = random.nextLong(1, 1L << 40);
        return SecurityAssociation.builder()
                .source(incoming ? peer : gateway)
                .destination(incoming ? gateway : peer)
                .spi(FIRST_SPI + index)
                .mode(Mode.TUNNEL)
                .direction(incoming ? Direction.IN : Direction.OUT)
                .reqid(reqid)
                .selector(incoming ? Selector.of(remote, IpPrefix.ALL_IPV4) : Selector.of(IpPrefix.ALL_IPV4, remote))
                .algorithm(Aead.aesGcm(Key.of(key)))
                .flags(SecurityAssociation.FLAG_ESN)
                .replay(incoming ? received(used, random) : new ReplayEsn(used, 0, 0, List.of()))
                .lifetime(Lifetime.UNLIMITED.withBytes(1L << 40, 1L << 41).withSecondsSinceAdded(36_000, 43_200))
                .build();
    }

    private static ReplayEsn received(long last, Random random) {
        Integer[] bitmap = new Integer[REPLAY_WINDOW / Integer.SIZE];
        for (int i = 0; i < bitmap.length; i++) {
            bitmap[i] = random.nextInt();
        }
        return new ReplayEsn(0, last, REPLAY_WINDOW, List.of(bitmap));
    }
}
