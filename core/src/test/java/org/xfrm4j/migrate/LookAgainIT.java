package org.xfrm4j.migrate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.xfrm4j.EmbeddedKernel;
import org.xfrm4j.NoPolicies;
import org.xfrm4j.TestSas;
import org.xfrm4j.Xfrm;
import org.xfrm4j.policy.PolicyDirection;
import org.xfrm4j.sa.Direction;
import org.xfrm4j.sa.IpAddress;
import org.xfrm4j.sa.IpPrefix;
import org.xfrm4j.sa.SecurityAssociation;
import org.xfrm4j.wire.MigrateStateEncoder;
import org.xfrm4j.wire.SaDecoder;

/** SAs that an IKE daemon adds with the old addresses while a migration runs, over a socket of its own. */
class LookAgainIT {
    private static final IpAddress HERE = TestGateway.HERE;
    private static final IpAddress NEW_HERE = TestGateway.NEW_HERE;
    /** In steps of few groups, and slowly enough for somebody to come in between. */
    private static final RunOptions SMALL_STEPS = RunOptions.DEFAULT.withHold(Duration.ofNanos(1));
    private static final int LATE_SPI = 0xe0000000;

    @RegisterExtension
    final NoPolicies clean = new NoPolicies();
    @RegisterExtension
    final EmbeddedKernel kernel = new EmbeddedKernel();

    private Xfrm xfrm() {
        return kernel.xfrm();
    }

    private MigrationReport run(MoveRule rule, RunOptions options, MigrationListener listener) throws IOException {
        try (Xfrm engine = Xfrm.open(); MigrationPlan plan = MigrationPlan.of(engine, rule)) {
            assertEquals(List.of(), plan.problems());
            return Migration.run(engine, plan, options, listener);
        }
    }

    private MigrationReport run(MoveRule rule, MigrationListener listener) throws IOException {
        return run(rule, SMALL_STEPS, listener);
    }

    private SecurityAssociation addLate(int number) {
        return kernel.add(TestGateway.out(number).spi(LATE_SPI + number).build());
    }

    @Test
    void sasThatAreAddedBetweenStepsMoveAsWell() throws IOException {
        TestGateway.setUp(xfrm(), 40);
        KernelState[] expected = {KernelState.of(xfrm())};
        List<Integer> progress = new ArrayList<>();

        MigrationReport report = run(TestGateway.RULE, (done, all) -> {
            progress.add(all);
            if (progress.size() % 8 == 1 && progress.size() < 40) {
                expected[0] = expected[0].with(addLate(progress.size()));
                // Of incoming packets, too.
                expected[0] = expected[0].with(kernel.add(TestGateway.in(progress.size())
                        .spi(LATE_SPI + progress.size()).build()));
            }
            return true;
        });

        assertTrue(report.isComplete(), report::toString);
        int late = expected[0].sas().size() - 80;
        assertTrue(late >= 4, late + " were added");
        assertEquals(new MigrationReport.LookedAgain(2, late), report.lookedAgain());
        assertEquals(Map.of(Outcome.MOVED, 80 + late), report.outcomes());
        assertEquals(Map.of(GroupState.MOVED, 80 + late), report.groups());
        assertEquals(80 + late, report.readBack().found());
        assertEquals(80, progress.getFirst());
        assertEquals(80 + late, progress.getLast());
        assertTrue(report.toString().contains(late + " of them found by looking again"), report::toString);
        expected[0].moved(HERE, NEW_HERE).assertIn(xfrm());
    }

