package org.xfrm4j.bench.jmh;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.xfrm4j.PolicyDump;
import org.xfrm4j.SaDump;
import org.xfrm4j.SaFilter;
import org.xfrm4j.Xfrm;

/** Dumps from the kernel, of 10 000 policies or, where it has ESP, SAs. Per entry. */
@State(Scope.Thread)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@OperationsPerInvocation(DumpBenchmark.ENTRIES)
@Fork(jvmArgsAppend = {Jvm.NATIVE_ACCESS, Jvm.QUIET})
public class DumpBenchmark extends InTurns {
    static final int ENTRIES = 10_000;
    private static final int BATCH = 256;

    /** What is dumped. */
    public enum What { POLICIES, SAS }

    @Param
    public What what;

    private final Arena arena = Arena.ofConfined();
    private final MemorySegment ofGateway = Twin.ints(arena, 1);
    private Xfrm xfrm;
    private Twin twin;

    @Setup(Level.Trial)
    public void open() {
        xfrm = Xfrm.open();
        xfrm.policies().flush();
        xfrm.sas().flush();
        if (what == What.SAS) {
            SampleSas.add(xfrm, ENTRIES, Sample.Layout.SPREAD);
        } else {
            PolicyMessages messages = new PolicyMessages();
            Sample sample = new Sample(Sample.Layout.SPREAD);
            Same.number("policies made", ENTRIES, new Batches(xfrm.requests(), Strategy.LAST_ACKED, BATCH,
                    PolicyMessages.ROOM, (into, index) ->
                    messages.addUpdate(into, sample.at(2 * index + 1), Sample.GATEWAY), Batches::done).run(ENTRIES));
        }
        Same.number("entries dumped", ENTRIES, java());
        if (Twin.isBuilt()) {
            twin = Twin.open();
            Same.number("entries dumped by C", ENTRIES, c());
        }
    }

    @TearDown(Level.Trial)
    public void close() {
        xfrm.policies().flush();
        xfrm.sas().flush();
        xfrm.close();
        if (twin != null) {
            twin.close();
        }
        arena.close();
    }

    @Override
    Map<String, LongSupplier> all() {
        return Map.of("java", this::java, "values", this::values, "c", this::c);
    }

    /** Each entry decoded where the kernel put it. */
    @Benchmark
    public long java() {
        return what == What.SAS ? dumpSas() : dumpPolicies();
    }

    private long dumpSas() {
        long with = 0;
        try (SaDump dump = xfrm.sas().dump(SaFilter.ALL)) {
            while (dump.next()) {
                with += dump.sa().destinationHigh() == Sample.high(Sample.GATEWAY)
                        || dump.sa().sourceHigh() == Sample.high(Sample.GATEWAY) ? 1 : 0;
            }
        }
        return with;
    }

    private long dumpPolicies() {
        long all = 0;
        try (PolicyDump dump = xfrm.policies().dump()) {
            while (dump.next()) {
                all++;
            }
        }
        return all;
    }

    /** Each entry as an object. */
    @Benchmark
    public long values() {
        return what == What.SAS ? xfrm.sas().list(SaFilter.ALL).size() : xfrm.policies().list().size();
    }

    @Benchmark
    public long c() {
        if (what == What.POLICIES) {
            return twin.dumpPolicies();
        }
        twin.dumpSas(Sample.GATEWAY, ofGateway);
        return ofGateway.get(ValueLayout.JAVA_INT, 0);
    }
}
