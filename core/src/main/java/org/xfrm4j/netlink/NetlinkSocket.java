package org.xfrm4j.netlink;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.TimeUnit;
import org.xfrm4j.bindings.xfrm4j_h;

/**
 * A bound {@code AF_NETLINK} socket: the file descriptor, its options and its calls.
 *
 * <p>Belongs to the thread that opened it; another one gets a {@link WrongThreadException}.
 */
final class NetlinkSocket implements NetlinkChannel {
    private static final int SOCK_RAW_CLOEXEC = 3 | 0x80000;
    private static final int SOL_SOCKET = 1;
    private static final int SO_SNDBUF = 7;
    private static final int SO_RCVBUF = 8;
    private static final int SO_SNDBUFFORCE = 32;
    private static final int SO_RCVBUFFORCE = 33;
    private static final int SO_NETNS_COOKIE = 71;
    private static final int SOL_NETLINK = 270;
    private static final int MSG_DONTWAIT = 0x40;
    private static final short POLLIN = 1;
    /** Of a reception that shall be tried again; no number of datagrams, nor {@link #LOST}. */
    private static final int INTERRUPTED = -2;

    // struct pollfd { int fd; short events; short revents; }
    private static final long POLLFD_BYTES = 8;
    private static final long POLL_EVENTS = 4;

    private final Arena arena = Arena.ofConfined();
    private final MemorySegment state = arena.allocate(Libc.CAPTURE_STATE);
    private final MemorySegment pollfd = arena.allocate(POLLFD_BYTES, 8);
    /** Options and addresses, for the calls that are made once. */
    private final MemorySegment scratch = arena.allocate(32, 8);
    private final int fd;
    private int port;
    private boolean connected;
    private boolean closed;

    private NetlinkSocket(int protocol, NetworkNamespace namespace) {
        try {
            fd = socket(protocol, namespace);
        } catch (RuntimeException | Error failed) {
            arena.close();
            throw failed;
        }
        pollfd.set(JAVA_INT, 0, fd);
        pollfd.set(JAVA_SHORT, POLL_EVENTS, POLLIN);
    }

    private static int socket(int protocol, NetworkNamespace namespace) {
        int fd = namespace.socket(SocketAddress.AF_NETLINK, SOCK_RAW_CLOEXEC, protocol);
        if (fd < 0) {
            int errno = -fd;
            throw new NetlinkException("socket(AF_NETLINK, protocol " + protocol + ") failed: "
                    + Errno.describe(errno) + hint(errno), errno);
        }
        return fd;
    }

    private static String hint(int errno) {
        return switch (errno) {
            case Errno.EPROTONOSUPPORT -> ": this kernel has no such netlink protocol, or its module is not loaded";
            case Errno.EAFNOSUPPORT, Errno.EPERM, Errno.EACCES ->
                    ": netlink is forbidden here, perhaps by a seccomp filter or a security module";
            default -> "";
        };
    }

    /** Opens and binds a socket in the network namespace of the calling thread. */
    static NetlinkSocket open(int protocol, SocketBuffers buffers) {
        return open(protocol, buffers, NetworkNamespace.current());
    }

    /**
     * Opens and binds a socket.
     *
     * @param protocol for instance {@code NETLINK_XFRM}
     * @param buffers the buffer sizes to ask for
     * @param namespace where it shall be
     */
    static NetlinkSocket open(int protocol, SocketBuffers buffers, NetworkNamespace namespace) {
        Libc.requireAvailable();
        NetlinkSocket socket = new NetlinkSocket(protocol, namespace);
        try {
            socket.raise("SO_RCVBUF", SO_RCVBUFFORCE, SO_RCVBUF, buffers.receiveBytes());
            socket.raise("SO_SNDBUF", SO_SNDBUFFORCE, SO_SNDBUF, buffers.sendBytes());
            // An error would carry the request back, keys and all; its header is enough.
            socket.set(SOL_NETLINK, xfrm4j_h.NETLINK_CAP_ACK(), 1, "NETLINK_CAP_ACK");
            socket.set(SOL_NETLINK, xfrm4j_h.NETLINK_EXT_ACK(), 1, "NETLINK_EXT_ACK");
            socket.bind();
            return socket;
        } catch (RuntimeException | Error failed) {
            socket.close();
            throw failed;
        }
    }

    /**
     * The kernel doubles what is asked for. The forced form passes over the system's limit, but needs CAP_NET_ADMIN.
     */
    private void raise(String name, int forced, int plain, int bytes) {
        if (trySet(SOL_SOCKET, forced, bytes) != 0) {
            set(SOL_SOCKET, plain, bytes, name);
        }
    }

    private int trySet(int level, int option, int value) {
        scratch.set(JAVA_INT, 0, value);
        return Libc.setsockopt(state, fd, level, option, scratch, Integer.BYTES);
    }

    private void set(int level, int option, int value, String name) {
        if (trySet(level, option, value) != 0) {
            throw NetlinkException.ofCall("setsockopt(" + name + ", " + value + ")", Libc.errno(state));
        }
    }

    private void bind() {
        SocketAddress.write(scratch, 0, 0, 0);
        if (Libc.bind(state, fd, scratch, (int) SocketAddress.BYTES) != 0) {
            throw NetlinkException.ofCall("bind(AF_NETLINK)", Libc.errno(state));
        }
        MemorySegment length = scratch.asSlice(16, Integer.BYTES);
        length.set(JAVA_INT, 0, (int) SocketAddress.BYTES);
        if (Libc.getsockname(state, fd, scratch, length) != 0) {
            throw NetlinkException.ofCall("getsockname", Libc.errno(state));
        }
        port = SocketAddress.port(scratch, 0);
    }

