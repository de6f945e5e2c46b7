package org.xfrm4j.netlink;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** One {@code send} of one message that the kernel passes over, as the library sends. */
public final class Sender implements AutoCloseable {
    private static final int NETLINK_XFRM = 6;

    private final Arena arena = Arena.ofConfined();
    private final MemorySegment noop = arena.allocate(MessageHeader.BYTES, Long.BYTES);
    private final NetlinkSocket socket = NetlinkSocket.open(NETLINK_XFRM, SocketBuffers.DEFAULT);
    private int sequence;

    /** Opens a socket. */
    public Sender() {
        MessageHeader.write(noop, 0, MessageHeader.NOOP, MessageHeader.REQUEST, 0, socket.port());
    }

    /** Sends a NLMSG_NOOP, which is not answered. */
    public void send() {
        MessageHeader.write(noop, 0, MessageHeader.NOOP, MessageHeader.REQUEST, ++sequence, socket.port());
        socket.send(noop, MessageHeader.BYTES);
    }

    @Override
    public void close() {
        socket.close();
        arena.close();
    }
}
