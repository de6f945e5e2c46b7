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
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.xfrm4j.Xfrm;
import org.xfrm4j.netlink.BatchResults;
import org.xfrm4j.netlink.Errno;

/**
 * Requests that any kernel knows, its answers read and attributed: policies that are replaced, and look-ups of SAs that
 * are not there, each answered with ESRCH. Per message.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@OperationsPerInvocation(TransportBenchmark.MESSAGES)
@Fork(jvmArgsAppend = {Jvm.NATIVE_ACCESS, Jvm.QUIET})
public class TransportBenchmark extends InTurns {
    static final int MESSAGES = 1024;

    /** What is asked. */
    public enum Work {
        /** XFRM_MSG_UPDPOLICY of a policy that is there. */
        POLICIES,
        /** XFRM_MSG_GETSA of an SA that is not. */
        LOOKUPS
    }

    @Param
    public Work work;

    @Param
    public Strategy strategy;

    /** Messages a system call; means nothing to SINGLE. */
    @Param({"1", "4", "16", "64", "256", "1024"})
    public int batch;

    private final Arena arena = Arena.ofConfined();
    private final PolicyMessages messages = new PolicyMessages();
    private final NaivePolicies naivePolicies = new NaivePolicies();
    private final Sample sample = new Sample(Sample.Layout.SPREAD);
    private Xfrm xfrm;
    private Batches batches;
    private NaiveSocket naive;
    private Twin twin;
    private MemorySegment run;
    private MemorySegment single;

    @Setup(Level.Trial)
    public void open() {
        xfrm = Xfrm.open();
        xfrm.policies().flush();
        batches = work == Work.POLICIES
                ? new Batches(xfrm.requests(), strategy, batch, PolicyMessages.ROOM, (into, index) ->
                        messages.addUpdate(into, sample.at(2 * index + 1), Sample.NEW_GATEWAY), Batches::done)
                : new Batches(xfrm.requests(), strategy, batch, PolicyMessages.ROOM, (into, index) ->
                        messages.addLookup(into, sample.at(index)), TransportBenchmark::absent);
        run = Twin.run(arena, 0, MESSAGES, Sample.Layout.SPREAD, strategy, batch, Sample.GATEWAY, Sample.NEW_GATEWAY);
        single = Twin.run(arena, 0, MESSAGES, Sample.Layout.SPREAD, Strategy.SINGLE, 1, Sample.GATEWAY,
                Sample.NEW_GATEWAY);
        naive = new NaiveSocket();
        // All policies are there before one is measured, by each way that is measured; and each makes the same ones.
        check("by Java", java());
        check("naively", naive());
        if (Twin.isBuilt()) {
            twin = Twin.open();
            check("by C", c());
            check("by C, one at a time", cSingle());
        }
    }

    private void check(String how, long count) {
        Same.number("messages answered as expected, sent " + how, MESSAGES, count);
        Same.number("policies, made " + how, work == Work.POLICIES ? MESSAGES : 0, xfrm.policies().list().size());
    }

    private static long absent(BatchResults results) {
        return Batches.refused(results, Errno.ESRCH);
    }

    @TearDown(Level.Trial)
    public void close() {
        xfrm.policies().flush();
        xfrm.close();
        naive.close();
        if (twin != null) {
            twin.close();
        }
        arena.close();
    }

    private static long all(long count) {
        if (count != MESSAGES) {
            throw new IllegalStateException(count + " of " + MESSAGES + " answered as expected");
        }
        return count;
    }

    @Override
    Map<String, LongSupplier> all() {
        return Map.of("java", this::java, "naive", this::naive, "c", this::c, "cSingle", this::cSingle);
    }

    @Benchmark
    public long java() {
        return all(batches.run(MESSAGES));
    }

    /** An arena and a round trip for each message, whatever the strategy. */
    @Benchmark
    public long naive() {
        long good = 0;
        for (int i = 0; i < MESSAGES; i++) {
            good += work == Work.POLICIES ? naivePolicies.update(naive, i) : naivePolicies.absent(naive, i);
        }
        return all(good);
    }

    @Benchmark
    public long c() {
        return send(run);
    }

    /** One message at a time, whatever the strategy. */
    @Benchmark
    public long cSingle() {
        return send(single);
    }

    private long send(MemorySegment messages) {
        return all(work == Work.POLICIES ? twin.updatePolicies(messages) : twin.lookUpAbsent(messages));
    }
}
