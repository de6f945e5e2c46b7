package org.xfrm4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.xfrm4j.EmbeddedKernel;
import org.xfrm4j.NoPolicies;
import org.xfrm4j.SaFilter;
import org.xfrm4j.Xfrm;
import org.xfrm4j.migrate.TestNamespace;
import org.xfrm4j.sa.SecurityAssociation;

/** A migration that is interrupted (Ctrl-C, and what else ends a process with notice) stops between two groups. */
class InterruptionIT {
    private static final int PEERS = 300;
    private static final Path JAR = Path.of("target", "xfrm4j.jar").toAbsolutePath();

    @RegisterExtension
    final NoPolicies clean = new NoPolicies();
    @RegisterExtension
    final EmbeddedKernel kernel = new EmbeddedKernel();

    @TempDir
    Path folder;

    /** Runs a command in a JVM of its own, which gets a signal when it tells how far it is; gives all that it prints. */
    private Run interrupted(String signal, String command, String... options) throws Exception {
        // Where a signal is ignored already, as in what a shell starts in the background, Java leaves it so.
        List<String> words = new ArrayList<>(List.of("env", "--default-signal=INT,TERM,HUP",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx256m",
                "-XX:TieredStopAtLevel=1", "--enable-native-access=ALL-UNNAMED", "-cp",
                JAR + ":" + Path.of("target", "test-classes").toAbsolutePath(),
                "-D" + InterruptedMigration.SIGNAL + "=" + signal));
        words.addAll(List.of(options));
        words.add(InterruptedMigration.class.getName());
        words.addAll(Batch.words(command));
        Path printed = folder.resolve("printed");
        Process process = new ProcessBuilder(words).redirectErrorStream(true).redirectOutput(printed.toFile()).start();
        process.getOutputStream().close();
        String hung = Watch.untilEnd(process);
        Run run = new Run(process.exitValue(), Files.readString(printed), hung);
        assertEquals("", hung, run::out);
        assertTrue(run.out().contains(" groups ("), run::out);
        return run;
    }

    private static void assertInterrupted(Run run) {
        assertEquals(new Run(ExitStatus.INTERRUPTED, run.out(), ""), run, run::out);
    }

    @Test
    void stopsBetweenTwoGroupsAndSaysHowToGoOn() throws Exception {
        Gateway.setUp(kernel.xfrm(), PEERS);
        Path journal = folder.resolve("journal");
        Run run = interrupted("INT", "migrate --from 192.0.2.1 --to 203.0.113.1 --journal " + journal);
        assertInterrupted(run);
        assertTrue(run.out().contains("xfrm4j migrate: interrupted between two groups: "), run.out());
        assertTrue(run.out().contains("untouched   "), run.out());

        long moved = Gateway.at(kernel.all(), Gateway.THERE);
        assertTrue(moved > 0 && moved < 2 * PEERS, "moved: " + moved);
        assertEquals(2 * PEERS - moved, Gateway.at(kernel.all(), Gateway.HERE));
        // Each policy goes with its SAs, and none blocks.
        assertEquals(moved, policiesWith("203.0.113.1"));
        assertEquals("", Run.done("policy list action block"));
        assertEquals("nothing was left half done\n", Run.done("recover --journal " + journal));

        // The same again goes on.
        Run.done("migrate --from 192.0.2.1 --to 203.0.113.1 --quiet");
        assertEquals(2 * PEERS, Gateway.at(kernel.all(), Gateway.THERE));
        assertEquals(2 * PEERS, policiesWith("203.0.113.1"));
    }

