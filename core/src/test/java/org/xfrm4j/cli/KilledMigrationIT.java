package org.xfrm4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.xfrm4j.EmbeddedKernel;
import org.xfrm4j.NoPolicies;

/** After a migration that was killed (SIGKILL) in the middle of a group, {@code recover} puts all in order. */
class KilledMigrationIT {
    private static final int PEERS = 3;
    private static final int SIGKILL = 9;
    private static final Path JAR = Path.of("target", "xfrm4j.jar").toAbsolutePath();

    @RegisterExtension
    final NoPolicies clean = new NoPolicies();
    @RegisterExtension
    final EmbeddedKernel kernel = new EmbeddedKernel();

    @TempDir
    Path folder;

    private Path journal;

    /** A migration, of which each message is a transmission, ends when the incoming SAs have moved. */
    private void killed() throws Exception {
        Gateway.setUp(kernel.xfrm(), PEERS);
        journal = folder.resolve("journal");
        List<String> words = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx256m",
                "-XX:TieredStopAtLevel=1", "--enable-native-access=ALL-UNNAMED", "-cp",
                JAR + ":" + Path.of("target", "test-classes").toAbsolutePath(), KilledMigration.class.getName(),
                Integer.toString(1 + PEERS)));
        words.addAll(Batch.words("migrate --quiet --hold 0.000001 --from 192.0.2.1 --to 203.0.113.1"
                + " --journal " + journal));
        Path printed = folder.resolve("printed");
        Process process = new ProcessBuilder(words).redirectErrorStream(true).redirectOutput(printed.toFile()).start();
        process.getOutputStream().close();
        String hung = Watch.untilEnd(process);
        assertEquals(new Run(128 + SIGKILL, "", ""), new Run(process.exitValue(), Files.readString(printed), hung));
        assertEquals(PEERS, Gateway.at(kernel.all(), Gateway.THERE));
        assertFalse(Run.done("policy list action block").isEmpty(), "nothing blocks: it was not in the middle");
    }

    @Test
    void whatWasBegunIsFinished() throws Exception {
        killed();
        String told = Run.done("recover --journal " + journal);
        assertTrue(told.matches("1 of 1 group is at its new place\n"
                + "|(\\d+) of \\1 groups are at their new places\n"), told);
        assertEquals("", Run.done("policy list action block"));
        assertTrue(Gateway.at(kernel.all(), Gateway.THERE) > PEERS);
        // It is in order now, and the same command goes on.
        assertEquals(told, Run.done("recover --journal " + journal));
        Run.done("migrate --quiet --from 192.0.2.1 --to 203.0.113.1");
        assertEquals(2 * PEERS, Gateway.at(kernel.all(), Gateway.THERE));
    }

    @Test
    void orTakenBack() throws Exception {
        killed();
        String json = Run.done("recover --take-back --json --journal " + journal);
        assertTrue(CliForm.check("recover", json).get("complete").asBoolean());
        assertEquals("", Run.done("policy list action block"));
        assertEquals(PEERS, Gateway.at(kernel.all(), Gateway.THERE));
        Run.done("recover --take-back-all --journal " + journal);
        assertEquals(2 * PEERS, Gateway.at(kernel.all(), Gateway.HERE));
    }
}
