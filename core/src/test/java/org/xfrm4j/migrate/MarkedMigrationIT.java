package org.xfrm4j.migrate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.xfrm4j.DyingXfrm;
import org.xfrm4j.EmbeddedKernel;
import org.xfrm4j.NoPolicies;
import org.xfrm4j.ObservedXfrm;
import org.xfrm4j.Refusal;
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
import org.xfrm4j.sa.Mark;
import org.xfrm4j.sa.SecurityAssociation;
import org.xfrm4j.wire.MigrateStateDecoder;
import org.xfrm4j.wire.MigrateStateEncoder;

/**
 * Marks that match more than one SA: the kernel's lookup takes the first, the newest, and one without a mark matches
 * always. It would move that one, with its keys, and answer that all went well.
 */
class MarkedMigrationIT {
    private static final RunOptions STEADY = RunOptions.DEFAULT.withHold(Duration.ofHours(1));
    private static final IpAddress PEER = TestGateway.peer(0);
    private static final IpAddress NEW_PEER = TestGateway.peer(200);
    private static final IpAddress ELSEWHERE = TestGateway.peer(201);
    private static final MoveRule RULE = MoveRule.of(
            SaSelection.remote(IpPrefix.host(PEER)).and(sa -> sa.reqid() == TestGateway.reqid(0)),
            SaChange.remote(IpPrefix.host(PEER), IpPrefix.host(NEW_PEER)));
    private static final Mark MARK = Mark.exactly(5);
    private static final int FIRST = 0xd0000001;
    private static final int SECOND = 0xd0000002;
    private static final Refusal SHADOWED = new Refusal(0, MarkScreen.SHADOWED, null);

    @RegisterExtension
    final NoPolicies clean = new NoPolicies();
    @RegisterExtension
    final EmbeddedKernel kernel = new EmbeddedKernel();

    @TempDir
    Path folder;

    private Xfrm xfrm() {
        return kernel.xfrm();
    }

    private KernelState state() {
        return KernelState.of(xfrm());
    }

    /** Two marked SAs under one policy. */
    @BeforeEach
    void setUp() {
        xfrm().sas().add(TestGateway.out(0).spi(FIRST).mark(MARK).build());
        xfrm().sas().add(TestGateway.out(0).spi(SECOND).mark(MARK).build());
        xfrm().policies().add(TestGateway.policy(0, PolicyDirection.OUT).toBuilder().mark(MARK).build());
    }

    /** Somebody else's SA, without a mark, in front of one of ours. */
    private SecurityAssociation standsBefore(int spi, IpAddress destination) {
        return kernel.add(TestSas.esp(spi).source("203.0.113.200").destination(destination).reqid(4711)
                .algorithm(TestSas.aesGcm(4711)).build());
    }

    @Test
    void aGroupOfWhichAnotherSaWouldMoveIsTakenBack() throws IOException {
        KernelState before = state();
        try (MigrationPlan plan = MigrationPlan.of(xfrm(), RULE)) {
            assertEquals(List.of(), plan.problems());
            SecurityAssociation other = standsBefore(SECOND, PEER);

            MigrationReport report = Migration.run(xfrm(), plan, STEADY, MigrationListener.NONE);

            assertEquals(Map.of(GroupState.TAKEN_BACK, 1), report.groups());
            assertEquals(Map.of(Outcome.REJECTED, 2), report.outcomes());
            assertEquals(List.of("group 1: a move was REJECTED: " + SHADOWED), report.failures());
            assertEquals(1, report.notMoved().stream().filter(each -> each.refusal().equals(SHADOWED)
                    && each.sa().spi() == SECOND).count());
            assertEquals(2, report.readBack().found());
            before.with(other).assertIn(xfrm());
        }
    }

    @Test
    void aFlowOfWhichAnotherSaWouldBeTakenBackStaysBlocked() throws IOException {
        KernelState before = state();
        ObservedSocket socket = ObservedSocket.open(SocketBuffers.DEFAULT);
        List<SecurityAssociation> others = new ArrayList<>();
        try (Xfrm engine = ObservedXfrm.open(socket); MigrationPlan plan = MigrationPlan.of(xfrm(), RULE)) {
            others.add(standsBefore(SECOND, NEW_PEER));
            int[] lookups = new int[1];
            socket.beforeSending(types -> {
                // The first is before the moves, the second before what has moved is moved back.
                if (types.contains(xfrm4j_h.XFRM_MSG_GETSA()) && ++lookups[0] == 2) {
                    others.add(standsBefore(FIRST, NEW_PEER));
                }
            });

            MigrationReport report = Migration.run(engine, plan, STEADY, MigrationListener.NONE);

            assertEquals(Map.of(GroupState.STUCK, 1), report.groups());
            assertEquals(List.of("group 1: a move was REJECTED: EEXIST (17) " + Outcomes.TAKEN
                    + "; moving back was REJECTED: " + SHADOWED), report.stuck());
            assertEquals(Map.of(Outcome.MOVED, 1, Outcome.REJECTED, 1), report.outcomes());
        }
        before.withSas(sa -> sa.spi() == FIRST ? KernelState.moved(sa, PEER, NEW_PEER) : sa)
                .with(others.get(0)).with(others.get(1)).blocked(policy -> true).assertIn(xfrm());
    }

