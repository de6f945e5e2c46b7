package org.xfrm4j.netlink;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** A real socket to XFRM that tells tests of other packages what went over it, and that may lie about its buffer. */
public final class ObservedSocket {
    private static final int NETLINK_XFRM = 6;

    private final List<List<Integer>> sent = new ArrayList<>();
    private final List<Integer> received = new ArrayList<>();
    private final RequestSocket requests;
    private MemorySegment lastSegment = MemorySegment.NULL;
    private Consumer<List<Integer>> beforeSending = types -> { };

    private ObservedSocket(SocketBuffers buffers, int claimedReceiveBytes) {
        NetlinkSocket real = NetlinkSocket.open(NETLINK_XFRM, buffers);
        int receiveBytes = claimedReceiveBytes > 0 ? claimedReceiveBytes : real.receiveBufferBytes();
        requests = new RequestSocket(new Observer(real), receiveBytes, real.sendBufferBytes());
    }

    /** One with these buffers. */
    public static ObservedSocket open(SocketBuffers buffers) {
        return new ObservedSocket(buffers, 0);
    }

    /**
     * One that believes its receive buffer to be larger than it is, so that batches are too large for it and the kernel
     * drops answers: ENOBUFS.
     *
     * @param buffers those that it has
     * @param claimedReceiveBytes what it believes
     */
    public static ObservedSocket overrated(SocketBuffers buffers, int claimedReceiveBytes) {
        return new ObservedSocket(buffers, claimedReceiveBytes);
    }

    /** The socket. */
    public RequestSocket requests() {
        return requests;
    }

    /** The types of the messages of each datagram that was sent. */
    public List<List<Integer>> sent() {
        return sent;
    }

    /** How many messages of a type were sent. */
    public long sent(int type) {
        return sent.stream().flatMap(List::stream).filter(each -> each == type).count();
    }

    /** How many messages of a type the kernel sent. */
    public long received(int type) {
        return received.stream().filter(each -> each == type).count();
    }

    /** Calls this with the types of the messages of each datagram before it is sent: what others do in between. */
    public void beforeSending(Consumer<List<Integer>> what) {
        beforeSending = what;
    }

    /** Forgets what went over it so far. */
    public void forget() {
        sent.clear();
        received.clear();
    }

    /** The memory of the batch that was sent last, as it is now. */
    public MemorySegment lastSegment() {
        return lastSegment;
    }

    private final class Observer implements NetlinkChannel {
        private final NetlinkChannel real;

        Observer(NetlinkChannel real) {
            this.real = real;
        }

        @Override
        public void send(MemorySegment segment, long length) {
            lastSegment = segment;
            List<Integer> types = new ArrayList<>();
            collect(types, segment, 0, length);
            sent.add(types);
            beforeSending.accept(types);
            real.send(segment, length);
        }

        @Override
        public int receive(Inbox inbox) {
            int datagrams = real.receive(inbox);
            for (int slot = 0; slot < datagrams; slot++) {
                collect(received, inbox.segment(), inbox.offset(slot), inbox.length(slot));
            }
            return datagrams;
        }

        private static void collect(List<Integer> types, MemorySegment segment, long offset, long length) {
            long at = offset;
            while (at < offset + length) {
                types.add(MessageHeader.type(segment, at));
                at += MessageHeader.align(MessageHeader.length(segment, at));
            }
        }

        @Override
        public boolean await(long timeoutMillis) {
            return real.await(timeoutMillis);
        }

        @Override
        public int port() {
            return real.port();
        }

        @Override
        public long namespaceCookie() {
            return real.namespaceCookie();
        }

        @Override
        public void close() {
            real.close();
        }
    }
}
