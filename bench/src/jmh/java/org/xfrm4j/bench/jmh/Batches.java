package org.xfrm4j.bench.jmh;

import java.util.function.ToLongFunction;
import org.xfrm4j.netlink.BatchResults;
import org.xfrm4j.netlink.NetlinkBatch;
import org.xfrm4j.netlink.RequestSocket;

/** The raw batch path, in the strategy asked for: what the C twin's strategies are compared with. */
final class Batches {
    private static final int HEADER = 20;

    /** Adds message number {@code index}. */
    interface Message {
        void add(NetlinkBatch batch, int index);
    }

    private final RequestSocket socket;
    private final NetlinkBatch batch;
    private final Message message;
    private final ToLongFunction<BatchResults> good;

    /**
     * A way to send.
     *
     * @param room the most that a message takes without its header
     * @param good counts the results that are as they shall be
     */
    Batches(RequestSocket socket, Strategy strategy, int size, int room, Message message,
            ToLongFunction<BatchResults> good) {
        this.socket = socket;
        int messages = strategy == Strategy.SINGLE ? 1 : size;
        this.batch = socket.newBatch(messages, messages * (room + HEADER), strategy.acknowledge());
        this.message = message;
        this.good = good;
        Same.number("messages that a batch takes", messages, batch.capacity());
    }

    /** Sends messages number 0 to {@code count} − 1; how many results were as they shall be. */
    long run(int count) {
        int size = batch.capacity();
        long sum = 0;
        for (int done = 0; done < count; done += size) {
            int end = Math.min(count, done + size);
            batch.clear();
            for (int i = done; i < end; i++) {
                message.add(batch, i);
            }
            socket.execute(batch);
            sum += good.applyAsLong(batch.results());
        }
        return sum;
    }

    /** All that were done. */
    static long done(BatchResults results) {
        if (results.repliesLost()) {
            throw new IllegalStateException("answers were lost");
        }
        return results.count() - results.failures();
    }

    /** All that were refused with this. */
    static long refused(BatchResults results, int errno) {
        long refused = 0;
        for (int i = 0; i < results.count(); i++) {
            refused += results.error(i) == errno ? 1 : 0;
        }
        return refused;
    }
}