    /**
     * Lets nobody but the kernel send here: whoever else tries gets ECONNREFUSED (netlink_getsockbyportid,
     * net/netlink/af_netlink.c). To be told each datagram's sender costs as much as a fifteenth of a look-up. What comes
     * by multicast groups is not meant by this. Where a security module forbids it, the senders are looked at.
     */
    void connectToKernel() {
        connected = connect(0);
    }

    /** Sends to this port from now on, and hears nobody else. */
    boolean connect(int peer) {
        SocketAddress.write(scratch, 0, peer, 0);
        return Libc.connect(state, fd, scratch, (int) SocketAddress.BYTES) == 0;
    }

    @Override
    public boolean hearsOnlyKernel() {
        return connected;
    }

    /** Subscribes to a multicast group, by its number. */
    void join(int group) {
        set(SOL_NETLINK, xfrm4j_h.NETLINK_ADD_MEMBERSHIP(), group, "NETLINK_ADD_MEMBERSHIP");
    }

    /** The receive buffer that the kernel granted, as its own accounting counts, in bytes. */
    int receiveBufferBytes() {
        return get(SO_RCVBUF, "SO_RCVBUF");
    }

    /** The send buffer that the kernel granted, in bytes. */
    int sendBufferBytes() {
        return get(SO_SNDBUF, "SO_SNDBUF");
    }

    @Override
    public long namespaceCookie() {
        requireOpen();
        get(SO_NETNS_COOKIE, "SO_NETNS_COOKIE", Long.BYTES);
        return scratch.get(JAVA_LONG, 0);
    }

    private int get(int option, String name) {
        get(option, name, Integer.BYTES);
        return scratch.get(JAVA_INT, 0);
    }

    private void get(int option, String name, int bytes) {
        MemorySegment length = scratch.asSlice(16, Integer.BYTES);
        length.set(JAVA_INT, 0, bytes);
        if (Libc.getsockopt(state, fd, SOL_SOCKET, option, scratch, length) != 0) {
            throw NetlinkException.ofCall("getsockopt(" + name + ")", Libc.errno(state));
        }
    }

    @Override
    public int port() {
        return port;
    }

    @Override
    public void send(MemorySegment segment, long length) {
        requireOpen();
        while (Libc.send(state, fd, segment, length, 0) < 0) {
            int errno = Libc.errno(state);
            // A signal interrupts before the datagram is queued, never between its messages.
            if (errno != Errno.EINTR) {
                throw NetlinkException.ofCall("send of " + length + " bytes", errno);
            }
        }
    }

    @Override
    public int receive(Inbox inbox) {
        return receive(inbox, inbox.slots());
    }

    @Override
    public int receive(Inbox inbox, int atMost) {
        requireOpen();
        int most = Math.min(atMost, inbox.slots());
        int received;
        do {
            received = most == 1 && connected ? receiveOne(inbox) : receiveUpTo(most, inbox);
        } while (received == INTERRUPTED);
        return received;
    }

    /** Takes a tenth off a message sent alone: recvmmsg has more to read and to write. But it cannot tell a sender. */
    private int receiveOne(Inbox inbox) {
        // With MSG_TRUNC the kernel tells how long the datagram was, and not how much of it fitted.
        long length = Libc.recv(state, fd, inbox.firstSlot(), inbox.slotBytes(), MSG_DONTWAIT | Inbox.MSG_TRUNC);
        if (length < 0) {
            return failure("recv");
        }
        inbox.received(0, length);
        return 1;
    }

    private int receiveUpTo(int most, Inbox inbox) {
        int received = Libc.recvmmsg(state, fd, inbox.headers(), most, MSG_DONTWAIT);
        return received >= 0 ? received : failure("recvmmsg");
    }

    private int failure(String call) {
        int errno = Libc.errno(state);
        return switch (errno) {
            case Errno.EINTR -> INTERRUPTED;
            case Errno.EAGAIN -> 0;
            case Errno.ENOBUFS -> LOST;
            default -> throw NetlinkException.ofCall(call, errno);
        };
    }

    @Override
    public boolean await(long timeoutMillis) {
        requireOpen();
        long start = System.nanoTime();
        long left = timeoutMillis;
        while (true) {
            int wait = timeoutMillis < 0 ? -1 : Math.clamp(left, 0, Integer.MAX_VALUE);
            int ready = Libc.poll(state, pollfd, 1, wait);
            if (ready >= 0) {
                return ready > 0;
            }
            int errno = Libc.errno(state);
            if (errno != Errno.EINTR) {
                throw NetlinkException.ofCall("poll", errno);
            }
            left = timeoutMillis - TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
        }
    }

    private void requireOpen() {
        // The descriptor's number may belong to somebody else by now.
        if (closed) {
            throw new IllegalStateException("the socket is closed");
        }
    }

    @Override
    public void close() {
        if (!closed) {
            // Wrong thread: fails here, before anything is closed.
            scratch.fill((byte) 0);
            closed = true;
            Libc.close(state, fd); // after an error of close the descriptor is gone all the same
            arena.close();
        }
    }
}
