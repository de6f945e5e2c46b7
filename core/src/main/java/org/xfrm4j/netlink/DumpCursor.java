package org.xfrm4j.netlink;

import java.lang.foreign.MemorySegment;

/**
 * The messages of a dump, one at a time, where the kernel put them. Memory is constant however long the dump: the
 * kernel goes on when there is room.
 *
 * <pre>
 *   try (DumpCursor dump = socket.dump(request)) {
 *       while (dump.next()) { … dump.segment(), dump.payloadOffset(), dump.payloadLength() … }
 *   }
 * </pre>
 *
 * <p>Belongs to the socket's thread. Until it is closed the socket does nothing else.
 */
public final class DumpCursor implements AutoCloseable {
    /** So many datagrams, of up to 32 KiB each, are still in a CPU's caches when their entries are read. */
    private static final int AT_ONCE = 8;

    private final NetlinkChannel channel;
    private final Inbox inbox;
    private final MessageCursor cursor;
    private final int sequence;
    private final Runnable onClose;
    private boolean interrupted;
    private boolean ended;
    private boolean closed;

    DumpCursor(NetlinkChannel channel, Inbox inbox, int sequence, Runnable onClose) {
        this.channel = channel;
        this.inbox = inbox;
        this.cursor = new MessageCursor(inbox);
        this.sequence = sequence;
        this.onClose = onClose;
        cursor.start(0);
    }

    /**
     * Goes to the next message; what the one before stood in may be overwritten.
     *
     * @return false at the end
     * @throws DumpInterruptedException at the end of an inconsistent dump
     * @throws MalformedMessageException when the kernel's bytes cannot be understood
     * @throws NetlinkException when the kernel refused the dump or broke it off
     */
    public boolean next() {
        if (closed) {
            throw new IllegalStateException("the dump is closed");
        }
        while (!ended) {
            if (!cursor.next()) {
                receive();
            } else if (cursor.sequence() == sequence && cursor.port() == channel.port() && isEntry()) {
                return true;
            }
        }
        return false;
    }

    private void receive() {
        int received = channel.receive(inbox, AT_ONCE);
        if (received == NetlinkChannel.LOST) {
            throw new NetlinkException("the kernel lost a part of the dump: " + Errno.describe(Errno.ENOBUFS),
                    Errno.ENOBUFS);
        }
        if (received == 0) {
            // The kernel writes the next part while it hands out the last: an empty queue will stay empty.
            ended = true;
            throw new NetlinkException("the dump broke off before its end", 0);
        }
        cursor.start(received);
    }

    private boolean isEntry() {
        if ((cursor.flags() & MessageHeader.DUMP_INTERRUPTED) != 0) {
            interrupted = true;
        }
        int type = cursor.type();
        if (type == MessageHeader.DONE || type == MessageHeader.ERROR) {
            end();
        } else if (type == MessageHeader.OVERRUN) {
            throw new NetlinkException("the kernel lost a part of the dump (NLMSG_OVERRUN)", 0);
        }
        return type >= MessageHeader.FIRST_PROTOCOL_TYPE;
    }

    private void end() {
        ended = true;
        ExtendedAck answer = new ExtendedAck().read(cursor);
        if (answer.errno() > 0) {
            throw new NetlinkException("the kernel ended the dump: " + Errno.describe(answer.errno())
                    + (answer.text() == null ? "" : " " + answer.text()), answer.errno());
        }
        if (interrupted) {
            throw new DumpInterruptedException();
        }
    }

    /**
     * The type of the message.
     *
     * @return the protocol's number
     */
    public int type() {
        return cursor.type();
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

    /** Ends the dump. One that was left half way is read to its end first, since the kernel would go on with it. */
    @Override
    public void close() {
        if (!closed) {
            closed = true;
            try {
                drain();
            } finally {
                onClose.run();
            }
        }
    }

    private void drain() {
        while (!ended) {
            int received = channel.receive(inbox);
            ended = received == 0;
        }
    }
}
