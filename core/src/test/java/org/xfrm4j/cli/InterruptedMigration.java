package org.xfrm4j.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.util.concurrent.TimeUnit;

/**
 * The command line, in a migration that waits in the middle until it has been asked to stop: after its first step, when
 * it tells how far it is. What it prints goes to standard output.
 */
final class InterruptedMigration {
    /** A property of the system: where it is set, an error comes then that nobody expects. */
    static final String FAILING = "xfrm4j.test.failing";
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
        Main.exit(() -> {
            int status = Main.run(System.out, new Waiting(), arguments);
            System.out.flush();
            return status;
        });
    }

    /** Standard output, to which nothing more can be written until there has been an interruption. */
    private static final class Waiting extends OutputStream {
        @Override
        public void write(int each) throws IOException {
            write(new byte[] {(byte) each}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) {
            System.out.write(bytes, offset, length);
            System.out.flush();
            try {
                if (!Interruption.isAskedWithin(2, TimeUnit.MINUTES)) {
                    System.out.println("no signal came");
                    Runtime.getRuntime().halt(NO_SIGNAL);
                }
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
            if (Boolean.getBoolean(FAILING)) {
                throw new AssertionError("an error that nobody expects");
            }
        }
    }
}
