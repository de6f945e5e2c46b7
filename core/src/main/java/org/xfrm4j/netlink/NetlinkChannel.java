package org.xfrm4j.netlink;

import java.lang.foreign.MemorySegment;

/**
 * Datagrams to and from the kernel. A socket is one; a test's fake kernel is the other, for faults that a real kernel
 * does not produce on demand.
 */
interface NetlinkChannel extends AutoCloseable {

    /** What {@link #receive} gives when replies were dropped since the last call (ENOBUFS). */
    int LOST = -1;

    /**
     * Sends one datagram. The kernel handles all messages in it before this returns, and queues its answers.
     *
     * @throws NetlinkException when nothing of it was handled
     */
    void send(MemorySegment segment, long length);

    /**
     * Takes what is queued, as many datagrams as the inbox holds, without waiting.
     *
     * @return how many; 0 when nothing is queued; {@link #LOST}
     */
    int receive(Inbox inbox);

    /**
     * Takes what is queued, a number of datagrams at most: a socket looks once less into an empty queue, where no more
     * are to be expected.
     */
    default int receive(Inbox inbox, int atMost) {
        return receive(inbox);
    }

    /**
     * Sends one datagram, and takes what is queued then.
     *
     * @return how many, as {@link #receive(Inbox, int)}
     * @throws NetlinkException when nothing of the datagram was handled, or what is queued cannot be received
     */
    default int exchange(MemorySegment segment, long length, Inbox inbox, int atMost) {
        send(segment, length);
        return receive(inbox, atMost);
    }

    /**
     * Waits until something is queued.
     *
     * @param timeoutMillis how long at most; negative: as long as it takes
     * @return whether something is there
     */
    boolean await(long timeoutMillis);

    /** Whether nobody but the kernel can send here, so that no datagram has to tell its sender. */
    default boolean hearsOnlyKernel() {
        return false;
    }

    /** The port that the kernel gave this socket ({@code nl_pid}), which its answers carry. */
    int port();

    /**
     * What tells the socket's network namespace from all others of this boot.
     *
     * @throws UnsupportedOperationException if it is no socket
     */
    default long namespaceCookie() {
        throw new UnsupportedOperationException("no socket: it is in no network namespace");
    }

    @Override
    void close();
}
