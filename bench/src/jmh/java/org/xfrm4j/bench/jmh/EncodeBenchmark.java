package org.xfrm4j.bench.jmh;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.xfrm4j.netlink.NetlinkBatch;
import org.xfrm4j.netlink.RequestSocket;
import org.xfrm4j.wire.MigrateStateEncoder;

/** XFRM_MSG_MIGRATE_STATE written into a batch, and not sent. */
@State(Scope.Thread)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(jvmArgsAppend = {Jvm.NATIVE_ACCESS, Jvm.QUIET})
public class EncodeBenchmark extends InTurns {
    static final int MESSAGES = 1024;
    private static final int NETLINK_XFRM = 6;
    private static final int PATCHED = 3;

    /** How many one invocation does: JMH's samples are whole nanoseconds, too coarse for one. */
    @Param("1024")
    public int each;

    /** What the message holds beside the structure. */
    @Param({"BARE", "ENCAP", "ALL_ATTRIBUTES"})
    public String kind;

    /** Messages, one behind the other, before the memory is used again. */
    @Param({"1", "64", "256"})
    public int batch;

    private final Arena arena = Arena.ofConfined();
    private final MoveMessages moves = new MoveMessages();
    private final Sample sample = new Sample(Sample.Layout.SPREAD);
    private MoveMessages.Kind content;
    private RequestSocket socket;
    private NetlinkBatch messages;
    private MemorySegment out;
    private MemorySegment run;

    @Setup(Level.Trial)
    public void open() {
        content = MoveMessages.Kind.valueOf(kind);
        socket = RequestSocket.open(NETLINK_XFRM);
        int room = MigrateStateEncoder.MAX_ENCODED_LENGTH + 20;
        messages = socket.newBatch(batch, batch * room);
        out = arena.allocate((long) batch * room, 64);
        run = Twin.run(arena, 0, MESSAGES, Sample.Layout.SPREAD, Strategy.LAST_ACKED, batch, Sample.GATEWAY,
                Sample.NEW_GATEWAY);
        if (Twin.isBuilt()) {
            java();
            // Filled once, so that patching has something to patch.
            long bytes = c();
            Same.messages(messages.segment().asSlice(0, messages.bytes()), out.asSlice(0, bytes));
        }
    }

    @TearDown(Level.Trial)
    public void close() {
        socket.close();
        arena.close();
    }

    @Override
    Map<String, LongSupplier> all() {
        return Map.of("java", this::java, "naive", this::naive, "c", this::c, "cPatched", this::cPatched);
    }

    @Benchmark
    public long java() {
        for (int done = 0; done < MESSAGES; done += batch) {
            messages.clear();
            for (int i = done; i < done + batch; i++) {
                moves.add(messages, content, sample.at(i), Sample.GATEWAY, Sample.NEW_GATEWAY, i - done);
            }
        }
        return messages.bytes();
    }

    /** What one writes first: an arena for each message. */
    @Benchmark
    public long naive() {
        long bytes = 0;
        for (int i = 0; i < MESSAGES; i++) {
            try (Arena one = Arena.ofConfined()) {
                MemorySegment memory = one.allocate(MigrateStateEncoder.MAX_ENCODED_LENGTH);
                MigrateStateEncoder move = new MigrateStateEncoder().wrap(memory, 0);
                MoveMessages.bare(move, new Sample(Sample.Layout.SPREAD).at(i), Sample.GATEWAY, Sample.NEW_GATEWAY);
                MoveMessages.attributes(move, content, i % batch);
                bytes += move.encode();
            }
        }
        return bytes;
    }

    @Benchmark
    public long c() {
        return Twin.encode(out, run, content.ordinal());
    }

    /** The template is in the batch already and only what differs is written: for bare messages alone. */
    @Benchmark
    public long cPatched() {
        return Twin.encode(out, run, PATCHED);
    }
}
