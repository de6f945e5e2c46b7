package org.xfrm4j.cli;

import java.util.concurrent.CompletableFuture;

/**
 * Ctrl-C (SIGINT), or SIGTERM or SIGHUP, while something goes on that must not be broken off: it is asked to stop where
 * it can, and the process ends with its own status when it has.
 *
 * <p>The JVM has begun its shutdown by then, and waits for the hook; the hook waits for {@link Main}.
 */
final class Interruption implements AutoCloseable {
    private static volatile Interruption current;

    private final CompletableFuture<Integer> status = new CompletableFuture<>();
    private final Thread hook = new Thread(this::asked, "xfrm4j-interrupted");
    private volatile boolean asked;

    private Interruption() {
    }

    /** From now on, until it is closed, an interruption only asks. */
    static Interruption await() {
        Interruption interruption = new Interruption();
        current = interruption;
        Runtime.getRuntime().addShutdownHook(interruption.hook);
        return interruption;
    }

    /** Whether it is to stop. */
    boolean isAsked() {
        return asked;
    }

    private void asked() {
        asked = true;
        Runtime.getRuntime().halt(status.join());
    }

    /** The process ends with this status, if it was interrupted; then this does not return. */
    static void end(int status) {
        Interruption interruption = current;
        if (interruption == null) {
            return;
        }
        interruption.status.complete(status);
        while (interruption.asked) {
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
