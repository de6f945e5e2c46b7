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
import org.xfrm4j.SaFilter;
import org.xfrm4j.Xfrm;
import org.xfrm4j.bindings.xfrm4j_h;
import org.xfrm4j.migrate.MigrateOptions;
import org.xfrm4j.migrate.Migrator;
import org.xfrm4j.migrate.MoveListener;
import org.xfrm4j.migrate.MoveRule;
import org.xfrm4j.wire.MigrateStateEncoder;

/**
 * Real SAs, moved from one of the gateway's addresses to another and back, by XFRM_MSG_MIGRATE_STATE and by what came
 * before. Per SA. Needs a kernel that has it.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@OperationsPerInvocation(MigrateBenchmark.SAS)
@Fork(jvmArgsAppend = {Jvm.NATIVE_ACCESS, Jvm.QUIET})
public class MigrateBenchmark extends InTurns {
    static final int SAS = 1024;

    /** How the SAs are told apart. */
    @Param({"SPREAD", "IN_STEP", "SHARED"})
    public String layout;

    @Param
    public Strategy strategy;

    /** Messages a system call; means nothing to SINGLE. */
    @Param({"1", "8", "32", "64", "128", "256", "1024"})
    public int batch;

    private final Arena arena = Arena.ofConfined();
    private final MoveMessages moves = new MoveMessages();
    private int here = Sample.GATEWAY;
    private int there = Sample.NEW_GATEWAY;
    private Sample sample;
    private Xfrm xfrm;
    private Batches batches;
    private Migrator migrator;
    private NaiveSocket naive;
    private Twin twin;
    private Twin dumping;
    private MemorySegment run;
    private MemorySegment single;

    @Setup(Level.Trial)
    public void open() {
        Sample.Layout samples = Sample.Layout.valueOf(layout);
        sample = new Sample(samples);
        xfrm = Xfrm.open();
        xfrm.sas().flush();
        SampleSas.add(xfrm, SAS, samples);
        batches = new Batches(xfrm.requests(), strategy, batch, MigrateStateEncoder.MAX_ENCODED_LENGTH,
                (into, index) -> moves.add(into, sample.at(index), here, there), Batches::done);
        migrator = new Migrator(xfrm, new MigrateOptions(strategy == Strategy.SINGLE ? 1 : batch,
                strategy.acknowledge()));
        naive = new NaiveSocket();
        run = Twin.run(arena, 0, SAS, samples, strategy, batch, here, there);
        single = Twin.run(arena, 0, SAS, samples, Strategy.SINGLE, 1, here, there);
        check("nowhere yet", SAS);
        check("by Java", java());
        check("from a dump", stream());
        check("naively", naive());
        if (Twin.isBuilt()) {
            twin = Twin.open();
            dumping = Twin.open();
            check("by C", c());
            check("by C, one at a time", cSingle());
            check("by C from a dump", cStream());
            check("as strongSwan does it", cStrongswan());
        }
    }

    /** After a run, all SAs are {@code here}: a run turns the two round. */
    private void check(String how, long moved) {
        Same.number("SAs moved " + how, SAS, moved);
        Same.number("SAs at the gateway's address, moved " + how, SAS, SampleSas.at(xfrm, here));
    }

    @TearDown(Level.Trial)
    public void close() {
        check("in the last run", SAS);
        xfrm.sas().flush();
        xfrm.close();
        naive.close();
        if (twin != null) {
            twin.close();
            dumping.close();
        }
        arena.close();
    }

    /** Each run goes back where the last one came from. */
    private long turn(long moved) {
        if (moved != SAS) {
            throw new IllegalStateException(moved + " of " + SAS + " SAs moved");
        }
        int before = here;
        here = there;
        there = before;
        direct(run);
        direct(single);
        return moved;
    }

    private void direct(MemorySegment ofC) {
        ofC.setAtIndex(ValueLayout.JAVA_INT, 5, here);
        ofC.setAtIndex(ValueLayout.JAVA_INT, 6, there);
    }

    @Override
    Map<String, LongSupplier> all() {
        return Map.of("java", this::java, "stream", this::stream, "naive", this::naive, "c", this::c,
                "cSingle", this::cSingle, "cStream", this::cStream, "cStrongswan", this::cStrongswan);
    }

    /** The raw batch path: each message from what is known of its SA. */
    @Benchmark
    public long java() {
        return turn(batches.run(SAS));
    }

    /** The streaming path: from the kernel's dump into batches, each move looked through before it is sent. */
    @Benchmark
    public long stream() {
        long from = Sample.high(here);
        long to = Sample.high(there);
        MoveRule rule = (sa, move) -> {
            if (sa.destinationHigh() == from) {
                move.newDestination(to, 0);
                return true;
            }
            if (sa.sourceHigh() == from) {
                move.newSource(to, 0);
                return true;
            }
            return false;
        };
        return turn(migrator.stream(SaFilter.ALL, rule, MoveListener.NONE).moved());
    }

    /** An arena and a round trip for each SA, whatever the strategy. */
    @Benchmark
    public long naive() {
        long moved = 0;
        for (int i = 0; i < SAS; i++) {
            Sample sa = new Sample(Sample.Layout.valueOf(layout)).at(i);
            int error = naive.ask(xfrm4j_h.XFRM_MSG_MIGRATE_STATE(), MigrateStateEncoder.MAX_ENCODED_LENGTH,
                    (memory, at) -> {
                        MigrateStateEncoder move = new MigrateStateEncoder().wrap(memory, at);
                        MoveMessages.bare(move, sa, here, there);
                        return move.encode();
                    });
            moved += error == 0 ? 1 : 0;
        }
        return turn(moved);
    }

    @Benchmark
    public long c() {
        return turn(twin.migrate(run));
    }

    /** One message at a time, whatever the strategy. */
    @Benchmark
    public long cSingle() {
        return turn(twin.migrate(single));
    }

    @Benchmark
    public long cStream() {
        return turn(twin.migrateDumped(dumping, run));
    }

    /** GETSA, GETAE, DELSA, NEWSA: four round trips for each SA, whatever the strategy. */
    @Benchmark
    public long cStrongswan() {
        return turn(twin.migrateAsStrongswan(run));
    }
}
