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

/** Moves the SAs of several network namespaces at the same time, a thread for each: the kernel locks within one. */
final class SideBySide {
    private static final int LIMIT_MINUTES = 20;
    private static final int NOBODY = 0;

    private final Shape shape;
    private final int sas;
    private final int count;
    private final CyclicBarrier barrier;
    /** How many namespaces take part in the round at hand; written before all meet, and read after that. */
    private int taking;

    SideBySide(Shape shape, int sas, int count) {
        this.shape = shape;
        this.sas = sas;
        this.count = count;
        this.barrier = new CyclicBarrier(count + 1);
    }

    /** Prints a line for each round: the time until the last namespace is done; see {@link Turns}. */
    void run(int rounds) throws Exception {
        List<Process> keepers = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(count)) {
            List<Future<?>> done = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                Process keeper = keepNamespace();
                keepers.add(keeper);
                NetworkNamespace namespace = NetworkNamespace.ofProcess(keeper.pid());
                done.add(threads.submit(work(namespace, i)));
            }
            take(new Turns(count, rounds), done);
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

    /** What a thread does: in each round in which its namespace takes part, all SAs move to where they are not. */
    private Callable<Void> work(NetworkNamespace namespace, int number) {
        return () -> {
            try (Xfrm xfrm = Xfrm.open(namespace)) {
                new Gateway(shape).installSas(xfrm, sas);
                Migrator migrator = new Migrator(xfrm);
                int round = 0;
                for (meet(); taking != NOBODY; meet()) {
                    if (number < taking) {
                        long moved = Ours.move(xfrm, migrator, Ours.from(round), Ours.from(round + 1));
                        if (moved != sas) {
                            throw new IllegalStateException(moved + " of " + sas + " SAs moved");
                        }
                        round++;
                    }
                    meet();
                }
                return null;
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

    private void take(Turns turns, List<Future<?>> done) throws Exception {
        try {
            turns.run(sas, this::round);
            taking = NOBODY;
            meet();
        } catch (BrokenBarrierException broken) {
            throw new IllegalStateException("a thread failed", cause(done));
        }
    }

    private long round(int namespaces) throws InterruptedException, BrokenBarrierException, TimeoutException {
        taking = namespaces;
        meet();
        long start = System.nanoTime();
        meet();
        return System.nanoTime() - start;
    }

    /** What broke the barrier: of the others it is the barrier that broke. */
    private static Throwable cause(List<Future<?>> done) throws InterruptedException {
        Throwable cause = null;
        for (Future<?> each : done) {
            try {
                each.get();
            } catch (ExecutionException failed) {
                cause = cause == null || cause instanceof BrokenBarrierException ? failed.getCause() : cause;
            }
        }
        return cause;
    }
}
