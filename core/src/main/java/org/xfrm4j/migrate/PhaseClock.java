package org.xfrm4j.migrate;

import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import org.xfrm4j.Xfrm;
import org.xfrm4j.netlink.KernelTimer;

/** Tells what time goes to, and how much of it the kernel takes. One phase is on at any time. */
final class PhaseClock implements AutoCloseable {
    private final KernelTimer kernel;
    private final long start = System.nanoTime();
    private final long[] nanos = new long[MigrationPhase.values().length];
    private final long[] kernelNanos = new long[nanos.length];
    private MigrationPhase now = MigrationPhase.OTHER;
    private long since = start;
    private long kernelSince;

    PhaseClock(Xfrm xfrm) {
        kernel = xfrm.requests().timeKernel();
    }

    /** Turns to a phase, and returns the one before, which is to be turned back to. */
    MigrationPhase turnTo(MigrationPhase next) {
        long time = System.nanoTime();
        long kernelTime = kernel.nanos();
        nanos[now.ordinal()] += time - since;
        kernelNanos[now.ordinal()] += kernelTime - kernelSince;
        since = time;
        kernelSince = kernelTime;
        MigrationPhase before = now;
        now = next;
        return before;
    }

    /** What the kernel has taken so far. */
    long kernelNanos() {
        return kernel.nanos();
    }

    /** The times until now. */
    MigrationReport.Times times(MigrationReport.Spent planning) {
        turnTo(now);
        Map<MigrationPhase, MigrationReport.Spent> phases = new EnumMap<>(MigrationPhase.class);
        for (MigrationPhase phase : MigrationPhase.values()) {
            phases.put(phase, spent(nanos[phase.ordinal()], kernelNanos[phase.ordinal()]));
        }
        return new MigrationReport.Times(planning,
                spent(Arrays.stream(nanos).sum(), Arrays.stream(kernelNanos).sum()),
                Collections.unmodifiableMap(phases));
    }

    private static MigrationReport.Spent spent(long nanos, long kernelNanos) {
        return new MigrationReport.Spent(Duration.ofNanos(nanos), Duration.ofNanos(kernelNanos));
    }

    @Override
    public void close() {
        kernel.close();
    }
}
