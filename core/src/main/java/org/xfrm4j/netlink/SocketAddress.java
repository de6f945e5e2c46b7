package org.xfrm4j.netlink;

import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import java.lang.foreign.MemorySegment;
import org.xfrm4j.bindings.sockaddr_nl;

/** {@code struct sockaddr_nl}: a netlink port, and the multicast groups as a bit mask. All in host order. */
final class SocketAddress {
    static final int AF_NETLINK = 16;
    static final long BYTES = sockaddr_nl.sizeof();

    private static final long FAMILY = sockaddr_nl.nl_family$offset();
    private static final long PORT = sockaddr_nl.nl_pid$offset();
    private static final long GROUPS = sockaddr_nl.nl_groups$offset();

    private SocketAddress() {
    }

    static void write(MemorySegment segment, long offset, int port, int groups) {
        segment.asSlice(offset, BYTES).fill((byte) 0);
        segment.set(JAVA_SHORT_UNALIGNED, offset + FAMILY, (short) AF_NETLINK);
        segment.set(JAVA_INT_UNALIGNED, offset + PORT, port);
        segment.set(JAVA_INT_UNALIGNED, offset + GROUPS, groups);
    }

    static int port(MemorySegment segment, long offset) {
        return segment.get(JAVA_INT_UNALIGNED, offset + PORT);
    }
}
