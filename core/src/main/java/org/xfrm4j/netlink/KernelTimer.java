package org.xfrm4j.netlink;

/**
 * How much time a socket's system calls have taken since this was begun ({@link RequestSocket#timeKernel}): what the
 * kernel does for a request it does within the call that sends it, and what it does for a dump within those that
 * receive. Belongs to the socket's thread; whoever began it closes it.
 */
public final class KernelTimer implements AutoCloseable {
    private final TimedChannel channel;
    private final long before;
    private boolean closed;

    KernelTimer(TimedChannel channel) {
        this.channel = channel;
        this.before = channel.nanos();
        channel.begin();
    }

    /**
     * {@return nanoseconds in system calls that send and receive, since this was begun; not to be asked once it is
     * closed}
     */
    public long nanos() {
        return channel.nanos() - before;
    }

    /** Ends it. Until the last timer of a socket ends, its calls are timed. */
    @Override
    public void close() {
        if (!closed) {
            closed = true;
            channel.end();
        }
    }
}
