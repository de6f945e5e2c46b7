package org.xfrm4j.netlink;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Messages, written one after the other at their final place in native memory, that go to the kernel in one system
 * call. Any messages may be mixed, but no dump ({@link RequestSocket#dump}).
 *
 * <pre>
 *   if (!batch.hasRoomFor(bytes)) { socket.execute(batch); … batch.results() …; batch.clear(); }
 *   long payload = batch.begin(type, 0);
 *   … encode at batch.segment(), payload …
 *   batch.end(bytes written);
 * </pre>
 *
 * <p>A batch never holds more messages than the receive buffer takes answers, were all of them refused. It belongs to
 * the {@link RequestSocket} that made it and to its thread; its memory is wiped and freed when the socket is closed.
 * Messages may hold keys: {@link #clear} does not wipe, the next messages overwrite.
 */
public final class NetlinkBatch {
    /**
     * An upper bound of what the kernel charges the receive buffer for one acknowledgement, in bytes, whatever it
     * holds (832 in Linux 6.18 and 7.2: {@code skb->truesize} in {@code netlink_ack}, net/netlink/af_netlink.c).
     */
    static final int ACK_CHARGE = 1024;

    private final MemorySegment segment;
    private final int[] offsets;
    private final long replyBudget;
    private final Acknowledge acknowledge;
    private final BatchResults results;

    private final SequenceNumbers sequenceNumbers;
    private final int port;

    private int firstSequence;
    private int count;
    private long end;
    private long replyCharge;
    private long openCharge;
    private int openType;
    private int openFlags;
    private long open = -1;
    private boolean sent;

    NetlinkBatch(MemorySegment segment, int messages, long replyBudget, Acknowledge acknowledge,
                 SequenceNumbers sequenceNumbers, int port) {
        this.segment = segment;
        this.offsets = new int[messages];
        this.replyBudget = replyBudget;
        this.acknowledge = acknowledge;
        this.results = new BatchResults(messages);
        this.sequenceNumbers = sequenceNumbers;
        this.port = port;
        clear();
    }

    /**
     * Where the messages stand; encoders write here.
     *
     * @return the native memory; valid until the socket is closed
     */
    public MemorySegment segment() {
        return segment;
    }

    /**
     * The most messages that it takes.
     *
     * @return as asked for, or fewer where the receive buffer takes no more answers
     */
    public int capacity() {
        return offsets.length;
    }

    /**
     * Whether another message fits.
     *
     * @param payloadBytes the most that the message takes behind its netlink header
     * @return false when the batch should be sent first
     */
    public boolean hasRoomFor(long payloadBytes) {
        return hasRoomFor(payloadBytes, 0);
    }

    /**
     * Whether another message fits that is answered with data.
     *
     * @param payloadBytes the most that the message takes behind its netlink header
     * @param replyBytes the most that its answers are charged to the receive buffer, beside the acknowledgement
     * @return false when the batch should be sent first
     */
    public boolean hasRoomFor(long payloadBytes, long replyBytes) {
        return count < offsets.length
                && end + MessageHeader.BYTES + MessageHeader.align(payloadBytes) <= segment.byteSize()
                && replyCharge + ACK_CHARGE + replyBytes <= replyBudget;
    }

    /**
     * Begins a message; its header is written when it ends.
     *
     * @param type the protocol's message type
     * @param flags NLM_F_ flags beside NLM_F_REQUEST and NLM_F_ACK, which the batch sets
     * @return where the payload goes, in {@link #segment()}; a multiple of 4
     * @throws IllegalStateException when the last message has not ended, or the batch is full or was sent
     */
    public long begin(int type, int flags) {
        return begin(type, flags, 0);
    }

    /**
     * Begins a message that is answered with data.
     *
     * @param type the protocol's message type
     * @param flags NLM_F_ flags beside NLM_F_REQUEST and NLM_F_ACK, which the batch sets
     * @param replyBytes the most that its answers are charged to the receive buffer, beside the acknowledgement
     * @return where the payload goes, in {@link #segment()}; a multiple of 4
     * @throws IllegalStateException when the last message has not ended, or the batch is full or was sent
     */
    public long begin(int type, int flags, long replyBytes) {
        if (open >= 0 || sent || !hasRoomFor(0, replyBytes)) {
            throw new IllegalStateException(open >= 0 ? "the last message has not ended"
                    : sent ? "the batch was sent: clear it first" : "the batch is full");
        }
        openType = type;
        openFlags = MessageHeader.REQUEST | flags | (acknowledge == Acknowledge.EVERY ? MessageHeader.ACK : 0);
        openCharge = ACK_CHARGE + replyBytes;
        open = end;
        return end + MessageHeader.BYTES;
    }

    /**
     * Ends the message: writes its header and pads it.
     *
     * @param payloadBytes what was written behind the header
     * @return its index in the {@link #results()}
     * @throws IllegalStateException when no message was begun
     * @throws IndexOutOfBoundsException when it does not fit
     */
    public int end(long payloadBytes) {
        requireOpen();
        long length = MessageHeader.BYTES + payloadBytes;
        long padded = MessageHeader.align(length);
        if (payloadBytes < 0 || padded > segment.byteSize() - open) {
            throw new IndexOutOfBoundsException("message of " + length + " bytes, "
                    + (segment.byteSize() - open) + " are left");
        }
        // The port is for others: what a request causes is announced with the port that it gave, and some answers too.
        MessageHeader.write(segment, open, (int) length, openType, openFlags, firstSequence + count, port);
        for (long at = open + length; at < open + padded; at++) {
            segment.set(ValueLayout.JAVA_BYTE, at, (byte) 0);
        }
        offsets[count] = (int) open;
        end = open + padded;
        replyCharge += openCharge;
        open = -1;
        return count++;
    }

    /**
     * Forgets the message that was begun.
     *
     * @throws IllegalStateException when none was
     */
    public void abandon() {
        requireOpen();
        open = -1;
    }

    private void requireOpen() {
        if (open < 0) {
            throw new IllegalStateException("no message was begun");
        }
    }

    /**
     * Takes back a message that has ended: it keeps its place, and asks for nothing (NLMSG_NOOP), so that its result will be
     * 0.
     *
     * @param index from 0
     * @throws IllegalStateException when the batch was sent
     */
    public void neutralize(int index) {
        if (sent) {
            throw new IllegalStateException("the batch was sent: clear it first");
        }
        MessageHeader.type(segment, offset(index), MessageHeader.NOOP);
    }

    /**
     * The number of messages.
     *
     * @return those that have ended
     */
    public int count() {
        return count;
    }

    /**
     * The bytes of all messages.
     *
     * @return what one transmission sends
     */
    public long bytes() {
        return end;
    }

    /**
     * Where a message's payload stands, for what has to be read again.
     *
     * @param index from 0
     * @return its place in {@link #segment()}
     */
    public long payloadOffset(int index) {
        return offset(index) + MessageHeader.BYTES;
    }

    long offset(int index) {
        if (index < 0 || index >= count) {
            throw new IndexOutOfBoundsException("message " + index + " of " + count);
        }
        return offsets[index];
    }

    /**
     * A message's type.
     *
     * @param index from 0
     * @return as given to {@link #begin(int, int)}
     */
    public int type(int index) {
        return MessageHeader.type(segment, offset(index));
    }

    /**
     * What became of the messages, after {@link RequestSocket#execute}.
     *
     * @return always the same object
     */
    public BatchResults results() {
        return results;
    }

    /** Empties the batch for the next messages. One that was begun and has not ended is forgotten, too. */
    public void clear() {
        open = -1;
        count = 0;
        end = 0;
        replyCharge = 0;
        sent = false;
        // New numbers each time: an answer that comes late to what was sent before matches nothing.
        firstSequence = sequenceNumbers.reserve(offsets.length);
    }

    int firstSequence() {
        return firstSequence;
    }

    boolean silenceIsSuccess() {
        return acknowledge == Acknowledge.ERRORS_AND_LAST;
    }

    /** Before it goes out: the last message is acknowledged, and nothing can be added any more. */
    void seal() {
        if (open >= 0 || sent) {
            throw new IllegalStateException(sent ? "the batch was sent: clear it first"
                    : "the last message has not ended");
        }
        MessageHeader.addFlags(segment, offset(count - 1), MessageHeader.ACK);
        sent = true;
    }
}
