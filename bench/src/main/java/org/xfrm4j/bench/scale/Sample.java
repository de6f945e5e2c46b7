package org.xfrm4j.bench.scale;

import org.xfrm4j.sa.IpAddress;

/**
 * An SA by its number, the same as {@code sample()} in the C twin's messages.h makes.
 *
 * <p>The kernel finds an SA by three hashes, which xor addresses with SPI or reqid: were those counted up in step with
 * the addresses, the hash would be the same for many. So they are scrambled, one to one.
 *
 * @param tunnel its tunnel's number
 * @param incoming whether it is an incoming one: even numbers are
 * @param spi its SPI
 * @param reqid its tunnel's reqid
 * @param peer the tunnel's other end
 * @param inner the host behind it
 */
record Sample(int tunnel, boolean incoming, int spi, int reqid, IpAddress peer, IpAddress inner) {
    private static final int BITS = 0x3fff_ffff;
    private static final int FIRST_SPI = 0x4000_0000;
    /** 10.0.0.0/8. */
    private static final int PEERS = 0x0a00_0000;
    /** 100.64.0.0/10. */
    private static final int INNERS = 0x6440_0000;

    static Sample of(int index, Shape shape) {
        int tunnel = shape.tunnel(index);
        return new Sample(tunnel, index % 2 == 0, FIRST_SPI | scramble(index), 1 + scramble(~tunnel & BITS),
                IpAddress.ofIpv4(PEERS + (tunnel & 0xff_ffff)), IpAddress.ofIpv4(INNERS + (tunnel & 0x3f_ffff)));
    }

    /** One to one within 30 bits. */
    private static int scramble(int number) {
        int x = number;
        x ^= x >>> 15;
        x = x * 0x2c1b3c6d & BITS;
        x ^= x >>> 12;
        x = x * 0x297a2d39 & BITS;
        x ^= x >>> 15;
        return x;
    }
}
