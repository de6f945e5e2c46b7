package org.xfrm4j.bench.jmh;

/**
 * An SA or a policy by its number, the same as {@code sample()} of the C twin makes: points at one at a time. Even ones
 * are incoming, odd ones outgoing. Addresses are IPv4, in host order.
 */
final class Sample {
    static final int GATEWAY = 0xc000_0201; // 192.0.2.1
    static final int NEW_GATEWAY = 0xcb00_7101; // 203.0.113.1

    private static final int SPI_BITS = 0x3fff_ffff;
    private static final int FIRST_SPI = 0x4000_0000;
    private static final int PEERS = 0x0a00_0000; // 10.0.0.0/8
    private static final int INNERS = 0x6440_0000; // 100.64.0.0/10

    /** How the SAs are told apart. The kernel finds them by hashes that xor addresses with SPI or reqid. */
    enum Layout {
        /** SPI, reqid and addresses as unlike as real ones: short hash chains. */
        SPREAD,
        /** All counted up together: long chains, which no gateway has. */
        IN_STEP,
        /** One address pair and one reqid for all, as for the SAs of one peer's CPUs: one chain. */
        SHARED
    }

    private final Layout layout;
    private int spi;
    private int reqid;
    private int peer;
    private int inner;
    private boolean incoming;

    Sample(Layout layout) {
        this.layout = layout;
    }

    Sample at(int index) {
        int tunnel = index >>> 1;
        boolean step = layout == Layout.IN_STEP;
        boolean shared = layout == Layout.SHARED;
        spi = FIRST_SPI | (step ? index & SPI_BITS : scramble(index & SPI_BITS));
        reqid = 1 + (shared ? 0 : step ? tunnel : scramble(~tunnel & SPI_BITS));
        peer = PEERS + (shared ? 1 : tunnel & 0xff_ffff);
        inner = INNERS + (tunnel & 0x3f_ffff);
        incoming = (index & 1) == 0;
        return this;
    }

    /** One to one within 30 bits. */
    private static int scramble(int bits) {
        int x = bits;
        x ^= x >>> 15;
        x = x * 0x2c1b_3c6d & SPI_BITS;
        x ^= x >>> 12;
        x = x * 0x297a_2d39 & SPI_BITS;
        x ^= x >>> 15;
        return x;
    }

    int spi() {
        return spi;
    }

    int reqid() {
        return reqid;
    }

    /** The tunnel's other end. */
    int peer() {
        return peer;
    }

    /** The host behind it. */
    int inner() {
        return inner;
    }

    boolean incoming() {
        return incoming;
    }

    /** An IPv4 address as the encoders take it: the first 8 bytes of an {@code xfrm_address_t}. */
    static long high(int ipv4) {
        return (long) ipv4 << 32;
    }
}
