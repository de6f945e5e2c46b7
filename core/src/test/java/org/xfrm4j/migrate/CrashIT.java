package org.xfrm4j.migrate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.xfrm4j.ChildJvm;
import org.xfrm4j.DyingXfrm;
import org.xfrm4j.EmbeddedKernel;
import org.xfrm4j.NoPolicies;
import org.xfrm4j.Xfrm;
import org.xfrm4j.migrate.Recovery.Aim;
import org.xfrm4j.netlink.DyingSocket;
import org.xfrm4j.netlink.DyingSocket.Killed;

/**
 * A process that migrates, or recovers, and dies: whenever that is, recovery leaves each group whole at one place.
 *
 * <p>Mostly it only pretends to die, which costs no JVM each time: {@link DyingSocket} lets nothing through any more,
 * and its error is caught by nobody. A few are killed, to show that it is the same.
 */
class CrashIT {
    /** Each group a step of its own, each message a transmission, once the first were sent. */
    private static final String SMALLEST_STEPS = "PT0.000000001S";
    private static final String LARGEST_STEPS = "PT1M";

    @RegisterExtension
    final NoPolicies noPolicies = new NoPolicies();

    @RegisterExtension
    final EmbeddedKernel kernel = new EmbeddedKernel();

    @TempDir
    Path folder;

    private final PrintStream errors = System.err;
    private CrashScenario scenario;

    /** What the library says about each death would be all that one sees of the build. */
    @BeforeEach
    void bePatient() {
        System.setErr(new PrintStream(OutputStream.nullOutputStream()));
    }

    @AfterEach
    void speakAgain() {
        System.setErr(errors);
    }

    private Path journal() {
        return folder.resolve("journal");
    }

    private void setUp() throws IOException {
        Files.deleteIfExists(journal());
        CrashScenario.setUp(kernel.xfrm());
        try (MigrationPlan plan = CrashScenario.plan(kernel.xfrm())) {
            scenario = CrashScenario.of(kernel.xfrm(), plan);
        }
    }

    private static MigrationReport migrate(Xfrm xfrm, Path journal, Duration hold) throws IOException {
        try (MigrationPlan plan = CrashScenario.plan(xfrm)) {
            return Migration.run(xfrm, plan, RunOptions.DEFAULT.withHold(hold).withJournal(journal),
                    (done, groups) -> true);
        }
    }

    /** Migrates over a socket that dies, or not. */
    private void migrate(DyingSocket socket, Duration hold) throws IOException {
        try (Xfrm xfrm = DyingXfrm.open(socket)) {
            migrate(xfrm, journal(), hold);
        }
    }

    /** How many messages a migration takes from dump to end, and where its datagrams end. */
    private List<Integer> wholeMigration(Duration hold) throws IOException {
        setUp();
        DyingSocket socket = DyingSocket.immortal();
        migrate(socket, hold);
        assertEquals(scenario.groups().size(), scenario.assertGroupsAreWhole(kernel.xfrm()));
        return socket.ends();
    }

    private RecoveryReport recover(Aim aim) throws IOException {
        return Recovery.recover(kernel.xfrm(), journal(), aim);
    }

    /** Recovers, looks, and recovers again; returns how many groups have moved in the end. */
    private int assertRecovers(Aim aim) throws IOException {
        RecoveryReport report = recover(aim);
        assertEquals(List.of(), report.failures());
        assertTrue(report.isComplete(), report::toString);
        int moved = scenario.assertGroupsAreWhole(kernel.xfrm());
        KernelState once = KernelState.of(kernel.xfrm());
        assertEquals(report, recover(aim), "the second time it says the same");
        once.assertIn(kernel.xfrm());
        GroupState state = aim == Aim.FINISH ? GroupState.MOVED : GroupState.TAKEN_BACK;
        assertEquals(Collections.nCopies(report.groups().size(), state), report.groups());
        assertTrue(aim != Aim.TAKE_BACK_ALL || moved == 0);
        return aim == Aim.FINISH ? moved : moved + report.groups().size();
    }

    private boolean crashes(int life, boolean atNextSend, Duration hold) throws IOException {
        setUp();
        DyingSocket socket = new DyingSocket(life, atNextSend, () -> { });
        assertThrows(Killed.class, () -> migrate(socket, hold));
        assertEquals(life, socket.sent());
        return Files.exists(journal());
    }