    @Test
    void looksNoMoreOftenThanItMay() throws IOException {
        TestGateway.setUp(xfrm(), 4);
        List<SecurityAssociation> added = new ArrayList<>();
        // A daemon that does not stop: another one whenever all seems to be done.
        MigrationListener daemon = (done, all) -> {
            if (done == all) {
                added.add(addLate(added.size()));
            }
            return true;
        };
        MigrationReport report = run(TestGateway.RULE, RunOptions.DEFAULT.withLooks(2), daemon);
        assertEquals(new MigrationReport.LookedAgain(2, 2), report.lookedAgain());
        assertEquals(3, added.size());
        assertEquals(10, report.readBack().found());
        assertEquals(1, kernel.all().stream().filter(sa -> sa.source().equals(HERE)).count(), "the last one is left");

        assertTrue(run(TestGateway.RULE, RunOptions.DEFAULT.withLooks(0), daemon).isComplete());
        assertEquals(1, kernel.all().stream().filter(sa -> sa.source().equals(HERE)).count());
    }

    @Test
    void doesNotLookAgainWhenItWasCancelled() throws IOException {
        TestGateway.setUp(xfrm(), 4);
        SecurityAssociation[] late = new SecurityAssociation[1];
        MigrationReport report = run(TestGateway.RULE, RunOptions.DEFAULT, (done, all) -> {
            late[0] = addLate(0);
            return false;
        });
        assertEquals(new MigrationReport.LookedAgain(0, 0), report.lookedAgain());
        MoveCheck.assertSame(late[0], kernel.sas().get(late[0].id()).orElse(null));
    }

    // ---- Rules that would move an SA again -----------------------------------------------------------------------

    private static void exchange(SaDecoder sa, MigrateStateEncoder move,
            IpAddress one, IpAddress other) {
        boolean isOne = SaSelection.local(IpPrefix.host(one)).test(sa);
        SaChange.local(IpPrefix.host(isOne ? one : other), IpPrefix.host(isOne ? other : one)).apply(sa, move);
    }

    @Test
    void aRuleThatExchangesTwoAddressesDoesNotTakeBackWhatItMoved() throws IOException {
        TestGateway.setUp(xfrm(), 4);
        kernel.add(TestSas.esp(77).source(NEW_HERE).destination(TestGateway.peer(30)).reqid(7)
                .direction(Direction.OUT).replayWindow(0).build());
        KernelState before = KernelState.of(xfrm());
        IpAddress between = IpAddress.parse("203.0.113.99");
        MoveRule rule = (sa, move) -> {
            exchange(sa, move, HERE, NEW_HERE);
            return true;
        };
        SecurityAssociation[] late = new SecurityAssociation[1];

        MigrationReport report = run(rule, (done, all) -> {
            late[0] = late[0] == null && done == all ? addLate(3) : late[0];
            return true;
        });

        assertTrue(report.isComplete(), report::toString);
        assertEquals(new MigrationReport.LookedAgain(2, 1), report.lookedAgain());
        assertEquals(Map.of(Outcome.MOVED, 10), report.outcomes());
        before.with(late[0]).moved(NEW_HERE, between).moved(HERE, NEW_HERE).moved(between, HERE).assertIn(xfrm());
    }

    @Test
    void aRuleThatCountsReqidsUpDoesSoOnce() throws IOException {
        TestGateway.setUp(xfrm(), 3);
        KernelState before = KernelState.of(xfrm());
        MoveRule rule = (sa, move) -> {
            move.newReqid(sa.reqid() + 1000);
            return true;
        };
        MigrationReport report = run(rule, MigrationListener.NONE);
        assertEquals(new MigrationReport.LookedAgain(1, 0), report.lookedAgain());
        assertTrue(report.isComplete(), report::toString);
        before.withSas(sa -> sa.toBuilder().reqid(sa.reqid() + 1000).build())
                .withPolicies(policy -> policy.toBuilder().templates(policy.templates().stream()
                        .map(template -> template.withReqid(template.reqid() + 1000)).toList()).build())
                .assertIn(xfrm());
    }

