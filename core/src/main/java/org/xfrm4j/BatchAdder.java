package org.xfrm4j;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.xfrm4j.netlink.BatchResults;
import org.xfrm4j.netlink.Errno;
import org.xfrm4j.netlink.NetlinkBatch;
import org.xfrm4j.netlink.NetlinkException;
import org.xfrm4j.netlink.RequestSocket;

/**
 * Adds many values in batches; those that the kernel refuses do not keep the others out.
 *
 * @param <V> the values: SAs or policies
 * @param <N> what names them
 * @param <R> what tells of one that was refused
 */
final class BatchAdder<V, N, R> {
    private static final int BATCH_MESSAGES = 256;
    private static final int BATCH_BYTES = 256 * 1024;
    /** The longest message that goes into a batch, in bytes. */
    private static final int MESSAGE_BYTES = 8 * 1024;

    private final RequestSocket socket;
    private final int messageType;
    private final Function<V, N> name;
    private final Encoder<V> encoder;
    private final RefusalMaker<N, R> refusalMaker;
    private NetlinkBatch batch;

    BatchAdder(RequestSocket socket, int messageType, Function<V, N> name, Encoder<V> encoder,
               RefusalMaker<N, R> refusalMaker) {
        this.socket = socket;
        this.messageType = messageType;
        this.name = name;
        this.encoder = encoder;
        this.refusalMaker = refusalMaker;
    }

    /** Writes a value, and returns its size in bytes. */
    @FunctionalInterface
    interface Encoder<V> {
        int encode(V value, MemorySegment segment, long offset);
    }

    /** Tells of a value that was refused: its place among those given, what names it, why. */
    @FunctionalInterface
    interface RefusalMaker<N, R> {
        R make(int index, N name, Refusal refusal);
    }

    /** Adds them, and returns one entry for each that was refused. What was sent is wiped. */
    List<R> addAll(Iterable<V> values) {
        if (batch == null) {
            batch = socket.newBatch(BATCH_MESSAGES, BATCH_BYTES);
        }
        List<R> refusals = new ArrayList<>();
        List<N> names = new ArrayList<>();
        batch.clear();
        try {
            for (V value : values) {
                if (!batch.hasRoomFor(MESSAGE_BYTES)) {
                    execute(names, refusals);
                }
                names.add(name.apply(value));
                batch.end(encoder.encode(value, batch.segment(), batch.begin(messageType, 0)));
            }
            execute(names, refusals);
        } finally {
            batch.segment().fill((byte) 0);
        }
        return refusals;
    }

    private void execute(List<N> names, List<R> refusals) {
        socket.execute(batch);
        BatchResults results = batch.results();
        int first = names.size() - results.count();
        if (results.repliesLost()) {
            throw new NetlinkException("answers to additions were lost, from " + names.get(first) + " on",
                    Errno.ENOBUFS);
        }
        for (int i = 0; i < results.count() && results.failures() > 0; i++) {
            if (results.error(i) != 0) {
                refusals.add(refusalMaker.make(first + i, names.get(first + i), Refusal.of(results, i)));
            }
        }
        batch.clear();
    }
}
