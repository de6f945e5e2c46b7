package org.xfrm4j.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * The command line, in a migration that waits in the middle until the process is interrupted: after its first step,
 * when it tells how far it is. What it prints goes to standard output.
 */
final class InterruptedMigration {
    private static final int NO_SIGNAL = 99;

    private InterruptedMigration() {
    }

    /**
     * Runs a command that migrates.
     *
     * @param arguments the command
     */
    public static void main(String[] arguments) {
        Log.setUp();
        CountDownLatch interrupted = new CountDownLatch(1);
        // Runs beside the command's own, which it does not depend on.
        Runtime.getRuntime().addShutdownHook(new Thread(interrupted::countDown));
        int status = Main.run(System.out, new OutputStream() {
            @Override
            public void write(int each) throws IOException {
                write(new byte[] {(byte) each}, 0, 1);
            }

            @Override
            public void write(byte[] bytes, int offset, int length) {
                System.out.write(bytes, offset, length);
                System.out.flush();
                try {
                    if (!interrupted.await(2, TimeUnit.MINUTES)) {
                        System.out.println("no signal came");
                        Runtime.getRuntime().halt(NO_SIGNAL);
                    }
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
            }
        }, arguments);
        System.out.flush();
        Interruption.end(status);
        System.exit(status);
    }
}
