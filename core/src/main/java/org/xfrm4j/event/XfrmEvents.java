package org.xfrm4j.event;

import java.time.Duration;
import java.util.stream.Stream;
import org.xfrm4j.bindings.xfrm4j_h;
import org.xfrm4j.netlink.EventSocket;
import org.xfrm4j.netlink.EventSocket.Found;
import org.xfrm4j.netlink.MalformedMessageException;
import org.xfrm4j.netlink.NetlinkException;
import org.xfrm4j.netlink.NetworkNamespace;
import org.xfrm4j.netlink.SocketBuffers;

/**
 * Listens to what the kernel announces in one network namespace. Needs CAP_NET_ADMIN there.
 *
 * <pre>
 *   try (XfrmEvents events = XfrmEvents.open(XfrmGroup.SA, XfrmGroup.MIGRATE)) {
 *       while (true) {
 *           switch (events.next(Duration.ofSeconds(1))) {
 *               case SaAdded added -&gt; …
 *               case StateMigrated moved -&gt; …
 *               case Missed missed -&gt; … take a dump …
 *               default -&gt; { }
 *           }
 *       }
 *   }
 * </pre>
 *
 * <p>No loss passes in silence: see {@link Missed}. A receive buffer ({@link SocketBuffers}) that is larger outlasts
 * longer bursts; one event takes about 1 to 2 KiB of it.
 *
 * <p>Belongs to the thread that opened it; another thread gets a {@link WrongThreadException}. {@link #next} blocks the
 * thread, a virtual one's carrier included; an interrupt does not end it: give it a timeout.
 *
 * <p>Events of group {@link XfrmGroup#SA} hold keys, which are the caller's to wipe. What passed through the socket's
 * own memory is wiped when this is closed.
 */
public final class XfrmEvents implements AutoCloseable {
    private static final int PROTOCOL = xfrm4j_h.NETLINK_XFRM();
    /** The kernel charges more than this for any event, and grants at most twice the buffer that was asked for. */
    private static final int LEAST_CHARGE = 256;

    private final EventSocket socket;
    private final EventReader reader = new EventReader();
    /** More events than ever are queued at once. */
    private final int queueBound;
    private boolean missed;
    /** How many events may still come that were queued before the loss. */
    private int older;

    XfrmEvents(EventSocket socket, int queueBound) {
        this.socket = socket;
        this.queueBound = queueBound;
    }

    /**
     * Listens in the network namespace of the calling thread.
     *
     * @param groups to what
     * @return to be closed by the caller
     * @throws org.xfrm4j.netlink.NativeAccessException when the JVM or the platform does not permit system calls
     * @throws NetlinkException when the kernel refuses, with its error number: EPERM without CAP_NET_ADMIN
     */
    public static XfrmEvents open(XfrmGroup... groups) {
        return open(NetworkNamespace.current(), SocketBuffers.DEFAULT, groups);
    }

    /**
     * Listens.
     *
     * @param namespace where
     * @param buffers the socket buffers to ask for
     * @param groups to what
     * @return to be closed by the caller
     * @throws org.xfrm4j.netlink.NativeAccessException when the JVM or the platform does not permit system calls
     * @throws NetlinkException when the kernel refuses, with its error number: EPERM without CAP_NET_ADMIN
     */
    public static XfrmEvents open(NetworkNamespace namespace, SocketBuffers buffers, XfrmGroup... groups) {
        if (groups.length == 0) {
            throw new IllegalArgumentException("events: no group to listen to");
        }
        int[] numbers = Stream.of(groups).mapToInt(XfrmGroup::number).toArray();
        int queueBound = (int) Math.min(Integer.MAX_VALUE, 2L * buffers.receiveBytes() / LEAST_CHARGE + 1);
        return new XfrmEvents(EventSocket.open(PROTOCOL, buffers, namespace, numbers), queueBound);
    }

    /**
     * Waits for the next event.
     *
     * <p>When the kernel drops events, those that are queued by then come first, and only then {@link Missed}. (The
     * kernel tells of a loss ahead of them, and goes on dropping without another word until they were read:
     * {@code netlink_overrun}, net/netlink/af_netlink.c.)
     *
     * @param timeout how long at most; zero does not wait
     * @return an event, {@link Missed} or {@link Nothing}
     * @throws MalformedMessageException when an event cannot be understood: it is lost; the next call goes on behind it
     * @throws IllegalArgumentException if the timeout is negative
     */
    public Notice next(Duration timeout) {
        if (timeout.isNegative()) {
            throw new IllegalArgumentException("timeout: " + timeout + " is negative");
        }
        // Rounded up, so that a wait of less than a millisecond is one.
        return nextWithin(timeout.plusNanos(999_999).toMillis());
    }

    private Notice nextWithin(long millis) {
        while (true) {
            if (missed && older == 0) {
                return missed();
            }
            Found found = socket.next(missed ? 0 : millis);
            switch (found) {
                case MESSAGE -> {
                    older = Math.max(0, older - 1);
                    return reader.read(socket.type(), new Origin(socket.sequence(), socket.port()),
                            new EventReader.Place(socket.segment(), socket.payloadOffset(), socket.payloadLength()));
                }
                case NOTHING -> {
                    return missed ? missed() : new Nothing();
                }
                case MISSED -> {
                    // A second loss can be told only after all was read that was queued at the first.
                    boolean again = missed;
                    missed = true;
                    older = queueBound;
                    if (again) {
                        return new Missed();
                    }
                }
            }
        }
    }

    private Notice missed() {
        missed = false;
        return new Missed();
    }

    /** Closes the socket, and wipes what passed through it. */
    @Override
    public void close() {
        socket.close();
    }
}
