package org.xfrm4j.event;

/**
 * The request that caused an event.
 *
 * @param sequence its sequence number ({@code nlmsg_seq}); 0 where the kernel acted by itself, and for some requests
 * @param port its sender as it called itself ({@code nlmsg_pid}); 0 where the kernel acted by itself, and for senders
 *     that leave it out, as most do, this library among them
 */
public record Origin(int sequence, int port) {
    /** {@return for instance {@code request 17 of port 4711}} */
    @Override
    public String toString() {
        return "request " + Integer.toUnsignedString(sequence) + " of port " + Integer.toUnsignedString(port);
    }
}