    @Test
    void recoveryDoesNotMoveAnotherSaEither() throws IOException {
        KernelState before = null;
        Path journal = folder.resolve("journal");
        boolean half = false;
        for (int life = 4; !half; life++) {
            Files.deleteIfExists(journal);
            xfrm().sas().flush();
            xfrm().policies().flush();
            setUp();
            before = state();
            DyingSocket socket = new DyingSocket(life, false, () -> { });
            try (Xfrm mortal = DyingXfrm.open(socket); MigrationPlan plan = MigrationPlan.of(mortal, RULE)) {
                assertThrows(DyingSocket.Killed.class, () -> Migration.run(mortal, plan, STEADY.withJournal(journal),
                        MigrationListener.NONE));
            }
            half = state().sas().stream().filter(sa -> sa.destination().equals(NEW_PEER)).count() == 1;
        }
        int left = state().sas().stream().filter(sa -> sa.destination().equals(PEER)).findFirst().orElseThrow().spi();
        SecurityAssociation other = standsBefore(left, PEER);

        RecoveryReport report = Recovery.recover(xfrm(), journal, Aim.FINISH);

        assertEquals(List.of(GroupState.TAKEN_BACK), report.groups());
        assertTrue(report.failures().getFirst().contains(SHADOWED.toString()), report::toString);
        before.with(other).assertIn(xfrm());
    }

    @Test
    void aMarkIsNotChangedToOneThatSomebodyElseHasByNow() throws IOException {
        KernelState before = state();
        Mark other = Mark.exactly(6);
        MoveRule rule = (sa, move) -> {
            move.mark(other.value(), other.mask());
            return sa.spi() == FIRST;
        };
        try (MigrationPlan plan = MigrationPlan.of(xfrm(), rule, PlanOptions.SAS_ONLY)) {
            assertEquals(List.of(), plan.problems());
            SecurityAssociation there = kernel.add(TestSas.esp(FIRST).source("203.0.113.200").destination(PEER)
                    .reqid(4711).mark(other).algorithm(TestSas.aesGcm(4711)).build());
            MigrationReport report = Migration.run(xfrm(), plan, STEADY.withLooks(0), MigrationListener.NONE);
            assertEquals(List.of("group 1: a move was REJECTED: " + new Refusal(0, MovePipeline.TAKEN, null)),
                    report.failures());
            before.with(there).assertIn(xfrm());

            assertTrue(xfrm().sas().delete(there.id()));
            assertTrue(Migration.run(xfrm(), plan, STEADY, MigrationListener.NONE).isComplete());
            before.withSas(sa -> sa.spi() == FIRST ? sa.toBuilder().mark(other).build() : sa).assertIn(xfrm());
        }
    }

    // ---- One batch: a move changes what a later one finds -----------------------------------------------------------

    /** Makes these moves in one batch, as far as it goes. */
    private List<String> batch(Move... moves) {
        List<String> answers = new ArrayList<>();
        try (PhaseClock clock = new PhaseClock(xfrm())) {
            WorkBatch batch = new WorkBatch(xfrm(), clock, Duration.ofHours(1).toNanos());
            batch.answersTo(new WorkBatch.Answers() {
                @Override
                public void moved(int group, int move, Outcome outcome, Refusal refusal) {
                    answers.add(move + " " + outcome + (refusal == null ? "" : " " + refusal));
                }

                @Override
                public void policyDone(int group, int policy, Refusal refusal) {
                    throw new AssertionError("no policy was sent");
                }
            });
            for (int i = 0; i < moves.length; i++) {
                MemorySegment segment = MemorySegment.ofArray(new byte[MigrateStateEncoder.MAX_ENCODED_LENGTH]);
                MigrateStateEncoder message = new MigrateStateEncoder().wrap(segment, 0);
                MoveEncoder.encode(moves[i], message);
                int length = message.encode();
                batch.move(0, i, new MigrateStateDecoder().wrap(segment, 0, length), length);
            }
            batch.flush();
        }
        return answers;
    }

