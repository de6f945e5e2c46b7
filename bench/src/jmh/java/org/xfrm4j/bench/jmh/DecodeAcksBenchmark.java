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
import org.xfrm4j.netlink.InMemory;

/** 256 acknowledgements in memory, each a datagram: results by index. */
@State(Scope.Thread)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(jvmArgsAppend = {Jvm.NATIVE_ACCESS, Jvm.QUIET})
public class DecodeAcksBenchmark extends InTurns {
    static final int ACKS = 256;
    private static final int ACK_BYTES = 36;
    private static final int ESRCH = 3;

    /** How many one invocation does: JMH's samples are whole nanoseconds, too coarse for one. */
    @Param("4096")
    public int each;

    /** One of so many is a refusal. */
    @Param({"1", "256"})
    public int refused;

    private final Arena arena = Arena.ofConfined();
    private InMemory datagrams;
    private InMemory.Acknowledged acknowledged;
    private MemorySegment acks;
    private MemorySegment errors;

    @Setup(Level.Trial)
    public void open() {
        datagrams = new InMemory(ACKS);
        acknowledged = datagrams.acknowledged(ACKS);
        acks = arena.allocate((long) ACKS * ACK_BYTES, 64);
        errors = Twin.ints(arena, ACKS);
        for (int i = 0; i < ACKS; i++) {
            MemorySegment ack = datagrams.acknowledgement(InMemory.SEQUENCE + i, i % refused == 0 ? ESRCH : 0);
            datagrams.add(ack);
            acks.asSlice((long) i * ACK_BYTES, ACK_BYTES).copyFrom(ack);
        }
        Same.number("refusals", each / refused, java());
        if (Twin.isBuilt()) {
            Same.number("refusals by C", each / refused, c());
        }
    }

    @TearDown(Level.Trial)
    public void close() {
        datagrams.close();
        arena.close();
    }

    @Override
    Map<String, LongSupplier> all() {
        return Map.of("java", this::java, "c", this::c);
    }

    @Benchmark
    public long java() {
        long failures = 0;
        for (int done = 0; done < each; done += ACKS) {
            failures += acknowledged.read().failures();
        }
        return failures;
    }

    @Benchmark
    public long c() {
        long failures = 0;
        for (int done = 0; done < each; done += ACKS) {
            failures += Twin.decodeAcks(acks, InMemory.SEQUENCE, errors, ACKS);
        }
        return failures;
    }
}
