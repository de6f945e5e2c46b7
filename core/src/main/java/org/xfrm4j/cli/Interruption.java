package org.xfrm4j.cli;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Ctrl-C (SIGINT), or SIGTERM or SIGHUP, while something goes on that must not be broken off: it is asked to stop where
 * it can, and the process ends with its own status when it has.
 *
 * <p>The JVM has begun its shutdown by then, and waits for the hook; the hook waits for {@link Main}, which therefore
 * must come to {@link #end} whatever happens.
 */
final class Interruption implements AutoCloseable {
    private static volatile Interruption current;

    private final CompletableFuture<Integer> status = new CompletableFuture<>();
    private final Thread hook = new Thread(this::asked, "xfrm4j-interrupted");
    private final CountDownLatch asked = new CountDownLatch(1);

    private Interruption() {
    }

    /** From now on, until it is closed, an interruption only asks. */
    static Interruption await() {
        Interruption interruption = new Interruption();
        // Refused while the process ends: then the one that waits for the status stays the current one.
        Runtime.getRuntime().addShutdownHook(interruption.hook);
        current = interruption;
        return interruption;
    }

    /** Whether it is to stop. */
    boolean isAsked() {
        return asked.getCount() == 0;
    }

    /** Waits until what goes on at the moment is to stop, or the time is over; tells whether it is. */
    static boolean isAskedWithin(long time, TimeUnit unit) throws InterruptedException {
        return current.asked.await(time, unit);
    }

    private void asked() {
        asked.countDown();
        Runtime.getRuntime().halt(status.join());
    }

    /** The process ends with this status, if it was interrupted; then this does not return. */
    static void end(int status) {
        Interruption interruption = current;
        if (interruption == null) {
            return;
        }
        interruption.status.complete(status);
        while (interruption.isAsked()) {
            try {
                interruption.hook.join();
            } catch (InterruptedException goOn) {
                // The hook is about to end the process.
            }
        }
    }

    /** Interruptions end the process again. One that has asked before goes on to wait for {@link #end}. */
    @Override
    public void close() {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
            current = null;
        } catch (IllegalStateException shuttingDown) {
            // The process ends by way of the hook.
        }
    }
}