    private SecurityAssociation ours(int spi) {
        return kernel.all().stream().filter(sa -> sa.spi() == spi && sa.reqid() != 4711).findFirst().orElseThrow();
    }

    private static Move to(SecurityAssociation sa, IpAddress destination) {
        return Move.of(sa).destination(destination).build();
    }

    @Test
    void movesTheOneMeantOnceTheOneInFrontHasGone() {
        SecurityAssociation inFront = standsBefore(FIRST, PEER);
        SecurityAssociation meant = ours(FIRST);
        KernelState before = state();
        assertEquals(List.of("0 MOVED", "1 MOVED"), batch(to(inFront, ELSEWHERE), to(meant, NEW_PEER)));
        before.withSas(sa -> sa.id().equals(inFront.id()) ? KernelState.moved(sa, PEER, ELSEWHERE)
                : sa.spi() == FIRST ? KernelState.moved(sa, PEER, NEW_PEER) : sa).assertIn(xfrm());
    }

    @Test
    void noticesThatOneGotInFrontByAMoveOfTheSameBatch() {
        SecurityAssociation elsewhere = standsBefore(FIRST, ELSEWHERE);
        SecurityAssociation meant = ours(FIRST);
        SecurityAssociation other = ours(SECOND);
        KernelState before = state();
        assertEquals(List.of("0 MOVED", "1 REJECTED " + SHADOWED, "2 MOVED"),
                batch(to(elsewhere, PEER), to(meant, NEW_PEER), to(other, NEW_PEER)));
        before.withSas(sa -> sa.id().equals(elsewhere.id()) ? KernelState.moved(sa, ELSEWHERE, PEER)
                : sa.spi() == SECOND ? KernelState.moved(sa, PEER, NEW_PEER) : sa).assertIn(xfrm());
    }

    @Test
    void anSaThatHasGoneIsGoneThoughAnotherStandsInItsPlace() {
        SecurityAssociation meant = ours(FIRST);
        assertTrue(xfrm().sas().delete(meant.id()));
        standsBefore(FIRST, PEER);
        KernelState before = state();
        assertEquals(List.of("0 GONE " + SHADOWED), batch(to(meant, NEW_PEER)));
        before.assertIn(xfrm());
    }

    /** Each is looked up when its turn has come. */
    @Test
    void changesMarksInTheOrderGiven() {
        SecurityAssociation two = kernel.add(TestGateway.out(0).spi(FIRST).mark(Mark.exactly(2)).build());
        SecurityAssociation five = ours(FIRST).mark().equals(MARK) ? ours(FIRST)
                : kernel.all().stream().filter(sa -> sa.mark().equals(MARK) && sa.spi() == FIRST).findFirst()
                        .orElseThrow();
        KernelState before = state();
        assertEquals(List.of("0 REJECTED " + new Refusal(0, MovePipeline.TAKEN, null), "1 MOVED", "2 MOVED"),
                batch(Move.of(two).mark(MARK).build(), Move.of(five).mark(Mark.exactly(7)).build(),
                        Move.of(two).mark(MARK).build()));
        before.withSas(sa -> sa.spi() != FIRST ? sa : sa.toBuilder()
                .mark(sa.mark().equals(MARK) ? Mark.exactly(7) : MARK).build()).assertIn(xfrm());
    }

    @Test
    void policiesAndMovesOfManyMarksGoTogether() throws IOException {
        Policy[] policies = new Policy[40];
        for (int i = 1; i < policies.length; i++) {
            Mark mark = new Mark(i << 8, 0xff00);
            xfrm().sas().add(TestGateway.out(0).spi(FIRST).mark(mark).build());
            policies[i] = TestGateway.policy(0, PolicyDirection.OUT).toBuilder().mark(mark).build();
            xfrm().policies().add(policies[i]);
        }
        assertTrue(xfrm().sas().delete(ours(SECOND).id()));
        KernelState before = state();
        try (MigrationPlan plan = MigrationPlan.of(xfrm(), RULE)) {
            assertEquals(List.of(), plan.problems());
            MigrationReport report = Migration.run(xfrm(), plan, STEADY, MigrationListener.NONE);
            assertTrue(report.isComplete(), report::toString);
            assertEquals(plan.messages(), report.traffic().messages());
        }
        before.moved(PEER, NEW_PEER).assertIn(xfrm());
    }
}
