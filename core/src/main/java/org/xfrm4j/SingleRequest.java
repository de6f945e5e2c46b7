package org.xfrm4j;

import java.lang.foreign.MemorySegment;
import org.xfrm4j.netlink.BatchResults;
import org.xfrm4j.netlink.DumpCursor;
import org.xfrm4j.netlink.Errno;
import org.xfrm4j.netlink.NetlinkBatch;
import org.xfrm4j.netlink.NetlinkException;
import org.xfrm4j.netlink.ReplyHandler;
import org.xfrm4j.netlink.RequestSocket;
import org.xfrm4j.wire.XfrmMessages;

/** One request at a time and the kernel's answer: a batch of one, used again and again. */
final class SingleRequest {
    /** More than any request needs: an SA with every attribute and the longest keys takes about 2 KiB. */
    private static final int BYTES = 16 * 1024;

    private final RequestSocket socket;
    private final NetlinkBatch batch;

    SingleRequest(RequestSocket socket) {
        this.socket = socket;
        this.batch = socket.newBatch(1, BYTES);
    }

    /** Begins the request, instead of one whose encoder has thrown; its payload goes to {@link #segment()} at the offset returned. */
    long begin(int messageType, int flags) {
        batch.clear();
        return batch.begin(messageType, flags);
    }

    MemorySegment segment() {
        return batch.segment();
    }

    /**
     * Sends it.
     *
     * @return 0 or the kernel's error number
     */
    int send(int payloadLength, ReplyHandler replies) {
        batch.end(payloadLength);
        socket.execute(batch, replies);
        int error = batch.results().error(0);
        if (error == BatchResults.UNANSWERED) {
            throw new NetlinkException("the kernel's answer to " + XfrmMessages.name(batch.type(0)) + " was lost",
                    Errno.ENOBUFS);
        }
        return error;
    }

    /** Sends it, and throws if it is refused. */
    void sendOrThrow(int payloadLength, Object subject) {
        if (send(payloadLength, null) != 0) {
            throw refused(subject);
        }
    }

    /** The exception for the request that was just refused. */
    XfrmException refused(Object subject) {
        return new XfrmException(batch.type(0), refusal(), subject);
    }

    Refusal refusal() {
        return Refusal.of(batch.results(), 0);
    }

    DumpCursor dump(int payloadLength) {
        batch.end(payloadLength);
        return socket.dump(batch);
    }

    /** Overwrites a request that held keys. */
    void wipe() {
        batch.segment().fill((byte) 0);
    }
}
