package org.xfrm4j.migrate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.xfrm4j.DyingXfrm;
import org.xfrm4j.EmbeddedKernel;
import org.xfrm4j.NoPolicies;
import org.xfrm4j.ObservedXfrm;
import org.xfrm4j.SaFilter;
import org.xfrm4j.TestSas;
import org.xfrm4j.Xfrm;
import org.xfrm4j.bindings.xfrm4j_h;
import org.xfrm4j.migrate.Recovery.Aim;
import org.xfrm4j.netlink.DyingSocket;
import org.xfrm4j.netlink.ObservedSocket;
import org.xfrm4j.netlink.SocketBuffers;
import org.xfrm4j.policy.Policy;
import org.xfrm4j.policy.PolicyDirection;
import org.xfrm4j.sa.IpAddress;
import org.xfrm4j.sa.IpPrefix;
import org.xfrm4j.sa.SaId;
import org.xfrm4j.sa.SecurityAssociation;

/** What recovery refuses, leaves alone, and tries again. That it is right after each crash is for {@link CrashIT}. */
class RecoveryIT {
    private static final RunOptions LARGE_STEPS = RunOptions.DEFAULT.withHold(Duration.ofMinutes(1));
    private static final IpAddress PEER = TestGateway.peer(0);
    private static final IpAddress NEW_PEER = TestGateway.peer(200);
    private static final MoveRule PEER_MOVES = MoveRule.of(SaSelection.remote(IpPrefix.host(PEER)),
            SaChange.remote(IpPrefix.host(PEER), IpPrefix.host(NEW_PEER)));
    private static final int FIRST = 0xd0000001;
    private static final int SECOND = 0xd0000002;

    @RegisterExtension
    final NoPolicies noPolicies = new NoPolicies();

    @RegisterExtension
    final EmbeddedKernel kernel = new EmbeddedKernel();

    @TempDir
    Path folder;

    private Path journal() {
        return folder.resolve("journal");
    }

    private Xfrm xfrm() {
        return kernel.xfrm();
    }

    private static MigrationReport migrate(Xfrm xfrm, MoveRule rule, Path journal, MigrationListener listener)
            throws IOException {
        try (MigrationPlan plan = MigrationPlan.of(xfrm, rule)) {
            return Migration.run(xfrm, plan, LARGE_STEPS.withJournal(journal), listener);
        }
    }

    /**
     * A migration that dies while policies block and SAs move, when so many messages were handled in that state.
     *
     * @return how it was before
     */
    private KernelState diesWhileBlocked(MoveRule rule, int messages) throws IOException {
        KernelState first = KernelState.of(xfrm());
        int handled = 0;
        for (int life = 1; ; life++) {
            KernelState before = KernelState.of(xfrm());
            Files.deleteIfExists(journal());
            try (Xfrm mortal = DyingXfrm.open(new DyingSocket(life, false, () -> { }))) {
                assertThrows(DyingSocket.Killed.class, () -> migrate(mortal, rule, journal(), MigrationListener.NONE));
            }
            KernelState now = KernelState.of(xfrm());
            handled += isBlocking() && !now.sas().equals(before.sas()) ? 1 : 0;
            if (handled == messages) {
                return before;
            }
            restore(first);
        }
    }

    private boolean isBlocking() {
        return KernelState.of(xfrm()).policies().stream().anyMatch(policy -> policy.templates().isEmpty());
    }

    private void restore(KernelState state) {
        xfrm().sas().flush();
        xfrm().policies().flush();
        assertEquals(List.of(), xfrm().sas().addAll(state.sas()));
        assertEquals(List.of(), xfrm().policies().addAll(state.policies()));
    }

    private RecoveryReport recover(Aim aim) throws IOException {
        return Recovery.recover(xfrm(), journal(), aim);
    }

    private void assertRefused(String reason, Path file) {
        KernelState before = KernelState.of(xfrm());
        IOException refused = assertThrows(IOException.class, () -> Recovery.recover(xfrm(), file, Aim.FINISH));
        assertTrue(refused.getMessage().contains(reason), refused::toString);
        before.assertIn(xfrm());
    }

