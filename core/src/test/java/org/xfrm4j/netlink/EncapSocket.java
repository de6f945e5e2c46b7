package org.xfrm4j.netlink;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/** A UDP socket that hands ESP in UDP (RFC 3948) to the kernel's IPsec, as an IKE daemon opens one; Java's cannot. */
public final class EncapSocket implements AutoCloseable {
    private static final int AF_INET = 2;
    private static final int SOCK_DGRAM = 2;
    private static final int IPPROTO_UDP = 17;
    private static final int UDP_ENCAP = 100;
    private static final int UDP_ENCAP_ESPINUDP = 2;
    private static final ValueLayout.OfShort PORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

    private final int fd;

    /** Opens one on all addresses. */
    public EncapSocket(int port) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(Libc.CAPTURE_STATE);
            fd = Libc.socket(state, AF_INET, SOCK_DGRAM, 0);
            // struct sockaddr_in { u16 family; be16 port; be32 address; u8 zero[8]; }
            MemorySegment address = arena.allocate(16);
            address.set(ValueLayout.JAVA_SHORT, 0, (short) AF_INET);
            address.set(PORT, 2, (short) port);
            require(state, "bind", Libc.bind(state, fd, address, 16));
            MemorySegment value = arena.allocate(JAVA_INT);
            value.set(JAVA_INT, 0, UDP_ENCAP_ESPINUDP);
            require(state, "setsockopt(UDP_ENCAP)",
                    Libc.setsockopt(state, fd, IPPROTO_UDP, UDP_ENCAP, value, Integer.BYTES));
        }
    }

    private static void require(MemorySegment state, String call, int result) {
        if (result != 0) {
            throw NetlinkException.ofCall(call, Libc.errno(state));
        }
    }

    @Override
    public void close() {
        try (Arena arena = Arena.ofConfined()) {
            Libc.close(arena.allocate(Libc.CAPTURE_STATE), fd);
        }
    }
}