    @Test
    void anSaThatIsAddedWithTheNewAddressStaysWhereItIs() throws IOException {
        TestGateway.setUp(xfrm(), 2);
        // By reqid alone: the rule picks SAs at the new address as well.
        MoveRule rule = (sa, move) -> {
            boolean moves = sa.reqid() == TestGateway.reqid(0);
            if (moves) {
                SaChange.local(IpPrefix.host(HERE), IpPrefix.host(NEW_HERE)).apply(sa, move);
            }
            return moves;
        };
        SecurityAssociation[] there = new SecurityAssociation[1];
        MigrationReport report = run(rule, (done, all) -> {
            there[0] = there[0] == null
                    ? kernel.add(TestGateway.out(0).spi(LATE_SPI).source(NEW_HERE).build()) : there[0];
            return true;
        });
        assertEquals(new MigrationReport.LookedAgain(1, 0), report.lookedAgain());
        assertEquals(Map.of(Outcome.MOVED, 2), report.outcomes());
        MoveCheck.assertSame(there[0], kernel.sas().get(there[0].id()).orElse(null));
    }

    // ---- What is found and cannot move ---------------------------------------------------------------------------

    @Test
    void whatCouldNotBeMovedIsNotTriedAgain() throws IOException {
        TestGateway.setUp(xfrm(), 2);
        KernelState before = KernelState.of(xfrm());
        SecurityAssociation intruder;
        MigrationReport report;
        try (MigrationPlan plan = MigrationPlan.of(xfrm(), TestGateway.RULE)) {
            intruder = kernel.add(TestSas.esp(TestGateway.in(0).build().spi()).source("203.0.113.200")
                    .destination(NEW_HERE).reqid(4711).build());
            report = Migration.run(xfrm(), plan, RunOptions.DEFAULT, MigrationListener.NONE);
        }
        assertEquals(new MigrationReport.LookedAgain(1, 0), report.lookedAgain());
        assertEquals(Map.of(GroupState.MOVED, 3, GroupState.UNTOUCHED, 1), report.groups());
        assertEquals(Map.of(Outcome.MOVED, 3, Outcome.REJECTED, 1), report.outcomes());
        assertEquals(4, report.readBack().found());
        assertEquals(5, KernelState.of(xfrm()).sas().size());
        assertTrue(KernelState.of(xfrm()).sas().contains(intruder));
        assertEquals(before.policies().size(), KernelState.of(xfrm()).policies().size());
    }

    @Test
    void whatIsFoundAndCannotMoveIsLeftAndSaid() throws IOException {
        TestGateway.setUp(xfrm(), 2);
        SecurityAssociation[] late = new SecurityAssociation[1];
        MigrationReport report = run(TestGateway.RULE, (done, all) -> {
            if (done == all && late[0] == null) {
                // The same name as one that has moved: it has nowhere to go.
                late[0] = kernel.add(TestGateway.in(0).build());
            }
            return true;
        });
        assertEquals(new MigrationReport.LookedAgain(1, 1), report.lookedAgain());
        assertFalse(report.isComplete());
        assertEquals(1, report.failures().size());
        assertTrue(report.failures().getFirst().startsWith("SAs that were added meanwhile cannot move: " + late[0].id()
                + ": its new place is taken by "), report.failures()::toString);
        assertEquals(4, report.readBack().found());
        MoveCheck.assertSame(late[0], kernel.sas().get(late[0].id()).orElse(null));
    }

    @Test
    void policiesThatUseWhatIsFoundBlockMeanwhile() throws IOException {
        kernel.add(TestGateway.out(0).build());
        xfrm().policies().add(TestGateway.policy(0, PolicyDirection.OUT).toBuilder().templates(List.of(
                TestGateway.template(0, true, IpAddress.parse("0.0.0.0")))).build());
        KernelState before = KernelState.of(xfrm());
        SecurityAssociation[] late = new SecurityAssociation[1];
        MigrationReport report = run(TestGateway.RULE, (done, all) -> {
            late[0] = late[0] == null ? addLate(0) : late[0];
            return true;
        });
        assertEquals(new MigrationReport.LookedAgain(2, 1), report.lookedAgain());
        assertEquals(2, report.blackout().flows());
        assertEquals(6, report.traffic().messages(), "twice: block, move, put back");
        before.with(late[0]).withSas(sa -> KernelState.moved(sa, HERE, NEW_HERE)).assertIn(xfrm());
    }
}