    // ---- what is refused -------------------------------------------------------------------------------------------

    @Test
    void refusesWhatItKnowsNothingAbout() throws IOException {
        TestGateway.setUp(xfrm(), 1);
        JournalFormat.Place here = JournalFormat.Place.of(xfrm());
        Path otherBoot = folder.resolve("boot");
        JournalWriter.create(otherBoot, new JournalFormat.Place(UUID.randomUUID(), here.namespace())).close();
        assertRefused(" is of another boot: the SAs that it speaks of are no more", otherBoot);
        Path otherNamespace = folder.resolve("namespace");
        JournalWriter.create(otherNamespace, new JournalFormat.Place(here.boot(), here.namespace() + 1)).close();
        assertRefused(" is of another network namespace (cookie " + (here.namespace() + 1), otherNamespace);
        assertRefused(" is no journal of a migration", Files.writeString(folder.resolve("text"), "a text"));
        assertThrows(NoSuchFileException.class, () -> recover(Aim.FINISH));
    }

    @Test
    void refusesWhatIsStillGoingOn() throws IOException {
        TestGateway.setUp(xfrm(), 1);
        MigrationReport report = migrate(xfrm(), TestGateway.RULE, journal(), (done, all) -> {
            assertRefused(" is in use: its migration is still going on", journal());
            return true;
        });
        assertTrue(report.isComplete(), report::toString);
        assertEquals(List.of(), recover(Aim.TAKE_BACK).groups(), "a migration that is done has nothing to recover");
    }

    @Test
    void aJournalThatCannotBeWrittenLeavesAllUntouched() throws IOException, InterruptedException {
        TestGateway.setUp(xfrm(), 12);
        KernelState before = KernelState.of(xfrm());
        Files.writeString(journal(), "something");
        assertThrows(FileAlreadyExistsException.class,
                () -> migrate(xfrm(), TestGateway.RULE, journal(), MigrationListener.NONE));
        assertThrows(NoSuchFileException.class,
                () -> migrate(xfrm(), TestGateway.RULE, folder.resolve("no/folder"), MigrationListener.NONE));
        before.assertIn(xfrm());

        Path full = Files.createDirectory(folder.resolve("full"));
        command("mount", "-t", "tmpfs", "-o", "size=4k", "none", full.toString());
        try {
            IOException refused = assertThrows(IOException.class,
                    () -> migrate(xfrm(), TestGateway.RULE, full.resolve("journal"), MigrationListener.NONE));
            assertTrue(refused.getMessage().contains("No space left on device"), refused::toString);
            before.assertIn(xfrm());
            RecoveryReport report = Recovery.recover(xfrm(), full.resolve("journal"), Aim.FINISH);
            assertEquals(new RecoveryReport(List.of(), List.of(), List.of(), 24), report,
                    "the record of its first step is torn");
            before.assertIn(xfrm());
        } finally {
            command("umount", full.toString());
        }
    }

    private static void command(String... command) throws IOException, InterruptedException {
        assertEquals(0, new ProcessBuilder(command).inheritIO().start().waitFor(), String.join(" ", command));
    }

    // ---- what is somebody else's -----------------------------------------------------------------------------------

    @Test
    void leavesPoliciesAloneThatSomebodyElseChangedOrDeleted() throws IOException {
        TestGateway.setUp(xfrm(), 4);
        KernelState before = diesWhileBlocked(TestGateway.RULE, 4);
        Policy changed = TestGateway.policy(1, PolicyDirection.OUT).toBuilder().priority(77).build();
        xfrm().policies().update(changed);
        Policy deleted = TestGateway.policy(2, PolicyDirection.OUT);
        assertTrue(xfrm().policies().delete(deleted.id()));

        RecoveryReport report = recover(Aim.FINISH);

        assertEquals(Set.of(changed.id(), deleted.id()), Set.copyOf(report.foreign()));
        assertEquals(2, report.foreign().size());
        assertEquals(2, report.failures().size(), report::toString);
        assertTrue(report.failures().getFirst().contains("was changed or deleted by somebody else"), report::toString);
        assertFalse(report.isComplete());
        KernelState expected = before.moved(TestGateway.HERE, TestGateway.NEW_HERE)
                .without(policy -> policy.id().equals(deleted.id()))
                .withPolicies(policy -> policy.id().equals(changed.id())
                        ? changed.toBuilder().index(policy.index()).build() : policy);
        expected.assertIn(xfrm());
        assertEquals(report, recover(Aim.FINISH));
        expected.assertIn(xfrm());
    }

