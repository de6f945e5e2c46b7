package org.xfrm4j.bench.scale;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.xfrm4j.Xfrm;
import org.xfrm4j.migrate.Migrator;
import org.xfrm4j.netlink.NetworkNamespace;
import org.xfrm4j.sa.IpAddress;

/** Moves the SAs of several network namespaces at the same time, a thread for each: the kernel locks within one. */
final class SideBySide {
    private static final int LIMIT_MINUTES = 20;

    private final Shape shape;
    private final int sas;
    private final int count;
    private final CyclicBarrier barrier;

    SideBySide(Shape shape, int sas, int count) {
        this.shape = shape;
        this.sas = sas;
        this.count = count;
        this.barrier = new CyclicBarrier(count + 1);
    }

    /** Prints a line for each round: the time until the last namespace is done. */
    void run(int rounds) throws Exception {
        List<Process> keepers = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(count)) {
            List<Future<Long>> moved = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                Process keeper = keepNamespace();
                keepers.add(keeper);
                NetworkNamespace namespace = NetworkNamespace.ofProcess(keeper.pid());
                moved.add(threads.submit(work(namespace, rounds)));
            }
            time(rounds, moved);
        } finally {
            keepers.forEach(Process::destroy);
        }
    }

    /** A namespace lives as long as a process in it. */
    static Process keepNamespace() throws IOException {
        Process keeper = new ProcessBuilder("unshare", "--net", "sh", "-c", "echo ready; exec sleep 3600")
                .redirectErrorStream(true).start();
        String line = keeper.inputReader().readLine();
        if (!"ready".equals(line)) {
            throw new IOException("no network namespace: " + line);
        }
        return keeper;
    }

    private Callable<Long> work(NetworkNamespace namespace, int rounds) {
        return () -> {
            try (Xfrm xfrm = Xfrm.open(namespace)) {
                new Gateway(shape).installSas(xfrm, sas);
                Migrator migrator = new Migrator(xfrm);
                long moved = 0;
                for (int round = 0; round < rounds; round++) {
                    IpAddress from = round % 2 == 0 ? Gateway.HERE : Gateway.THERE;
                    IpAddress to = round % 2 == 0 ? Gateway.THERE : Gateway.HERE;
                    meet();
                    moved += Ours.move(xfrm, migrator, from, to);
                    meet();
                }
                return moved;
            } catch (RuntimeException | Error failed) {
                // The others must not wait for this one.
                barrier.reset();
                throw failed;
            }
        };
    }

    /** Not for ever: a thread that has failed does not come. */
    private void meet() throws InterruptedException, BrokenBarrierException, TimeoutException {
        barrier.await(LIMIT_MINUTES, TimeUnit.MINUTES);
    }

    private void time(int rounds, List<Future<Long>> moved)
            throws InterruptedException, ExecutionException, TimeoutException {
        List<Result> results = new ArrayList<>();
        try {
            for (int round = 0; round < rounds; round++) {
                meet();
                long start = System.nanoTime();
                meet();
                results.add(new Result().put("round", round).put("namespaces", count)
                        .put("nanoseconds", System.nanoTime() - start).put("moved", (long) count * sas));
            }
        } catch (BrokenBarrierException broken) {
            // What broke it is thrown below.
            results.clear();
        }
        for (Future<Long> each : moved) {
            if (each.get() != (long) rounds * sas) {
                throw new IllegalStateException(each.get() + " of " + (long) rounds * sas + " SAs moved");
            }
        }
        results.forEach(System.out::println);
    }
}
