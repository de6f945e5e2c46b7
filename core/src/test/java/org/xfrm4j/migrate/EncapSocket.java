package org.xfrm4j.migrate;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** Lets a network namespace take ESP in UDP: without such a socket the kernel does not look into the datagrams. */
final class EncapSocket implements AutoCloseable {
    private static final int AF_INET = 2;
    private static final int SOCK_DGRAM = 2;
    private static final int SOL_UDP = 17;
    private static final int UDP_ENCAP = 100;
    private static final int UDP_ENCAP_ESPINUDP = 2;
    /** {@code struct sockaddr_in}. */
    private static final int SOCKADDR_IN_BYTES = 16;

    private final int socket;

    /** Opens it in the namespace of the calling thread. */
    EncapSocket(int port) {
        socket = NamespaceCalls.socket(AF_INET, SOCK_DGRAM, 0);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment any = arena.allocate(SOCKADDR_IN_BYTES, Integer.BYTES);
            any.set(JAVA_SHORT, 0, (short) AF_INET);
            any.set(JAVA_BYTE, 2, (byte) (port >> 8));
            any.set(JAVA_BYTE, 3, (byte) port);
            NamespaceCalls.bind(socket, any);
            NamespaceCalls.set(socket, SOL_UDP, UDP_ENCAP, arena.allocateFrom(JAVA_INT, UDP_ENCAP_ESPINUDP));
        }
    }

    @Override
    public void close() {
        NamespaceCalls.close(socket);
    }
}