    // ---- what ended early ------------------------------------------------------------------------------------------

    /** In steps of one group each, and cancelled after so many. */
    private MigrationReport cancelledAfter(int groups) throws IOException {
        try (MigrationPlan plan = MigrationPlan.of(xfrm(), TestGateway.RULE)) {
            RunOptions options = RunOptions.DEFAULT.withHold(Duration.ofNanos(1)).withJournal(journal());
            return Migration.run(xfrm(), plan, options, (done, all) -> done < groups);
        }
    }

    @Test
    void aMigrationThatWasCancelledCanBeTakenBackOrPlannedAgain() throws IOException {
        TestGateway.setUp(xfrm(), 50);
        KernelState before = KernelState.of(xfrm());
        int moved = cancelledAfter(70).groups().get(GroupState.MOVED);
        assertTrue(moved >= 70 && moved < 100, moved + " groups moved");
        KernelState half = KernelState.of(xfrm());

        for (Aim aim : List.of(Aim.FINISH, Aim.TAKE_BACK)) {
            assertEquals(new RecoveryReport(List.of(), List.of(), List.of(), 100 - moved), recover(aim));
            half.assertIn(xfrm());
        }
        for (int time = 1; time <= 2; time++) {
            RecoveryReport back = recover(Aim.TAKE_BACK_ALL);
            assertEquals(new RecoveryReport(Collections.nCopies(moved, GroupState.TAKEN_BACK), List.of(), List.of(),
                    100 - moved), back);
            before.assertIn(xfrm());
        }

        assertTrue(migrate(xfrm(), TestGateway.RULE, folder.resolve("again"), MigrationListener.NONE).isComplete());
        before.moved(TestGateway.HERE, TestGateway.NEW_HERE).assertIn(xfrm());
    }

    @Test
    void whatIsFinishedIsTakenBackSaveWhatOthersHaveChangedSince() throws IOException {
        TestGateway.setUp(xfrm(), 3);
        KernelState before = KernelState.of(xfrm());
        assertTrue(migrate(xfrm(), TestGateway.RULE, journal(), MigrationListener.NONE).isComplete());
        SaId rekeyed = TestGateway.out(0).build().id();
        assertTrue(xfrm().sas().delete(rekeyed));
        Policy theirs = KernelState.moved(TestGateway.policy(1, PolicyDirection.OUT), TestGateway.HERE,
                TestGateway.NEW_HERE).toBuilder().priority(77).build();
        xfrm().policies().update(theirs);

        RecoveryReport report = recover(Aim.TAKE_BACK_ALL);

        assertEquals(Collections.nCopies(6, GroupState.TAKEN_BACK), report.groups());
        assertEquals(List.of(theirs.id()), report.foreign());
        before.without(rekeyed).withPolicies(policy -> policy.id().equals(theirs.id())
                ? theirs.toBuilder().index(policy.index()).build() : policy).assertIn(xfrm());
    }

    // ---- what was found by looking again
    // -----------------------------------------------------------------------------

    /** Migrates, and when all is done somebody adds an SA with the old address; dies, or not. */
    private boolean diesAfterAnSaWasAdded(DyingSocket socket) throws IOException {
        boolean[] added = new boolean[1];
        try (Xfrm mortal = DyingXfrm.open(socket)) {
            MigrationReport report = migrate(mortal, TestGateway.RULE, journal(), (done, all) -> {
                if (done == all && !added[0]) {
                    added[0] = true;
                    xfrm().sas().add(TestGateway.out(0).spi(SECOND).build());
                }
                return true;
            });
            assertTrue(report.isComplete(), report::toString);
            assertEquals(1, report.lookedAgain().sas());
            return false;
        } catch (DyingSocket.Killed killed) {
            return true;
        }
    }

