package org.xfrm4j.migrate;

import java.lang.foreign.MemorySegment;
import org.xfrm4j.Xfrm;
import org.xfrm4j.netlink.BatchResults;
import org.xfrm4j.netlink.NetlinkBatch;
import org.xfrm4j.netlink.ReplyHandler;

/** Questions that are each answered with one SA or policy: as many at once as the receive buffer takes answers. */
final class Questions {
    /** What an answer is charged to the receive buffer at most: two pages and what the kernel adds. */
    private static final int REPLY_CHARGE = 12 * 1024;
    /** For the acknowledgement. */
    private static final int ACK_CHARGE = 1024;

    private final Xfrm xfrm;
    private final NetlinkBatch batch;
    private final int bytesEach;
    private final int replyCharge;

    /**
     * Questions.
     *
     * @param capacity the most at once
     * @param bytes room for all
     * @param bytesEach the most that one takes, its netlink header included
     */
    Questions(Xfrm xfrm, int capacity, int bytes, int bytesEach) {
        this.xfrm = xfrm;
        this.batch = xfrm.requests().newBatch(capacity, bytes);
        this.bytesEach = bytesEach;
        // The smallest receive buffers take one answer at a time; then it is one question at a time, too.
        this.replyCharge = Math.clamp(xfrm.requests().receiveBufferBytes() - ACK_CHARGE, 0, REPLY_CHARGE);
    }

    /** How many there can be at once. */
    int capacity() {
        return batch.capacity();
    }

    /** Whether there is room for another one; otherwise ask first. */
    boolean hasRoom() {
        return batch.count() == 0 || batch.hasRoomFor(bytesEach, replyCharge);
    }

    int count() {
        return batch.count();
    }

    MemorySegment segment() {
        return batch.segment();
    }

    /** Begins a question; its payload goes to {@link #segment()}, to the offset returned. */
    long begin(int type) {
        return batch.begin(type, 0, replyCharge);
    }

    void end(int length) {
        batch.end(length);
    }

    /** Asks all; what became of each is in the results until {@link #clear}. */
    BatchResults ask(ReplyHandler onAnswer) {
        xfrm.requests().execute(batch, onAnswer);
        return batch.results();
    }

    void clear() {
        batch.clear();
    }
}
