package org.xfrm4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Function;
import org.xfrm4j.Xfrm;
import org.xfrm4j.netlink.NetworkNamespace;

/**
 * A command as a user runs it, in this process: what it printed, and what it ended with.
 *
 * @param status the exit status
 * @param out standard output
 * @param err standard error
 */
record Run(int status, String out, String err) {
    static Run of(String... words) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int status = Main.run(out, err, words);
        return new Run(status, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    /** The like, of a command that asks the kernel that is opened so. */
    static Run of(Function<NetworkNamespace, Xfrm> kernel, String line) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int status = Main.run(Main.commandLine(out, err, kernel), Batch.words(line).toArray(String[]::new));
        return new Run(status, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    /** The like, with the words of a line, in which quotes may stand. */
    static Run line(String line) {
        return of(Batch.words(line).toArray(String[]::new));
    }

    /** The like of one that must succeed in silence; returns what it printed. */
    static String done(String line) {
        Run run = line(line);
        assertEquals(new Run(ExitStatus.DONE, run.out, ""), run, line);
        return run.out;
    }

    /** The like of one that must fail with this status; returns what it complained of. */
    static String failed(int status, String line) {
        Run run = line(line);
        assertEquals(new Run(status, "", run.err), run, line);
        return run.err;
    }

    List<String> lines() {
        return out.lines().toList();
    }
}
