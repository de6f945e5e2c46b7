package org.xfrm4j.bench.scale;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;

/** What a piece of work costs: time, the thread's processor time of its own and in the kernel, and garbage. */
final class Meter {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private final long cpu = THREADS.getCurrentThreadCpuTime();
    private final long user = THREADS.getCurrentThreadUserTime();
    private final long allocated = THREADS.getCurrentThreadAllocatedBytes();
    private final long collections = collections();
    private final long start = System.nanoTime();

    /** The work ends here. */
    Result stop() {
        long nanos = System.nanoTime() - start;
        long userNanos = THREADS.getCurrentThreadUserTime() - user;
        long cpuNanos = THREADS.getCurrentThreadCpuTime() - cpu;
        return new Result()
                .put("nanoseconds", nanos)
                .put("user_nanoseconds", userNanos)
                .put("system_nanoseconds", Math.max(0, cpuNanos - userNanos))
                .put("allocated_bytes", THREADS.getCurrentThreadAllocatedBytes() - allocated)
                .put("collections", collections() - collections);
    }

    private static long collections() {
        return ManagementFactory.getGarbageCollectorMXBeans().stream()
                .mapToLong(GarbageCollectorMXBean::getCollectionCount).sum();
    }

    /** The process's memory: heap in use when garbage is gone, the heap's limit, and the most that was resident. */
    static Result memory() throws IOException {
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        long resident = Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith("VmHWM:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) * 1024).sum();
        return new Result()
                .put("heap_used_bytes", runtime.totalMemory() - runtime.freeMemory())
                .put("heap_max_bytes", runtime.maxMemory())
                .put("resident_peak_bytes", resident);
    }
}
