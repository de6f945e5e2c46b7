package org.xfrm4j.netlink;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * What the kernel sends, in memory: the library's own reading of a dump and of acknowledgements, without a system call.
 * For measuring; in this package because the classes measured are not public.
 */
public final class InMemory implements AutoCloseable {
    /** No socket of the system has it. */
    public static final int PORT = 4711;
    /** The sequence number of a dump, and of the first message of a batch. */
    public static final int SEQUENCE = 1;

    private static final int DONE_BYTES = 20;

    private final Arena arena = Arena.ofConfined();
    private final Inbox inbox;
    private final Full channel;
    private int filled;

    /**
     * Room for datagrams.
     *
     * @param datagrams how many, of up to 32 KiB each
     */
    public InMemory(int datagrams) {
        inbox = new Inbox(arena, datagrams, true);
        channel = new Full();
    }

    /**
     * Adds a datagram from the kernel.
     *
     * @param datagram one message or more
     */
    public void add(MemorySegment datagram) {
        inbox.deliver(filled++, datagram, 0);
    }

    /** Adds the end of a dump. */
    public void addDone() {
        MemorySegment done = arena.allocate(DONE_BYTES, Integer.BYTES);
        MessageHeader.write(done, 0, MessageHeader.DONE, 0, SEQUENCE, PORT);
        MessageHeader.length(done, 0, DONE_BYTES);
        add(done);
    }

    /**
     * The dump.
     *
     * @return a cursor over all datagrams
     */
    public DumpCursor dump() {
        channel.delivered = false;
        return new DumpCursor(channel, inbox, SEQUENCE, () -> { });
    }

    /**
     * A batch whose messages the datagrams acknowledge.
     *
     * @param messages how many
     * @return one that is full of messages without content
     */
    public Acknowledged acknowledged(int messages) {
        MemorySegment segment = arena.allocate((long) messages * MessageHeader.BYTES, 64);
        NetlinkBatch batch = new NetlinkBatch(segment, messages, Integer.MAX_VALUE, Acknowledge.EVERY,
                new SequenceNumbers(), PORT);
        for (int i = 0; i < messages; i++) {
            batch.begin(MessageHeader.NOOP, 0);
            batch.end(0);
        }
        return new Acknowledged(batch);
    }

    @Override
    public void close() {
        arena.close();
    }

    /** The reading of all acknowledgements, again and again. */
    public final class Acknowledged {
        private final NetlinkBatch batch;
        private final BatchExchange exchange = new BatchExchange(channel, inbox, inbox);

        private Acknowledged(NetlinkBatch batch) {
            this.batch = batch;
        }

        /**
         * Reads them.
         *
         * @return the results of the batch
         */
        public BatchResults read() {
            BatchResults results = batch.results();
            results.start(batch.count());
            exchange.readAll(filled, batch, results, null);
            results.finish(false);
            return results;
        }
    }

    /**
     * An acknowledgement as the kernel sends it with NETLINK_CAP_ACK.
     *
     * @param sequence of the message that it answers
     * @param errno 0 when done
     * @return one datagram
     */
    public MemorySegment acknowledgement(int sequence, int errno) {
        int length = MessageHeader.BYTES + Integer.BYTES + MessageHeader.BYTES;
        MemorySegment ack = arena.allocate(length, Integer.BYTES);
        MessageHeader.write(ack, 0, MessageHeader.ERROR, MessageHeader.CAPPED, sequence, PORT);
        MessageHeader.length(ack, 0, length);
        ack.set(ValueLayout.JAVA_INT, MessageHeader.BYTES, -errno);
        MessageHeader.write(ack, MessageHeader.BYTES + Integer.BYTES, MessageHeader.NOOP, MessageHeader.REQUEST,
                sequence, PORT);
        return ack;
    }

    /** All datagrams are there at once. */
    private final class Full implements NetlinkChannel {
        private boolean delivered;

        @Override
        public void send(MemorySegment segment, long length) {
            throw new UnsupportedOperationException();
        }

        @Override
        public int receive(Inbox into) {
            int received = delivered ? 0 : filled;
            delivered = true;
            return received;
        }

        @Override
        public boolean await(long timeoutMillis) {
            return !delivered;
        }

        @Override
        public int port() {
            return PORT;
        }

        @Override
        public void close() {
            // Nothing is open.
        }
    }
}