    @Test
    void whatWasFoundByLookingAgainIsRecoveredAsWell() throws IOException {
        TestGateway.setUp(xfrm(), 1);
        // With any source, so that the policy finds the SA with the old address as well, and has to block.
        Policy anySource = TestGateway.policy(0, PolicyDirection.OUT).toBuilder().templates(List.of(
                TestGateway.template(0, true, IpAddress.parse("0.0.0.0")))).build();
        xfrm().policies().update(anySource);
        KernelState first = KernelState.of(xfrm());
        DyingSocket immortal = DyingSocket.immortal();
        assertFalse(diesAfterAnSaWasAdded(immortal));
        KernelState moved = KernelState.of(xfrm());
        assertEquals(3, moved.sas().size());
        int blocked = 0;
        for (int life : immortal.ends()) {
            for (Aim aim : Aim.values()) {
                restore(first);
                Files.deleteIfExists(journal());
                boolean died = diesAfterAnSaWasAdded(new DyingSocket(life, false, () -> { }));
                boolean isSecondPass = xfrm().sas().list(SaFilter.ALL).size() == 3;
                if (!died || !isSecondPass) {
                    continue;
                }
                blocked += isBlocking() ? 1 : 0;
                boolean begun = !recover(aim).groups().isEmpty();
                assertFalse(isBlocking());
                int old = (int) KernelState.of(xfrm()).sas().stream()
                        .filter(sa -> List.of(sa.source(), sa.destination()).contains(TestGateway.HERE)).count();
                if (aim == Aim.TAKE_BACK_ALL) {
                    assertTrue(old == 3 || !begun && old == 1, old + " SAs are back");
                } else if (begun) {
                    assertEquals(aim == Aim.FINISH ? 0 : 1, old);
                }
            }
        }
        assertEquals(Aim.values().length, blocked, "it died while the policy blocked in the second pass");
    }

    // ---- what can be tried again -----------------------------------------------------------------------------------

    private SecurityAssociation intrudes(int spi, IpAddress destination) {
        return kernel.add(TestSas.esp(spi).source("203.0.113.200").destination(destination).reqid(4711).build());
    }

    @Test
    void aGroupThatCanNeitherBeFinishedNorTakenBackStaysBlockedAndCanBeTriedAgain() throws IOException {
        xfrm().sas().add(TestGateway.out(0).spi(FIRST).build());
        xfrm().sas().add(TestGateway.out(0).spi(SECOND).build());
        xfrm().policies().add(TestGateway.policy(0, PolicyDirection.OUT));
        KernelState before = diesWhileBlocked(PEER_MOVES, 1);
        KernelState half = KernelState.of(xfrm());
        int moved = half.sas().stream().filter(sa -> sa.destination().equals(NEW_PEER)).findFirst().orElseThrow().spi();
        SaId inItsOldPlace = intrudes(moved, PEER).id();
        SaId inTheWay = intrudes(FIRST + SECOND - moved, NEW_PEER).id();
        KernelState blocked = KernelState.of(xfrm());

        RecoveryReport stuck = recover(Aim.FINISH);

        assertEquals(List.of(GroupState.STUCK), stuck.groups());
        assertFalse(stuck.isComplete());
        assertEquals(2, stuck.failures().size(), stuck::toString);
        blocked.assertIn(xfrm());

        assertTrue(xfrm().sas().delete(inItsOldPlace));
        RecoveryReport back = recover(Aim.FINISH);
        assertEquals(List.of(GroupState.TAKEN_BACK), back.groups());
        assertEquals(1, back.failures().size(), "why it could not be finished");
        assertTrue(back.isComplete());
        assertTrue(xfrm().sas().delete(inTheWay));
        before.assertIn(xfrm());

        assertEquals(List.of(GroupState.MOVED), recover(Aim.FINISH).groups());
        before.moved(PEER, NEW_PEER).assertIn(xfrm());
        assertEquals(List.of(GroupState.TAKEN_BACK), recover(Aim.TAKE_BACK).groups());
        before.assertIn(xfrm());
    }

