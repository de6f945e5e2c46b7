package org.xfrm4j.netlink;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Listens to multicast groups. Messages are read where the kernel put them.
 *
 * <p>Belongs to the thread that opened it; {@link #next} blocks it, a virtual thread's carrier included.
 */
public final class EventSocket implements AutoCloseable {
    private static final int INBOX_SLOTS = 32;

    /** What {@link #next} found. */
    public enum Found {
        /** A message: read it now. */
        MESSAGE,
        /** Nothing in the time given. */
        NOTHING,
        /** The kernel dropped messages, because they were not read quickly enough: what is known may be stale. */
        MISSED
    }

    private final Arena arena = Arena.ofConfined();
    private final NetlinkChannel channel;
    private final Inbox inbox;
    private final MessageCursor cursor;
    private boolean closed;

    EventSocket(NetlinkChannel channel) {
        this.channel = channel;
        this.inbox = new Inbox(arena, INBOX_SLOTS, false);
        this.cursor = new MessageCursor(inbox);
        cursor.start(0);
    }

    /**
     * Opens a socket and subscribes.
     *
     * @param protocol for instance {@code NETLINK_XFRM} (6)
     * @param buffers the buffers to ask for: a larger receive buffer outlasts longer bursts
     * @param groups the groups' numbers (not bits)
     * @return the socket; to be closed by the caller
     * @throws NativeAccessException when the JVM or the platform does not permit system calls
     * @throws NetlinkException when the kernel refuses, with its error number
     */
    public static EventSocket open(int protocol, SocketBuffers buffers, int... groups) {
        return open(protocol, buffers, NetworkNamespace.current(), groups);
    }

    /**
     * Opens a socket in a network namespace and subscribes.
     *
     * @param protocol for instance {@code NETLINK_XFRM} (6)
     * @param buffers the buffers to ask for: a larger receive buffer outlasts longer bursts
     * @param namespace where the socket shall be
     * @param groups the groups' numbers (not bits)
     * @return the socket; to be closed by the caller
     * @throws NativeAccessException when the JVM or the platform does not permit system calls
     * @throws NetlinkException when there is no such namespace, or the kernel refuses, with its error number
     */
    public static EventSocket open(int protocol, SocketBuffers buffers, NetworkNamespace namespace, int... groups) {
        NetlinkSocket socket = NetlinkSocket.open(protocol, buffers, namespace);
        try {
            for (int group : groups) {
                socket.join(group);
            }
            return new EventSocket(socket);
        } catch (RuntimeException | Error failed) {
            socket.close();
            throw failed;
        }
    }

    /**
     * Waits for the next message.
     *
     * @param timeoutMillis how long at most; 0 does not wait, a negative number waits as long as it takes
     * @return what was found
     * @throws MalformedMessageException when a datagram is damaged; the next call goes on behind it
     */
    public Found next(long timeoutMillis) {
        while (true) {
            while (cursor.next()) {
                if (cursor.type() == MessageHeader.OVERRUN) {
                    return Found.MISSED;
                }
                if (cursor.type() >= MessageHeader.FIRST_PROTOCOL_TYPE) {
                    return Found.MESSAGE;
                }
            }
            int received = channel.receive(inbox);
            if (received == NetlinkChannel.LOST) {
                return Found.MISSED;
            }
            if (received == 0 && !channel.await(timeoutMillis)) {
                return Found.NOTHING;
            }
            cursor.start(received);
        }
    }

    /**
     * The message's type.
     *
     * @return the protocol's number
     */
    public int type() {
        return cursor.type();
    }

    /**
     * The sequence number of the request that caused the message.
     *
     * @return the requester's number, or 0
     */
    public int sequence() {
        return cursor.sequence();
    }

    /**
     * The port of the socket whose request caused the message.
     *
     * @return {@code nl_pid}; 0 for the kernel itself
     */
    public int port() {
        return cursor.port();
    }

    /**
     * Where the message stands.
     *
     * @return native memory that the next call of {@link #next} overwrites
     */
    public MemorySegment segment() {
        return cursor.segment();
    }

    /**
     * Where its payload begins.
     *
     * @return a place in {@link #segment()}
     */
    public long payloadOffset() {
        return cursor.payloadOffset();
    }

    /**
     * How long its payload is.
     *
     * @return bytes
     */
    public int payloadLength() {
        return cursor.payloadLength();
    }

    /** Closes the socket and wipes what was received. */
    @Override
    public void close() {
        if (!closed) {
            channel.close();
            closed = true;
            inbox.wipe();
            arena.close();
        }
    }
}
