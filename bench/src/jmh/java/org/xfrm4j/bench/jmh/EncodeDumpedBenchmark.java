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
import org.xfrm4j.bindings.xfrm4j_h;
import org.xfrm4j.netlink.DumpCursor;
import org.xfrm4j.netlink.InMemory;
import org.xfrm4j.netlink.NetlinkBatch;
import org.xfrm4j.netlink.RequestSocket;
import org.xfrm4j.wire.MigrateStateDecoder;
import org.xfrm4j.wire.MigrateStateEncoder;
import org.xfrm4j.wire.MigrateStateRules;
import org.xfrm4j.wire.SaDecoder;

/** From the bytes of a dump to a batch of XFRM_MSG_MIGRATE_STATE, without a copy in between. */
@State(Scope.Thread)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(jvmArgsAppend = {Jvm.NATIVE_ACCESS, Jvm.QUIET})
public class EncodeDumpedBenchmark extends InTurns {
    static final int SAS = 10_000;
    private static final int NETLINK_XFRM = 6;
    private static final int ROOM = MigrateStateEncoder.MAX_ENCODED_LENGTH + 20;

    /** How many one invocation does: JMH's samples are whole nanoseconds, too coarse for one. */
    @Param("10000")
    public int each;

    /** Messages, one behind the other, before the memory is used again. */
    @Param({"64", "256"})
    public int batch;

    private final Arena arena = Arena.ofConfined();
    private final MigrateStateEncoder move = new MigrateStateEncoder();
    private final MigrateStateDecoder message = new MigrateStateDecoder();
    private final SaDecoder sa = new SaDecoder();
    private RequestSocket socket;
    private NetlinkBatch messages;
    private InMemory datagrams;
    private MemorySegment dump;
    private MemorySegment out;
    private MemorySegment run;

    @Setup(Level.Trial)
    public void open() {
        socket = RequestSocket.open(NETLINK_XFRM);
        messages = socket.newBatch(batch, batch * ROOM);
        dump = DumpedSas.make(arena, SAS);
        datagrams = DumpedSas.datagrams(dump);
        out = arena.allocate((long) batch * ROOM, 64);
        run = Twin.run(arena, 0, SAS, Sample.Layout.SPREAD, Strategy.LAST_ACKED, batch, Sample.GATEWAY,
                Sample.NEW_GATEWAY);
        Same.number("SAs encoded", SAS, java());
        Same.number("SAs encoded and checked", SAS, javaChecked());
        if (Twin.isBuilt()) {
            Same.number("SAs encoded by C", SAS, c());
            Same.messages(messages.segment().asSlice(0, messages.bytes()), out.asSlice(0, messages.bytes()));
        }
    }

    @TearDown(Level.Trial)
    public void close() {
        datagrams.close();
        socket.close();
        arena.close();
    }

    @Override
    Map<String, LongSupplier> all() {
        return Map.of("java", this::java, "javaChecked", this::javaChecked, "c", this::c);
    }

    /** What the C twin does: decides by the addresses, and encodes. */
    @Benchmark
    public long java() {
        return stream(false);
    }

    /** The same, and each message looked through for what the kernel would refuse, as a migration does. */
    @Benchmark
    public long javaChecked() {
        return stream(true);
    }

    private long stream(boolean checked) {
        long from = Sample.high(Sample.GATEWAY);
        long to = Sample.high(Sample.NEW_GATEWAY);
        long all = 0;
        messages.clear();
        try (DumpCursor cursor = datagrams.dump()) {
            while (cursor.next()) {
                sa.wrap(cursor.segment(), cursor.payloadOffset(), cursor.payloadLength());
                boolean incoming = sa.destinationHigh() == from;
                if (!incoming && sa.sourceHigh() != from) {
                    continue;
                }
                if (!messages.hasRoomFor(MigrateStateEncoder.MAX_ENCODED_LENGTH)) {
                    messages.clear();
                }
                long at = messages.begin(xfrm4j_h.XFRM_MSG_MIGRATE_STATE(), 0);
                move.wrap(messages.segment(), at).from(sa);
                if (incoming) {
                    move.newDestination(to, 0);
                } else {
                    move.newSource(to, 0);
                }
                int length = move.encode();
                if (checked && MigrateStateRules.reasonToRefuse(
                        message.wrap(messages.segment(), at, length), sa) != null) {
                    throw new IllegalStateException("refused");
                }
                messages.end(length);
                all++;
            }
        }
        return all;
    }

    @Benchmark
    public long c() {
        return Twin.encodeDumped(out, dump, run);
    }
}
