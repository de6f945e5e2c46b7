package org.xfrm4j.netlink;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/**
 * Asks the kernel: batches of requests, and dumps.
 *
 * <p>Belongs to the thread that opened it, with all batches and dumps made from it: another thread gets a {@link
 * WrongThreadException}. Who opens, closes. System calls block the thread, a virtual one's carrier included, while the
 * kernel works.
 *
 * <p>Hears nobody but the kernel: a process that sends to its port gets ECONNREFUSED or, where a security module forbids to
 * connect the socket, is passed over.
 */
public final class RequestSocket implements AutoCloseable {
    /** Datagrams with data: so many are read by one system call. */
    private static final int INBOX_SLOTS = 32;
    /** The kernel keeps this much of the send buffer for itself. */
    private static final int SEND_OVERHEAD = 32;

    private final Arena arena = Arena.ofConfined();
    private final List<MemorySegment> toWipe = new ArrayList<>();
    private final SequenceNumbers sequenceNumbers = new SequenceNumbers();
    private final TimedChannel channel;
    private final int receiveBufferBytes;
    private final int sendBufferBytes;
    private final Inbox inbox;
    private final BatchExchange exchange;
    private DumpCursor dump;
    private boolean closed;

    RequestSocket(NetlinkChannel channel, int receiveBufferBytes, int sendBufferBytes) {
        this.channel = new TimedChannel(channel);
        this.receiveBufferBytes = receiveBufferBytes;
        this.sendBufferBytes = sendBufferBytes;
        this.inbox = new Inbox(arena, INBOX_SLOTS, channel.hearsOnlyKernel());
        this.exchange = new BatchExchange(this.channel, inbox.forAnswers(arena), inbox);
        // Nothing was asked yet: what is there came from somebody else, before he could be kept out.
        while (channel.hearsOnlyKernel() && channel.receive(inbox) > 0) { }
    }

    /**
     * Opens a socket with buffers as large as {@link SocketBuffers#DEFAULT} or as the system permits.
     *
     * @param protocol for instance {@code NETLINK_XFRM} (6)
     * @return the socket; to be closed by the caller
     * @throws NativeAccessException when the JVM or the platform does not permit system calls
     * @throws NetlinkException when the kernel refuses, with its error number
     */
    public static RequestSocket open(int protocol) {
        return open(protocol, SocketBuffers.DEFAULT);
    }

    /**
     * Opens a socket.
     *
     * @param protocol for instance {@code NETLINK_XFRM} (6)
     * @param buffers the buffers to ask for
     * @return the socket; to be closed by the caller
     * @throws NativeAccessException when the JVM or the platform does not permit system calls
     * @throws NetlinkException when the kernel refuses, with its error number
     */
    public static RequestSocket open(int protocol, SocketBuffers buffers) {
        return open(protocol, buffers, NetworkNamespace.current());
    }

    /**
     * Opens a socket in a network namespace.
     *
     * @param protocol for instance {@code NETLINK_XFRM} (6)
     * @param buffers the buffers to ask for
     * @param namespace where the socket shall be
     * @return the socket; to be closed by the caller
     * @throws NativeAccessException when the JVM or the platform does not permit system calls
     * @throws NetlinkException when there is no such namespace, or the kernel refuses, with its error number
     */
    public static RequestSocket open(int protocol, SocketBuffers buffers, NetworkNamespace namespace) {
        NetlinkSocket socket = NetlinkSocket.open(protocol, buffers, namespace);
        try {
            socket.connectToKernel();
            return new RequestSocket(socket, socket.receiveBufferBytes(), socket.sendBufferBytes());
        } catch (RuntimeException | Error failed) {
            socket.close();
            throw failed;
        }
    }

    /**
     * The socket's address: what it causes is announced with this.
     *
     * @return {@code nl_pid}
     */
    public int port() {
        return channel.port();
    }

    /**
     * The receive buffer that the kernel granted.
     *
     * @return bytes, as the kernel's own accounting counts them
     */
    public int receiveBufferBytes() {
        return receiveBufferBytes;
    }

    /**
     * The send buffer that the kernel granted.
     *
     * @return bytes; a batch is a little smaller
     */
    public int sendBufferBytes() {
        return sendBufferBytes;
    }