    /** With one CPU the second is not begun when the first is interrupted; with two, both may be in the middle. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void stopsInEachNamespaceAndSaysHowToGoOnThere(int processors) throws Exception {
        try (TestNamespace one = new TestNamespace(); TestNamespace another = new TestNamespace()) {
            List<String> names = Stream.of(one, another).map(each -> "/proc/" + each.process() + "/ns/net").toList();
            for (TestNamespace namespace : List.of(one, another)) {
                try (Xfrm xfrm = Xfrm.open(namespace.name())) {
                    Gateway.setUp(xfrm, PEERS);
                }
            }
            String migrate = "migrate --from 192.0.2.1 --to 203.0.113.1 -n " + names.get(0) + " -n " + names.get(1);
            Path journal = folder.resolve("journal");
            Run run = interrupted("INT", migrate + " --journal " + journal,
                    "-XX:ActiveProcessorCount=" + processors);
            assertInterrupted(run);
            assertTrue(run.out().contains("xfrm4j migrate: interrupted between two groups: "), run.out());
            assertTrue(moved(one) > 0 && moved(one) < 2 * PEERS && moved(another) < 2 * PEERS, run::out);
            for (String name : names) {
                assertTrue(run.out().contains(", goes on with --netns " + name + "\n"), run.out());
                assertEquals("", Run.done("policy list action block --netns " + name));
                Path own = folder.resolve("journal." + name.substring(1).replace('/', '-'));
                if (Files.exists(own)) {
                    assertEquals("nothing was left half done\n",
                            Run.done("recover --journal " + own + " --netns " + name));
                }
            }

            // What it says goes on in one of them, and then in the other.
            Run.done("migrate --quiet --from 192.0.2.1 --to 203.0.113.1 --netns " + names.getLast());
            assertEquals(2 * PEERS, moved(another));
            Run.done(migrate + " --quiet");
            assertEquals(2 * PEERS, moved(one));
        }
    }

    private static long moved(TestNamespace namespace) {
        try (Xfrm xfrm = Xfrm.open(namespace.name())) {
            List<SecurityAssociation> all = xfrm.sas().list(SaFilter.ALL);
            long there = Gateway.at(all, Gateway.THERE);
            assertEquals(2 * PEERS, there + Gateway.at(all, Gateway.HERE));
            return there;
        }
    }

    @Test
    void otherSignalsStopItLikewise() throws Exception {
        for (String signal : List.of("TERM", "HUP")) {
            kernel.sas().flush();
            kernel.xfrm().policies().flush();
            Gateway.setUp(kernel.xfrm(), PEERS);
            Run run = interrupted(signal, "migrate --from 192.0.2.1 --to 203.0.113.1 --json");
            assertInterrupted(run);
            String json = run.out().lines().filter(line -> line.startsWith("{")).findFirst().orElseThrow();
            assertTrue(CliForm.check("migrate", json).get("interrupted").asBoolean());
            assertEquals("", Run.done("policy list action block"));
        }
    }

    /** An error in what was interrupted: whoever waits for its status gets one. */
    @Test
    void endsAfterAnErrorAsWell() throws Exception {
        Gateway.setUp(kernel.xfrm(), PEERS);
        Run run = interrupted("INT", "migrate --from 192.0.2.1 --to 203.0.113.1",
                "-D" + InterruptedMigration.FAILING + "=true");
        assertEquals(new Run(ExitStatus.NOT_ALL, run.out(), ""), run, run::out);
        assertTrue(run.out().contains("AssertionError: an error that nobody expects"), run.out());
    }

    /** What a batch has left to do is not begun, and does not take the status of what was interrupted. */
    @Test
    void aBatchEndsWithTheCommandThatWasInterrupted() throws Exception {
        Gateway.setUp(kernel.xfrm(), PEERS);
        Path commands = Files.writeString(folder.resolve("commands"), """
                migrate --from 192.0.2.1 --to 203.0.113.1
                migrate --from 203.0.113.1 --to 192.0.2.1
                """);
        Run run = interrupted("INT", "--force --batch " + commands);
        assertInterrupted(run);
        assertTrue(run.out().contains(commands + ":1: status 4"), run.out());
        assertTrue(Gateway.at(kernel.all(), Gateway.THERE) > 0, run.out());
    }

    private static long policiesWith(String address) {
        return Run.done("policy list --tmpl " + address).lines().filter(line -> line.startsWith("src ")).count();
    }
}
