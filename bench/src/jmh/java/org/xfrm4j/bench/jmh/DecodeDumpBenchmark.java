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
import org.xfrm4j.netlink.DumpCursor;
import org.xfrm4j.netlink.InMemory;
import org.xfrm4j.sa.SecurityAssociation;
import org.xfrm4j.wire.SaDecoder;

/** A dump of 10 000 SAs in memory: of each what a plan of a migration needs, attributes indexed. */
@State(Scope.Thread)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(jvmArgsAppend = {Jvm.NATIVE_ACCESS, Jvm.QUIET})
public class DecodeDumpBenchmark extends InTurns {
    static final int SAS = 10_000;

    /** How many one invocation does: JMH's samples are whole nanoseconds, too coarse for one. */
    @Param("10000")
    public int each;

    private final Arena arena = Arena.ofConfined();
    private final SaDecoder sa = new SaDecoder();
    private final SecurityAssociation[] values = new SecurityAssociation[SAS];
    private InMemory datagrams;
    private MemorySegment dump;

    @Setup(Level.Trial)
    public void open() {
        dump = DumpedSas.make(arena, SAS);
        datagrams = DumpedSas.datagrams(dump);
        if (Twin.isBuilt()) {
            Same.number("sum of the fields", c(), java());
        }
    }

    @TearDown(Level.Trial)
    public void close() {
        datagrams.close();
        arena.close();
    }

    @Override
    Map<String, LongSupplier> all() {
        return Map.of("java", this::java, "values", this::values, "c", this::c);
    }

    @Benchmark
    public long java() {
        long sum = 0;
        try (DumpCursor cursor = datagrams.dump()) {
            while (cursor.next()) {
                sa.wrap(cursor.segment(), cursor.payloadOffset(), cursor.payloadLength());
                sum += sa.destinationHigh() >>> Integer.SIZE;
                sum += sa.sourceHigh() >>> Integer.SIZE;
                sum += Integer.toUnsignedLong(sa.spi());
                sum += sa.protocol();
                sum += sa.family();
                sum += Integer.toUnsignedLong(sa.reqid());
                sum += sa.mode();
                sum += sa.selector().destinationHigh() >>> Integer.SIZE;
                sum += sa.selector().sourceHigh() >>> Integer.SIZE;
                sum += Integer.toUnsignedLong(sa.markValue());
                sum += sa.encapType();
                sum += sa.direction();
            }
        }
        return sum;
    }

    /** Each SA as an object with all that it has, keys and all: the convenient way. */
    @Benchmark
    public long values() {
        int count = 0;
        try (DumpCursor cursor = datagrams.dump()) {
            while (cursor.next()) {
                values[count++] = SecurityAssociation.from(
                        sa.wrap(cursor.segment(), cursor.payloadOffset(), cursor.payloadLength()));
            }
        }
        return count;
    }

    @Benchmark
    public long c() {
        return Twin.decodeDump(dump);
    }
}