    @Test
    void groupsThatAMigrationLeftStuckAreRecoveredAndNoOthers() throws IOException {
        TestGateway.setUp(xfrm(), 2);
        KernelState before = KernelState.of(xfrm());
        MigrationReport report;
        ObservedSocket socket = ObservedSocket.open(SocketBuffers.DEFAULT);
        boolean[] lost = new boolean[1];
        // Policies block and SAs have moved: the next is to put the policies back.
        socket.beforeSending(types -> {
            if (!lost[0] && types.contains(xfrm4j_h.XFRM_MSG_UPDPOLICY()) && isBlocking()) {
                lost[0] = true;
                LostPermission.lose();
            }
        });
        try (Xfrm engine = ObservedXfrm.open(socket)) {
            report = migrate(engine, TestGateway.RULE, journal(), MigrationListener.NONE);
        } finally {
            LostPermission.regain();
        }
        assertEquals(2, report.stuckGroups(), report::toString);

        RecoveryReport recovered = recover(Aim.FINISH);
        assertEquals(List.of(GroupState.MOVED, GroupState.MOVED), recovered.groups());
        before.moved(TestGateway.HERE, TestGateway.NEW_HERE).assertIn(xfrm());
    }

    @Test
    void anSaThatVanishedMeanwhileHoldsNothingUp() throws IOException {
        TestGateway.setUp(xfrm(), 2);
        KernelState before = diesWhileBlocked(TestGateway.RULE, 1);
        SaId gone = TestGateway.out(1).build().id();
        assertTrue(xfrm().sas().delete(gone));
        assertTrue(recover(Aim.FINISH).isComplete());
        before.moved(TestGateway.HERE, TestGateway.NEW_HERE).without(gone).assertIn(xfrm());
    }

    /** Two SAs that differ in nothing but their destination, and one takes the other's place. */
    @Test
    void aChainOfSasThatLookAlikeIsToldApart() throws IOException {
        IpAddress last = TestGateway.peer(201);
        MoveRule rule = (sa, move) -> {
            boolean first = SaSelection.destination(IpPrefix.host(PEER)).test(sa);
            SaChange.remote(IpPrefix.host(first ? PEER : NEW_PEER), IpPrefix.host(first ? NEW_PEER : last))
                    .apply(sa, move);
            return true;
        };
        boolean died = true;
        for (int life = 4; died; life++) {
            for (Aim aim : List.of(Aim.FINISH, Aim.TAKE_BACK)) {
                xfrm().sas().flush();
                Files.deleteIfExists(journal());
                SecurityAssociation first = kernel.add(TestGateway.out(0).spi(FIRST).build());
                SecurityAssociation second = kernel.add(TestGateway.out(0).spi(FIRST).destination(NEW_PEER).build());
                died = dies(rule, life);
                for (int time = 1; Files.exists(journal()) && time <= 2; time++) {
                    RecoveryReport report = recover(aim);
                    assertEquals(List.of(), report.failures(), "after " + life + " messages, " + aim);
                    boolean begun = !report.groups().isEmpty();
                    boolean moved = aim == Aim.FINISH ? begun || isAt(last) : !begun && isAt(last);
                    new MoveCheck(kernel).assertHolds(moved
                            ? List.of(KernelState.moved(first, PEER, NEW_PEER),
                                    KernelState.moved(second, NEW_PEER, last))
                            : List.of(first, second));
                }
            }
        }
    }

    private boolean isAt(IpAddress destination) {
        return kernel.all().stream().anyMatch(sa -> sa.destination().equals(destination));
    }

    private boolean dies(MoveRule rule, int life) throws IOException {
        try (Xfrm mortal = DyingXfrm.open(new DyingSocket(life, false, () -> { }))) {
            assertTrue(migrate(mortal, rule, journal(), MigrationListener.NONE).isComplete());
            return false;
        } catch (DyingSocket.Killed killed) {
            return true;
        }
    }
}
