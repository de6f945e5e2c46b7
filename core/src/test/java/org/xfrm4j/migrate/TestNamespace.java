package org.xfrm4j.migrate;

import java.io.IOException;
import java.util.List;
import org.xfrm4j.Finished;
import org.xfrm4j.netlink.NetworkNamespace;

/**
 * A network namespace of a test's own. It lives as long as a process in it: a name in a folder would outlive an
 * embedded kernel that is killed, whose files are the host's.
 */
public final class TestNamespace implements AutoCloseable {
    private final Process keeper;

    /** Makes one. */
    public TestNamespace() throws IOException {
        keeper = new ProcessBuilder("unshare", "--net", "sh", "-c", "echo ready; exec sleep 600")
                .redirectErrorStream(true).start();
        String line = keeper.inputReader().readLine();
        if (!"ready".equals(line)) {
            throw new IOException("no network namespace: " + line);
        }
    }

    /** {@return the process that is in it} */
    public long process() {
        return keeper.pid();
    }

    /** {@return what names it} */
    public NetworkNamespace name() {
        return NetworkNamespace.ofProcess(process());
    }

    /** Takes the calling thread into it, for good. */
    void enter() {
        NamespaceCalls.enter(process());
    }

    /** Runs the program ip in it once for all these lines. */
    void ip(List<String> lines) throws IOException, InterruptedException {
        Finished ip = Finished.of(
                new ProcessBuilder("nsenter", "--net=/proc/" + process() + "/ns/net", "ip", "-batch", "-")
                        .redirectErrorStream(true), String.join("\n", lines) + "\n");
        if (ip.status() != 0) {
            throw new IOException("ip: " + ip.output() + lines);
        }
    }

    @Override
    public void close() {
        keeper.destroy();
        untilDone(keeper::waitFor);
    }

    /** Something that waits. */
    interface Waiting {
        void run() throws InterruptedException;
    }

    /** Nobody interrupts a test. */
    static void untilDone(Waiting waiting) {
        try {
            waiting.run();
        } catch (InterruptedException interrupted) {
            throw new AssertionError(interrupted);
        }
    }
}
