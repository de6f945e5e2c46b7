package org.xfrm4j.migrate;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xfrm4j.Xfrm;
import org.xfrm4j.netlink.NetworkNamespace;

/**
 * Plans and runs migrations in several network namespaces side by side. The kernel's lock is one for each namespace, so
 * that they do not wait for one another, as several threads in one namespace would.
 *
 * <pre>
 *   NamespaceMigrations migrations = new NamespaceMigrations(4, NamespaceListener.NONE);
 *   migrations.run(List.of(
 *           NamespaceMigration.of(NetworkNamespace.named("red"), rule),
 *           NamespaceMigration.of(NetworkNamespace.named("blue"), rule)))
 *       .forEach((namespace, outcome) -&gt; System.out.println(namespace + ": " + outcome));
 * </pre>
 *
 * <p><b>This starts threads</b>: platform threads, no more than asked for and no more than there are namespaces, which
 * have ended when {@link #run} returns. Nothing else in the library does, but for {@link NetworkNamespace}, whose
 * thread lives while a socket is opened. A thread has a socket of its own and takes one namespace after another; it
 * holds one plan at a time, so the memory is that of as many plans as there are threads. More threads than CPUs gain
 * nothing: a thread waits for nobody but the kernel, which works on the thread's own CPU.
 *
 * <p>What fails in one namespace does not stop the others. Two names for one namespace are two migrations of it, whose
 * second finds what the first has left: that cannot be seen here.
 *
 * <p>{@link #run} and {@link #cancel} may be called from any thread. For one run.
 */
public final class NamespaceMigrations {
    private static final Logger LOG = LoggerFactory.getLogger(NamespaceMigrations.class);

    private final int threads;
    private final NamespaceListener listener;
    private volatile boolean cancelled;

    /**
     * Migrations that go on in parallel.
     *
     * @param threads how many at the same time at most
     * @param listener follows them all
     * @throws IllegalArgumentException if the number is not positive
     */
    public NamespaceMigrations(int threads, NamespaceListener listener) {
        if (threads < 1) {
            throw new IllegalArgumentException("threads: " + threads + " is not positive");
        }
        this.threads = threads;
        this.listener = Objects.requireNonNull(listener, "listener");
    }

    /** Migrations that go on in parallel, as many as there are CPUs, without a listener. */
    public NamespaceMigrations() {
        this(Runtime.getRuntime().availableProcessors(), NamespaceListener.NONE);
    }

    /**
     * Ends all of them between groups, and begins no other; what is done stays done. Does not wait.
     */
    public void cancel() {
        cancelled = true;
    }

    /** {@return whether {@link #cancel} was called, or {@link #run} interrupted} */
    public boolean isCancelled() {
        return cancelled;
    }

    /**
     * Plans and runs them, and waits until all have ended. An interrupt cancels them as {@link #cancel} does; the
     * thread is still waited for, and interrupted when this returns.
     *
     * @param migrations begun in this order, one for each namespace
     * @return what became of each, in the same order; nothing of this is thrown
     * @throws IllegalArgumentException if two are of one namespace or of one journal; nothing was touched
     */
    public Map<NetworkNamespace, NamespaceOutcome> run(List<NamespaceMigration> migrations) {
        List<NamespaceMigration> all = List.copyOf(migrations);
        check(all);
        NamespaceOutcome[] outcomes = new NamespaceOutcome[all.size()];
        Arrays.fill(outcomes, new NamespaceOutcome.NotBegun());
        AtomicInteger next = new AtomicInteger();
        await(start(Math.min(threads, all.size()), () -> {
            int index = next.getAndIncrement();
            while (index < all.size() && !cancelled) {
                outcomes[index] = outcome(all.get(index));
                index = next.getAndIncrement();
            }
        }));
        Map<NetworkNamespace, NamespaceOutcome> result = new LinkedHashMap<>();
        for (int i = 0; i < outcomes.length; i++) {
            result.put(all.get(i).namespace(), outcomes[i]);
        }
        return Collections.unmodifiableMap(result);
    }

    private static void check(List<NamespaceMigration> migrations) {
        Set<NetworkNamespace> namespaces = new HashSet<>();
        Set<Path> journals = new HashSet<>();
        for (NamespaceMigration migration : migrations) {
            if (!namespaces.add(migration.namespace())) {
                throw new IllegalArgumentException(migration.namespace() + ": two migrations of it");
            }
            migration.running().journal().ifPresent(journal -> {
                if (!journals.add(journal.toAbsolutePath().normalize())) {
                    throw new IllegalArgumentException("journal " + journal + ": for two migrations");
                }
            });
        }
    }

    /** Starts as many as the system lets; one is enough. */
    private static List<Thread> start(int count, Runnable work) {
        List<Thread> started = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Thread thread = Thread.ofPlatform().name("xfrm4j-migration-" + (i + 1)).daemon(false).unstarted(work);
            try {
                thread.start();
                started.add(thread);
            } catch (OutOfMemoryError noThread) {
                if (started.isEmpty()) {
                    throw noThread;
                }
                LOG.warn("migrations in {} namespaces at a time, since there are no more threads: {}", i,
                        noThread.getMessage());
                break;
            }
        }
        return started;
    }

    private void await(List<Thread> workers) {
        boolean interrupted = false;
        for (Thread worker : workers) {
            while (worker.isAlive()) {
                try {
                    worker.join();
                } catch (InterruptedException e) {
                    interrupted = true;
                    cancel();
                }
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Whatever is thrown is an outcome, an Error too: a namespace must not end the others. */
    private NamespaceOutcome outcome(NamespaceMigration migration) {
        try {
            return migrate(migration);
        } catch (Throwable failed) {
            // It is told to the caller, and what went wrong in a run was said there.
            LOG.warn("{}: {}", migration.namespace(), failed.toString());
            return new NamespaceOutcome.Failed(failed);
        }
    }

    private NamespaceOutcome migrate(NamespaceMigration migration) throws Exception {
        NetworkNamespace namespace = migration.namespace();
        try (Xfrm xfrm = Xfrm.open(namespace);
                MigrationPlan plan = MigrationPlan.of(xfrm, migration.rule(), migration.planning())) {
            if (!plan.problems().isEmpty()) {
                LOG.warn("{}: {}", namespace, plan);
                return new NamespaceOutcome.Refused(plan.problems());
            }
            if (cancelled) {
                return new NamespaceOutcome.NotBegun();
            }
            LOG.info("{}: {}", namespace, plan);
            return new NamespaceOutcome.Ran(Migration.run(xfrm, plan, migration.running(), (done, groups) ->
                    listener.progress(namespace, done, groups) && !cancelled));
        }
    }
}