    @ParameterizedTest
    @ValueSource(strings = {SMALLEST_STEPS, LARGEST_STEPS})
    void aProcessThatDiesAfterAnyMessageIsRecoveredFrom(Duration hold) throws IOException {
        List<Integer> ends = wholeMigration(hold);
        int messages = ends.getLast();
        assertTrue(messages > 60, "several groups take " + messages + " messages");
        int mixed = 0;
        for (int life = 1; life < messages; life++) {
            // At the end of a datagram also when its answers were read, and perhaps the journal was written.
            for (boolean atNextSend : ends.contains(life) ? new boolean[] {false, true} : new boolean[] {false}) {
                // With the smallest steps nearly every message ends a datagram: one aim each is enough of them.
                Aim other = Aim.values()[(life + (atNextSend ? 1 : 0)) % Aim.values().length];
                Aim back = life % 3 == 0 ? Aim.TAKE_BACK_ALL : Aim.TAKE_BACK;
                Aim[] aims = hold.equals(Duration.parse(LARGEST_STEPS)) ? new Aim[] {Aim.FINISH, back}
                        : new Aim[] {other};
                mixed += assertRecoversFromDeath(life, atNextSend, hold, aims) ? 1 : 0;
            }
        }
        assertTrue(mixed > 10, "with some groups moved and others not, " + mixed + " times");
    }

    private boolean assertRecoversFromDeath(int life, boolean atNextSend, Duration hold, Aim[] aims)
            throws IOException {
        Map<Aim, Integer> begun = new EnumMap<>(Aim.class);
        for (Aim aim : aims) {
            try {
                if (crashes(life, atNextSend, hold)) {
                    begun.put(aim, assertRecovers(aim));
                } else {
                    scenario.before().assertIn(kernel.xfrm());
                }
            } catch (AssertionError | RuntimeException failed) {
                throw new AssertionError("killed after " + life + " messages" + (atNextSend ? " and their answers" : "")
                        + ", then " + aim, failed);
            }
        }
        assertTrue(Set.copyOf(begun.values()).size() <= 1, "groups that had begun after " + life + ": " + begun);
        return begun.values().stream().anyMatch(groups -> groups > 0 && groups < scenario.groups().size());
    }

    @Test
    void aRecoveryThatDiesAfterAnyMessageIsRecoveredFrom() throws IOException {
        Duration hold = Duration.parse(LARGEST_STEPS);
        List<Integer> ends = wholeMigration(hold);
        int crashes = 0;
        for (int life = ends.getLast() / 4; life < ends.getLast(); life += 10) {
            for (Aim aim : Aim.values()) {
                Aim later = Aim.values()[(aim.ordinal() + life) % Aim.values().length];
                boolean killed = true;
                // Recovery dies again and again, each time a little later, until it is through.
                for (int recoveryLife = 1 + life % 5; killed; recoveryLife += 17) {
                    assertTrue(crashes(life, false, hold));
                    killed = recoveryDies(recoveryLife, aim);
                    crashes += killed ? 1 : 0;
                    assertRecovers(later);
                }
            }
        }
        assertTrue(crashes > 30, crashes + " recoveries died");
    }

    private boolean recoveryDies(int life, Aim aim) throws IOException {
        try (Xfrm xfrm = DyingXfrm.open(new DyingSocket(life, false, () -> { }))) {
            Recovery.recover(xfrm, journal(), aim);
            return false;
        } catch (Killed killed) {
            return true;
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {45, 70})
    void aProcessThatIsKilledIsRecoveredFrom(int percent) throws IOException, InterruptedException {
        int life = wholeMigration(Duration.parse(LARGEST_STEPS)).getLast() * percent / 100;
        assertTrue(crashes(life, false, Duration.parse(LARGEST_STEPS)));
        KernelState pretended = KernelState.of(kernel.xfrm());
        byte[] journal = Files.readAllBytes(journal());

        setUp();
        assertEquals(Child.DYING, ChildJvm.runAndKill(Child.class, journal().toString(), Integer.toString(life)));

        assertEquals(pretended.sas().stream().map(sa -> sa.id() + " " + sa.source()).toList(),
                KernelState.of(kernel.xfrm()).sas().stream().map(sa -> sa.id() + " " + sa.source()).toList());
        assertEquals(journal.length, Files.size(journal()));
        assertRecovers(percent < 50 ? Aim.FINISH : Aim.TAKE_BACK);
    }

    /** Migrates until it is killed. */
    static final class Child {
        private static final String DYING = "dying";

        private Child() {
        }

        public static void main(String[] arguments) throws IOException {
            DyingSocket socket = new DyingSocket(Integer.parseInt(arguments[1]), false, Child::waitToBeKilled);
            try (Xfrm xfrm = DyingXfrm.open(socket)) {
                migrate(xfrm, Path.of(arguments[0]), Duration.parse(LARGEST_STEPS));
            }
        }

        private static void waitToBeKilled() {
            System.out.println(DYING);
            while (true) {
                LockSupport.park();
            }
        }
    }
}