    /**
     * What tells the network namespace that the socket is in, whatever that of the thread, from all others of this
     * boot, also those that are no more (SO_NETNS_COOKIE, since Linux 5.14).
     *
     * @return a number that means nothing else
     * @throws NetlinkException when the kernel does not tell
     */
    public long namespaceCookie() {
        requireReady();
        return channel.namespaceCookie();
    }

    /**
     * The most answers that the receive buffer surely takes, and so the most messages of a batch.
     *
     * @return at least 1
     */
    public int maxReplies() {
        return Math.max(1, receiveBufferBytes / NetlinkBatch.ACK_CHARGE);
    }

    /**
     * Makes a batch that asks for the last acknowledgement only.
     *
     * @param messages the most messages that it shall take; cut down to {@link #maxReplies()}
     * @param bytes the most bytes; cut down to what the send buffer takes
     * @return a batch to be used again and again: its memory is freed when the socket is closed
     */
    public NetlinkBatch newBatch(int messages, int bytes) {
        return newBatch(messages, bytes, Acknowledge.ERRORS_AND_LAST);
    }

    /**
     * Makes a batch.
     *
     * @param messages the most messages that it shall take; cut down to {@link #maxReplies()}
     * @param bytes the most bytes; cut down to what the send buffer takes
     * @param acknowledge which messages ask for an acknowledgement
     * @return a batch to be used again and again: its memory is freed when the socket is closed
     */
    public NetlinkBatch newBatch(int messages, int bytes, Acknowledge acknowledge) {
        if (messages < 1 || bytes < MessageHeader.BYTES) {
            throw new IllegalArgumentException("a batch of " + messages + " messages and " + bytes + " bytes");
        }
        int capacity = Math.min(messages, maxReplies());
        MemorySegment segment = arena.allocate(Math.min(bytes, sendBufferBytes - SEND_OVERHEAD), 64);
        toWipe.add(segment);
        long replyBudget = Math.max(receiveBufferBytes, NetlinkBatch.ACK_CHARGE);
        return new NetlinkBatch(segment, capacity, replyBudget, acknowledge, sequenceNumbers, channel.port());
    }

    /**
     * Sends a batch; afterwards its results are complete. An empty batch is not sent.
     *
     * @param batch one made by this socket
     * @throws NetlinkException when the batch could not be sent: then nothing of it was handled
     */
    public void execute(NetlinkBatch batch) {
        execute(batch, null);
    }

    /**
     * Sends a batch whose messages are answered with data.
     *
     * @param batch one made by this socket
     * @param replies gets the answers' data, before this method returns
     * @throws NetlinkException when the batch could not be sent: then nothing of it was handled
     */
    public void execute(NetlinkBatch batch, ReplyHandler replies) {
        requireReady();
        exchange.run(batch, replies);
    }

    /**
     * Begins a dump.
     *
     * @param request a batch of just the one request, begun with NLM_F_DUMP
     * @return its messages; to be closed before the socket is used for something else
     * @throws NetlinkException when the request could not be sent
     */
    public DumpCursor dump(NetlinkBatch request) {
        requireReady();
        if (request.count() != 1) {
            throw new IllegalArgumentException("a dump is one request, not " + request.count());
        }
        channel.send(request.segment(), request.bytes());
        dump = new DumpCursor(channel, inbox, request.firstSequence(), () -> dump = null);
        return dump;
    }

    /**
     * Begins to time the socket's system calls. There may be several timers at once.
     *
     * @return the timer; to be closed by the caller, since each call then asks for the time twice
     */
    public KernelTimer timeKernel() {
        return new KernelTimer(channel);
    }

    private void requireReady() {
        if (closed) {
            throw new IllegalStateException("the socket is closed");
        }
        if (dump != null) {
            throw new IllegalStateException("a dump is open on this socket: close it first, or use another socket");
        }
    }

    /** Closes the socket; wipes and frees the memory of its batches. */
    @Override
    public void close() {
        if (!closed) {
            channel.close(); // first: it refuses another thread
            closed = true;
            toWipe.forEach(segment -> segment.fill((byte) 0));
            inbox.wipe();
            arena.close();
        }
    }
}
