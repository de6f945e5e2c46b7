package org.xfrm4j.bench.jmh;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
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
import org.xfrm4j.netlink.Sender;

/** What lies beneath all else: a call that does nothing, the smallest system call, and a send that does nothing. */
@State(Scope.Thread)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(jvmArgsAppend = {Jvm.NATIVE_ACCESS, Jvm.QUIET})
public class FloorBenchmark extends InTurns {
    static final int CALLS = 1024;

    /** How many one invocation does: JMH's samples are whole nanoseconds, too coarse for one. */
    @Param("1024")
    public int each;

    private Sender sender;
    private Twin twin;

    @Setup(Level.Trial)
    public void open() {
        sender = new Sender();
        twin = Twin.isBuilt() ? Twin.open() : null;
        Same.number("process", ProcessHandle.current().parent().orElseThrow().pid(), Libc.getppid());
    }

    @TearDown(Level.Trial)
    public void close() {
        sender.close();
        if (twin != null) {
            twin.close();
        }
    }

    @Override
    Map<String, LongSupplier> all() {
        return Map.of("emptyCallOfC", this::emptyCallOfC, "getppid", this::getppid, "cGetppid", this::cGetppid,
                "noop", this::noop, "cNoop", this::cNoop);
    }

    /** From Java into C and back; C itself has nothing to compare it with. */
    @Benchmark
    public long emptyCallOfC() {
        for (int i = 0; i < CALLS; i++) {
            Twin.nothing();
        }
        return CALLS;
    }

    @Benchmark
    public long getppid() {
        long sum = 0;
        for (int i = 0; i < CALLS; i++) {
            sum += Libc.getppid();
        }
        return sum;
    }

    @Benchmark
    public long cGetppid() {
        return Twin.getppid(CALLS);
    }

    @Benchmark
    public long noop() {
        for (int i = 0; i < CALLS; i++) {
            sender.send();
        }
        return CALLS;
    }

    @Benchmark
    public long cNoop() {
        return twin.noops(CALLS);
    }

    @SuppressWarnings("restricted")
    private static final class Libc {
        private static final MethodHandle GETPPID = Linker.nativeLinker().downcallHandle(
                Linker.nativeLinker().defaultLookup().find("getppid").orElseThrow(),
                FunctionDescriptor.of(ValueLayout.JAVA_INT));

        static int getppid() {
            try {
                return (int) GETPPID.invokeExact();
            } catch (Throwable impossible) {
                throw new IllegalStateException(impossible);
            }
        }
    }
}
