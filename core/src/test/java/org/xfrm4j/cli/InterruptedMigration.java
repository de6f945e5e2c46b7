package org.xfrm4j.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.util.concurrent.TimeUnit;

/**
 * The command line, in a migration that is interrupted in the middle, by a signal as the program {@code kill} sends it:
 * after its first step, when it tells how far it is; it goes on when it has been asked to stop. What it prints goes to
 * standard output.
 */
final class InterruptedMigration {
    /** A property of the system: which signal. */
    static final String SIGNAL = "xfrm4j.test.signal";
    /** A property of the system: whether an error comes then that nobody expects. */
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
            int status = Main.run(System.out, new Interrupting(), arguments);
            System.out.flush();
            return status;
        });
    }

    /** Standard output, behind whose first piece comes the interruption. */
    private static final class Interrupting extends OutputStream {
        private boolean interrupted;

        @Override
        public void write(int each) throws IOException {
            write(new byte[] {(byte) each}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            System.out.write(bytes, offset, length);
            System.out.flush();
            if (!interrupted) {
                interrupted = true;
                interrupt();
                if (Boolean.getBoolean(FAILING)) {
                    throw new AssertionError("an error that nobody expects");
                }
            }
        }

        private static void interrupt() throws IOException {
            try {
                int sent = new ProcessBuilder("kill", "-" + System.getProperty(SIGNAL),
                        Long.toString(ProcessHandle.current().pid())).inheritIO().start().waitFor();
                if (sent != 0 || !Interruption.isAskedWithin(2, TimeUnit.MINUTES)) {
                    System.out.println("no signal came");
                    Runtime.getRuntime().halt(NO_SIGNAL);
                }
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }
    }
}
