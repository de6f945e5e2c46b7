package org.xfrm4j.netlink;

import java.lang.foreign.MemorySegment;

/** Takes the data with which the kernel answers a message of a batch. Called by the thread that sends the batch. */
@FunctionalInterface
public interface ReplyHandler {
    /**
     * One message of an answer. What it stands in is overwritten after the call.
     *
     * @param index the place of the request in the batch
     * @param type the answer's message type
     * @param segment where it stands
     * @param payloadOffset where its payload begins
     * @param payloadLength bytes of its payload
     */
    void reply(int index, int type, MemorySegment segment, long payloadOffset, int payloadLength);
}
