package org.xfrm4j.cli;

import java.io.IOException;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import org.xfrm4j.ObservedXfrm;
import org.xfrm4j.Xfrm;
import org.xfrm4j.bindings.xfrm4j_h;
import org.xfrm4j.netlink.ObservedSocket;
import org.xfrm4j.netlink.SocketBuffers;

/** The command line, in a migration that kills itself (SIGKILL) where it is about to send one more move. */
final class KilledMigration {
    private KilledMigration() {
    }

    /**
     * Runs a command that migrates.
     *
     * @param arguments how many moves are sent, that of the probe included; the command
     */
    public static void main(String[] arguments) {
        Log.setUp();
        int moves = Integer.parseInt(arguments[0]);
        String[] command = Arrays.copyOfRange(arguments, 1, arguments.length);
        Main.exit(() -> Main.run(Main.commandLine(System.out, System.err, here -> open(moves)), command));
    }

    private static Xfrm open(int moves) {
        ObservedSocket socket = ObservedSocket.open(SocketBuffers.DEFAULT);
        int[] sent = {0};
        socket.beforeSending(types -> {
            long now = types.stream().filter(type -> type == xfrm4j_h.XFRM_MSG_MIGRATE_STATE()).count();
            if (now > 0 && sent[0] >= moves) {
                kill();
            }
            sent[0] += (int) now;
        });
        return ObservedXfrm.open(socket);
    }

    private static void kill() {
        try {
            new ProcessBuilder("kill", "-KILL", Long.toString(ProcessHandle.current().pid())).inheritIO().start();
            new CountDownLatch(1).await();
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
