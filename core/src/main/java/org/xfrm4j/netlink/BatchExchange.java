package org.xfrm4j.netlink;

import java.lang.foreign.ValueLayout;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends a batch and gathers what the kernel answers.
 *
 * <p>Never waits: the kernel handles a netlink request within {@code send} (netlink_unicast_kernel,
 * net/netlink/af_netlink.c), so all answers are queued when it returns. An empty queue before the last answer means
 * that answers were lost; to wait would be to hang.
 */
final class BatchExchange {
    private static final Logger LOG = LoggerFactory.getLogger(RequestSocket.class);
    private static final ValueLayout.OfShort U16 = ValueLayout.JAVA_SHORT_UNALIGNED;
    private static final int ATTRIBUTE_TYPE_MASK = 0x3fff;

    private final NetlinkChannel channel;
    private final MessageCursor acknowledgements;
    private final MessageCursor data;
    private MessageCursor cursor;
    private final ExtendedAck ack = new ExtendedAck();

    /**
     * Nothing is sent yet.
     *
     * @param acknowledgements where answers go that are acknowledgements
     * @param data where they go that may hold more
     */
    BatchExchange(NetlinkChannel channel, Inbox acknowledgements, Inbox data) {
        this.channel = channel;
        this.acknowledgements = new MessageCursor(acknowledgements);
        this.data = new MessageCursor(data);
        this.cursor = this.acknowledgements;
    }

    void run(NetlinkBatch batch, ReplyHandler replies) {
        BatchResults results = batch.results();
        results.start(batch.count());
        if (batch.count() == 0) {
            return;
        }
        batch.seal();
        cursor = replies == null ? acknowledgements : data;
        // Mostly the first answer is the only one: all were done, and the last is acknowledged.
        int expected = batch.silenceIsSuccess() && replies == null ? 1 : batch.count();
        int received = channel.exchange(batch.segment(), batch.bytes(), cursor.inbox(), expected);
        gather(received, batch, results, replies);
        results.finish(batch.silenceIsSuccess());
        if (results.repliesLost()) {
            LOG.warn("replies to a batch of {} messages were lost; what became of them has to be looked up",
                    batch.count());
        }
    }

    private void gather(int first, NetlinkBatch batch, BatchResults results, ReplyHandler replies) {
        int last = batch.count() - 1;
        int received = first;
        // After a loss the queue is emptied to its end: nothing of this batch may meet the next one.
        while (take(received, batch, results, replies) && (!results.answered(last) || results.repliesLost())) {
            received = channel.receive(cursor.inbox());
        }
    }

    /** Notes what a reception brought; false when there was nothing any more. */
    private boolean take(int received, NetlinkBatch batch, BatchResults results, ReplyHandler replies) {
        if (received == NetlinkChannel.LOST) {
            results.replyLost();
        } else if (received > 0) {
            readAll(received, batch, results, replies);
        } else if (!results.answered(batch.count() - 1)) {
            results.replyLost();
        }
        return received != 0;
    }

    /** Reads what {@link NetlinkChannel#receive} has brought. */
    void readAll(int received, NetlinkBatch batch, BatchResults results, ReplyHandler replies) {
        cursor.start(received);
        while (true) {
            try {
                if (!cursor.next()) {
                    return;
                }
                readOne(batch, results, replies);
            } catch (MalformedMessageException malformed) {
                // The requests were handled: a damaged answer must not hide what became of the others.
                LOG.warn("damaged answer: {}", malformed.getMessage());
                results.replyLost();
            }
        }
    }

    private void readOne(NetlinkBatch batch, BatchResults results, ReplyHandler replies) {
        int type = cursor.type();
        if (type == MessageHeader.OVERRUN) {
            results.replyLost();
            return;
        }
        int index = cursor.sequence() - batch.firstSequence();
        if (index < 0 || index >= batch.count() || cursor.port() != channel.port()) {
            return; // the answer to something older, or a notification
        }
        if (type == MessageHeader.ERROR) {
            record(batch, results, index);
        } else if (type >= MessageHeader.FIRST_PROTOCOL_TYPE && replies != null) {
            replies.reply(index, type, cursor.segment(), cursor.payloadOffset(), cursor.payloadLength());
        }
    }

    private void record(NetlinkBatch batch, BatchResults results, int index) {
        results.record(index, ack.read(cursor));
        long attribute = ack.attributeOffset();
        if (attribute < MessageHeader.BYTES) {
            return;
        }
        long message = batch.offset(index);
        long length = MessageHeader.length(batch.segment(), message);
        if (attribute <= length - 2 * Short.BYTES) {
            int type = batch.segment().get(U16, message + attribute + Short.BYTES) & ATTRIBUTE_TYPE_MASK;
            results.attributeType(index, type);
        }
    }
}
