package org.xfrm4j.netlink;

import java.lang.foreign.MemorySegment;

/** Tells how long the system calls of a channel took, while somebody wants to know: to ask for the time costs, too. */
final class TimedChannel implements NetlinkChannel {
    private final NetlinkChannel real;
    private int timers;
    private long nanos;

    TimedChannel(NetlinkChannel real) {
        this.real = real;
    }

    void begin() {
        timers++;
    }

    void end() {
        timers--;
    }

    /** The time in send and receive, while there was a timer. To wait is not to work. */
    long nanos() {
        return nanos;
    }

    @Override
    public void send(MemorySegment segment, long length) {
        if (timers == 0) {
            real.send(segment, length);
            return;
        }
        long start = System.nanoTime();
        try {
            real.send(segment, length);
        } finally {
            nanos += System.nanoTime() - start;
        }
    }

    @Override
    public int receive(Inbox inbox) {
        return receive(inbox, inbox.slots());
    }

    @Override
    public int receive(Inbox inbox, int atMost) {
        if (timers == 0) {
            return real.receive(inbox, atMost);
        }
        long start = System.nanoTime();
        try {
            return real.receive(inbox, atMost);
        } finally {
            nanos += System.nanoTime() - start;
        }
    }

    /** One span of time: where to ask for the time is itself a system call, two more would be felt. */
    @Override
    public int exchange(MemorySegment segment, long length, Inbox inbox, int atMost) {
        if (timers == 0) {
            return real.exchange(segment, length, inbox, atMost);
        }
        long start = System.nanoTime();
        try {
            return real.exchange(segment, length, inbox, atMost);
        } finally {
            nanos += System.nanoTime() - start;
        }
    }

    @Override
    public boolean await(long timeoutMillis) {
        return real.await(timeoutMillis);
    }

    @Override
    public boolean hearsOnlyKernel() {
        return real.hearsOnlyKernel();
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
