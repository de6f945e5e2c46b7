package org.xfrm4j.netlink;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/**
 * A real socket to XFRM of a process that dies: when it has sent a given number of messages nothing more of it reaches
 * the kernel. A datagram in which that happens is cut behind the last message.
 */
public final class DyingSocket {
    private static final int NETLINK_XFRM = 6;

    private final int life;
    private final boolean atNextSend;
    private final Runnable death;
    private final List<Integer> ends = new ArrayList<>();
    private int sent;

    /** What ends a process that only pretends to be killed: nothing catches it. */
    public static final class Killed extends Error {
        private static final long serialVersionUID = 1;

        Killed() {
            super("killed", null, false, false);
        }
    }

    /**
     * A socket.
     *
     * @param life how many messages it sends
     * @param atNextSend whether it dies only when it is to send more; else as soon as they are sent, answers unread
     * @param death what happens then, before {@link Killed} is thrown
     */
    public DyingSocket(int life, boolean atNextSend, Runnable death) {
        this.life = life;
        this.atNextSend = atNextSend;
        this.death = death;
    }

    /** One that lives on. */
    public static DyingSocket immortal() {
        return new DyingSocket(Integer.MAX_VALUE, true, () -> { });
    }

    /** {@return the socket} */
    public RequestSocket requests() {
        NetlinkSocket real = NetlinkSocket.open(NETLINK_XFRM, SocketBuffers.DEFAULT);
        return new RequestSocket(new Channel(real), real.receiveBufferBytes(), real.sendBufferBytes());
    }

    /** {@return how many messages it has sent} */
    public int sent() {
        return sent;
    }

    /** {@return how many messages it had sent at the end of each datagram} */
    public List<Integer> ends() {
        return ends;
    }

    private final class Channel implements NetlinkChannel {
        private final NetlinkSocket real;

        Channel(NetlinkSocket real) {
            this.real = real;
        }

        @Override
        public void send(MemorySegment segment, long length) {
            long allowed = 0;
            while (allowed < length && sent < life) {
                allowed += MessageHeader.align(MessageHeader.length(segment, allowed));
                sent++;
            }
            if (allowed > 0) {
                real.send(segment, Math.min(allowed, length));
                ends.add(sent);
            }
            if (allowed < length || sent == life && !atNextSend) {
                death.run();
                throw new Killed();
            }
        }

        @Override
        public int receive(Inbox inbox) {
            return real.receive(inbox);
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
