package org.xfrm4j.migrate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.xfrm4j.EmbeddedKernel;
import org.xfrm4j.NoPolicies;
import org.xfrm4j.ObservedXfrm;
import org.xfrm4j.Refusal;
import org.xfrm4j.SaFilter;
import org.xfrm4j.TestSas;
import org.xfrm4j.Xfrm;
import org.xfrm4j.bindings.xfrm4j_h;
import org.xfrm4j.netlink.Errno;
import org.xfrm4j.netlink.NetlinkException;
import org.xfrm4j.netlink.ObservedSocket;
import org.xfrm4j.netlink.SocketBuffers;
import org.xfrm4j.policy.Policy;
import org.xfrm4j.policy.PolicyAction;
import org.xfrm4j.policy.PolicyDirection;
import org.xfrm4j.policy.Template;
import org.xfrm4j.sa.Direction;
import org.xfrm4j.sa.IpAddress;
import org.xfrm4j.sa.IpPrefix;
import org.xfrm4j.sa.Mode;
import org.xfrm4j.sa.Protocol;
import org.xfrm4j.sa.SaId;
import org.xfrm4j.sa.SecurityAssociation;
import org.xfrm4j.sa.Selector;

/**
 * What goes wrong while a migration runs, because others are at work beside it. What they do they do at a known place:
 * between planning and running, or just before one of the transmissions. After each the kernel's state is compared
 * whole.
 */
class FailureIT {
    private static final IpAddress HERE = TestGateway.HERE;
    private static final IpAddress NEW_HERE = TestGateway.NEW_HERE;
    private static final IpAddress PEER = TestGateway.peer(0);
    private static final IpAddress NEW_PEER = IpAddress.parse("203.0.113.5");
    private static final Refusal TAKEN = new Refusal(Errno.EEXIST, Outcomes.TAKEN, null);
    /** The number of transmissions must not depend on how fast the machine is. */
    private static final RunOptions STEADY = RunOptions.DEFAULT.withHold(Duration.ofHours(1));
    private static final IpAddress STAND_IN = IpAddress.parse("203.0.113.250");
    private static final int SECOND = 0xa0001000;
    private static final int THIRD = 0xa0001001;

    @RegisterExtension
    final NoPolicies clean = new NoPolicies();
    @RegisterExtension
    final EmbeddedKernel kernel = new EmbeddedKernel();

    private final ObservedSocket socket = ObservedSocket.open(SocketBuffers.DEFAULT);
    /** The migration's own way to the kernel; the test's, and everybody else's, is the kernel's. */
    private Xfrm engine;

    @BeforeEach
    void opens() {
        engine = ObservedXfrm.open(socket);
    }

    @AfterEach
    void closes() {
        engine.close();
    }

    private Xfrm xfrm() {
        return kernel.xfrm();
    }

    private KernelState state() {
        return KernelState.of(xfrm());
    }

    private MigrationPlan plan(IpAddress from, IpAddress to, boolean local) {
        MoveRule rule = local ? TestGateway.rule(from, to) : MoveRule.of(
                SaSelection.remote(IpPrefix.host(from)),
                SaChange.remote(IpPrefix.host(from), IpPrefix.host(to)));
        MigrationPlan plan = MigrationPlan.of(xfrm(), rule);
        assertEquals(List.of(), plan.problems());
        return plan;
    }

    /** Moves the gateway; others do something between planning and running. */
    private MigrationReport moveGateway(Runnable meanwhile) throws IOException {
        try (MigrationPlan plan = plan(HERE, NEW_HERE, true)) {
            meanwhile.run();
            return Migration.run(engine, plan, STEADY, MigrationListener.NONE);
        }
    }

    /** Moves peer 0; others do something between planning and running. */
    private MigrationReport movePeer(Runnable meanwhile) throws IOException {
        try (MigrationPlan plan = plan(PEER, NEW_PEER, false)) {
            meanwhile.run();
            return Migration.run(engine, plan, STEADY, MigrationListener.NONE);
        }
    }

    /** Does something just before a transmission of changes, by their number from 1; the probe is not one. */
    private void beforeChange(int number, Runnable what) {
        AtomicInteger seen = new AtomicInteger();
        socket.beforeSending(types -> {
            boolean changes = types.contains(xfrm4j_h.XFRM_MSG_UPDPOLICY())
                    || types.contains(xfrm4j_h.XFRM_MSG_MIGRATE_STATE()) && types.size() > 1;
            if (changes && seen.incrementAndGet() == number) {
                what.run();
            }
        });
    }

    /** To peer 0: three outgoing SAs under one policy, nothing incoming. To peer 1: the usual. */
    private void setUpThreeSasUnderOnePolicy() {
        xfrm().sas().add(TestGateway.out(0).build());
        xfrm().sas().add(TestGateway.out(0).spi(SECOND).build());
        xfrm().sas().add(TestGateway.out(0).spi(THIRD).build());
        xfrm().policies().add(TestGateway.policy(0, PolicyDirection.OUT));
        xfrm().sas().add(TestGateway.out(1).build());
        xfrm().policies().addAll(TestGateway.policies(1));
    }

    /** Somebody else's SA, where one of ours is to go or where it was. */
    private static SecurityAssociation intruder(int spi, IpAddress destination) {
        return TestSas.esp(spi).source("203.0.113.200").destination(destination).reqid(4711)
                .algorithm(TestSas.aesGcm(4711)).build();
    }

    private SecurityAssociation intrudes(int spi, IpAddress destination) {
        return kernel.add(intruder(spi, destination));
    }

    // ---- A group of which something cannot be moved --------------------------------------------------------------

    @Test
    void aGroupWithATakenPlaceIsTakenBackWhole() throws IOException {
        setUpThreeSasUnderOnePolicy();
        KernelState before = state();
        SecurityAssociation[] intruder = new SecurityAssociation[1];

        MigrationReport report = movePeer(() -> intruder[0] = intrudes(SECOND, NEW_PEER));

        assertEquals(Map.of(GroupState.TAKEN_BACK, 1), report.groups());
        assertEquals(Map.of(Outcome.REJECTED, 3), report.outcomes());
        assertEquals(3, report.readBack().found());
        assertEquals(List.of("group 1: a move was REJECTED: EEXIST (17) New SA tuple already occupied"),
                report.failures());
        assertEquals(1, report.notMoved().stream().filter(each -> each.refusal().equals(TAKEN)).count());
        assertEquals(2, report.notMoved().stream().filter(each -> each.refusal().toString()
                .startsWith("not sent: taken back with its group: a move was REJECTED: EEXIST")).count());
        assertFalse(report.isComplete());
        assertEquals(1, report.blackout().flows());
        before.with(intruder[0]).assertIn(xfrm());
    }

    @Test
    void anIncomingGroupIsTakenBackAsWell() throws IOException {
        TestGateway.setUp(xfrm(), 3);
        SaId first = TestGateway.in(1).build().id();
        SaId taken = kernel.add(TestGateway.in(1).spi(SECOND).build()).id();
        KernelState before = state();
        SecurityAssociation[] intruder = new SecurityAssociation[1];

        MigrationReport report = moveGateway(() -> intruder[0] = intrudes(SECOND, NEW_HERE));

        assertEquals(Map.of(GroupState.MOVED, 5, GroupState.TAKEN_BACK, 1), report.groups());
        assertTrue(report.notMoved().contains(new MigrationReport.NotMoved(taken, Outcome.REJECTED, TAKEN)));
        assertEquals(2, report.notMoved().size());
        before.withSas(sa -> sa.id().equals(taken) || sa.id().equals(first) ? sa
                        : KernelState.moved(sa, HERE, NEW_HERE))
                .withPolicies(policy -> policy.priority() == 2001 && policy.direction() != PolicyDirection.OUT
                        ? policy : KernelState.moved(policy, HERE, NEW_HERE))
                .with(intruder[0]).assertIn(xfrm());
    }

    @Test
    void aHostToHostPolicyComesBackUnderItsOldSelector() throws IOException {
        Selector selector = TestSas.hostToHost(HERE, PEER);
        for (int spi : List.of(SECOND, THIRD)) {
            xfrm().sas().add(TestGateway.out(0).spi(spi).mode(Mode.TRANSPORT).selector(Selector.ALL_IPV4).build());
        }
        xfrm().policies().add(Policy.builder().direction(PolicyDirection.OUT).selector(selector).priority(3)
                .template(Template.transport(Protocol.ESP).withReqid(TestGateway.reqid(0))).build());
        KernelState before = state();
        SecurityAssociation[] intruder = new SecurityAssociation[1];

        MigrationReport report = movePeer(() -> intruder[0] = intrudes(THIRD, NEW_PEER));

        assertEquals(Map.of(GroupState.TAKEN_BACK, 1), report.groups());
        before.with(intruder[0]).assertIn(xfrm());
    }

    @Test
    void aFlowThatCanBeNeitherMovedNorTakenBackStaysBlocked() throws IOException {
        setUpThreeSasUnderOnePolicy();
        KernelState before = state();
        // The first of the group moves; its old place is taken before it is moved back.
        beforeChange(2, () -> xfrm().sas().list(SaFilter.ALL).stream()
                .filter(sa -> sa.destination().equals(NEW_PEER) && sa.reqid() != 4711)
                .limit(1).forEach(sa -> intrudes(sa.spi(), PEER)));

        MigrationReport report = movePeer(() -> intrudes(SECOND, NEW_PEER));

        assertEquals(Map.of(GroupState.STUCK, 1), report.groups());
        assertEquals(1, report.stuckGroups());
        assertEquals(Map.of(Outcome.MOVED, 1, Outcome.REJECTED, 2), report.outcomes());
        assertEquals(3, report.readBack().found());
        assertEquals(List.of("group 1: a move was REJECTED: " + TAKEN + "; moving back was REJECTED: " + TAKEN),
                report.stuck());
        assertTrue(report.toString().startsWith("STUCK AND BLOCKED: [group 1: "), report::toString);
        List<SecurityAssociation> intruding = state().sas().stream().filter(sa -> sa.reqid() == 4711).toList();
        SecurityAssociation inTheWay = intruding.stream().filter(sa -> sa.destination().equals(PEER)).findFirst()
                .orElseThrow();
        KernelState expected = before.withSas(sa -> sa.spi() == inTheWay.spi()
                        ? KernelState.moved(sa, PEER, NEW_PEER) : sa)
                .with(intruding.get(0)).with(intruding.get(1))
                .blocked(policy -> policy.priority() == 2000);
        expected.assertIn(xfrm());
    }

    @Test
    void anSaThatVanishesBeforeItIsTakenBackIsGone() throws IOException {
        setUpThreeSasUnderOnePolicy();
        KernelState before = state();
        SaId[] gone = new SaId[1];
        beforeChange(2, () -> {
            SecurityAssociation moved = state().sas().stream()
                    .filter(sa -> sa.destination().equals(NEW_PEER) && sa.reqid() != 4711).findFirst().orElseThrow();
            gone[0] = moved.toBuilder().destination(PEER).build().id();
            assertTrue(xfrm().sas().delete(moved.id()));
        });
        SecurityAssociation[] intruder = new SecurityAssociation[1];

        MigrationReport report = movePeer(() -> intruder[0] = intrudes(SECOND, NEW_PEER));

        assertEquals(Map.of(GroupState.TAKEN_BACK, 1), report.groups());
        assertEquals(Map.of(Outcome.GONE, 1, Outcome.REJECTED, 2), report.outcomes());
        assertEquals(2, report.readBack().found());
        assertEquals(List.of(), report.readBack().missing());
        before.without(gone[0]).with(intruder[0]).assertIn(xfrm());
    }

    @Test
    void aChainMovesLastFirst() throws IOException {
        IpAddress far = IpAddress.parse("203.0.113.6");
        for (int i = 0; i < 3; i++) {
            IpAddress peer = List.of(PEER, NEW_PEER, far).get(i);
            xfrm().sas().add(TestGateway.out(i).spi(SECOND).destination(peer).build());
            xfrm().policies().add(TestGateway.policy(i, PolicyDirection.OUT).toBuilder().templates(List.of(
                    Template.tunnel(Protocol.ESP, HERE, peer).withReqid(TestGateway.reqid(i)))).build());
        }
        KernelState before = state();
        MoveRule rule = (sa, move) -> {
            IpAddress to = sa.reqid() == 1000 ? NEW_PEER : sa.reqid() == 1001 ? far : IpAddress.parse("203.0.113.7");
            move.newDestination(to.high(), to.low());
            return true;
        };
        try (MigrationPlan plan = MigrationPlan.of(xfrm(), rule)) {
            assertEquals(List.of(), plan.problems());
            assertEquals(1, plan.groups());
            MigrationReport report = Migration.run(engine, plan, STEADY, MigrationListener.NONE);
            assertTrue(report.isComplete(), report::toString);
        }
        before.moved(far, IpAddress.parse("203.0.113.7")).moved(NEW_PEER, far).moved(PEER, NEW_PEER).assertIn(xfrm());
    }

    @Test
    void aChainIsTakenBackFirstLast() throws IOException {
        xfrm().sas().add(TestGateway.out(0).spi(SECOND).build());
        xfrm().sas().add(TestGateway.out(0).spi(SECOND).destination(NEW_PEER).build());
        xfrm().sas().add(TestGateway.out(0).spi(THIRD).build());
        xfrm().policies().add(TestGateway.policy(0, PolicyDirection.OUT));
        KernelState before = state();
        IpAddress far = IpAddress.parse("203.0.113.6");
        MoveRule rule = (sa, move) -> {
            IpAddress to = sa.destinationHigh() == PEER.high() ? NEW_PEER : far;
            move.newDestination(to.high(), to.low());
            return true;
        };
        try (MigrationPlan plan = MigrationPlan.of(xfrm(), rule)) {
            assertEquals(List.of(), plan.problems());
            SecurityAssociation intruder = intrudes(THIRD, NEW_PEER);
            // The rule is about all SAs, so that another look would move the intruder.
            MigrationReport report = Migration.run(engine, plan, STEADY.withLooks(0), MigrationListener.NONE);
            assertEquals(Map.of(GroupState.TAKEN_BACK, 1), report.groups());
            before.with(intruder).assertIn(xfrm());
        }
    }

    @Test
    void aPlanThatCannotRunTouchesNothing() {
        kernel.add(TestGateway.out(0).spi(SECOND).build());
        kernel.add(TestGateway.out(1).spi(SECOND).build());
        xfrm().policies().add(TestGateway.policy(0, PolicyDirection.OUT));
        KernelState before = state();
        MoveRule exchange = (sa, move) -> {
            IpAddress to = sa.reqid() == 1000 ? TestGateway.peer(1) : PEER;
            move.newDestination(to.high(), to.low());
            return true;
        };
        try (MigrationPlan plan = MigrationPlan.of(xfrm(), exchange)) {
            IllegalArgumentException refused = assertThrows(IllegalArgumentException.class,
                    () -> Migration.run(engine, plan, STEADY, MigrationListener.NONE));
            assertTrue(refused.getMessage().contains("circle"), refused::getMessage);
        }
        before.assertIn(xfrm());
    }

    // ---- A circle ------------------------------------------------------------------------------------------------

    private static final IpAddress PARKING = IpAddress.parse("203.0.113.77");

    /** Peers 0, 1 and 2 change places, each with an SA of one SPI; peers 0 and 1 have policies. */
    private MigrationReport turnCircle(Runnable meanwhile) throws IOException {
        for (int i = 0; i < 3; i++) {
            xfrm().sas().add(TestGateway.out(i).spi(SECOND).build());
        }
        for (int i = 0; i < 2; i++) {
            xfrm().policies().add(TestGateway.policy(i, PolicyDirection.OUT));
        }
        MoveRule rule = (sa, move) -> {
            IpAddress to = TestGateway.peer((sa.reqid() - TestGateway.reqid(0) + 1) % 3);
            move.newDestination(to.high(), to.low());
            return sa.spi() == SECOND && sa.reqid() != 4711;
        };
        beforeTurn = state();
        try (MigrationPlan plan = MigrationPlan.of(xfrm(), rule, PlanOptions.DEFAULT.parking(PARKING))) {
            assertEquals(List.of(), plan.problems());
            assertEquals(1, plan.groups());
            parkedPeer = parkedPeer(plan);
            meanwhile.run();
            return Migration.run(engine, plan, STEADY, MigrationListener.NONE);
        }
    }

    private KernelState beforeTurn;
    private int parkedPeer;

    /** Which of them the plan has chosen. */
    private static int parkedPeer(MigrationPlan plan) {
        return plan.saTable().reqid(plan.moveTable().sa(plan.groupTable().move(0, 0))) - TestGateway.reqid(0);
    }

    private static KernelState turned(KernelState before) {
        IpAddress aside = IpAddress.parse("203.0.113.99");
        return before.moved(TestGateway.peer(2), aside).moved(TestGateway.peer(1), TestGateway.peer(2))
                .moved(TestGateway.peer(0), TestGateway.peer(1)).moved(aside, TestGateway.peer(0));
    }

    private SecurityAssociation at(IpAddress destination) {
        return state().sas().stream().filter(sa -> sa.destination().equals(destination)).findFirst().orElseThrow();
    }

    @Test
    void aCircleGoesByWayOfItsParkingPlace() throws IOException {
        MigrationReport report = turnCircle(() -> { });
        assertTrue(report.isComplete(), report::toString);
        assertEquals(Map.of(Outcome.MOVED, 3), report.outcomes());
        assertEquals(3, report.readBack().found());
        turned(beforeTurn).assertIn(xfrm());
    }

    @Test
    void aCircleWhoseParkingPlaceIsTakenMeanwhileIsTakenBackAndTheIntruderStays() throws IOException {
        SecurityAssociation[] intruder = new SecurityAssociation[1];
        MigrationReport report = turnCircle(() -> intruder[0] = intrudes(SECOND, PARKING));
        assertEquals(Map.of(Outcome.REJECTED, 3), report.outcomes());
        assertEquals(3, report.readBack().found());
        assertEquals(List.of(), report.readBack().missing());
        beforeTurn.with(intruder[0]).assertIn(xfrm());
    }

    /** Without its SA an intruder at the parking place would get to the new one, were it not looked who is parked. */
    @Test
    void anIntruderAtTheParkingPlaceIsNotMovedThoughThereIsRoomInTheCircle() throws IOException {
        SecurityAssociation[] intruder = new SecurityAssociation[1];
        MigrationReport report = turnCircle(() -> {
            intruder[0] = intrudes(SECOND, PARKING);
            assertTrue(xfrm().sas().delete(at(TestGateway.peer((parkedPeer + 1) % 3)).id()));
        });
        assertEquals(1, report.outcomes().get(Outcome.GONE), report::toString);
        assertEquals(intruder[0], at(PARKING));
        beforeTurn.without(TestGateway.out((parkedPeer + 1) % 3).spi(SECOND).build().id()).with(intruder[0])
                .assertIn(xfrm());
    }

    @Test
    void aParkedSaThatVanishesIsGoneAndTheOthersMove() throws IOException {
        // The first transmission blocks and moves all but the second leg.
        beforeChangeOrMove(2, () -> assertTrue(xfrm().sas().delete(at(PARKING).id())));
        MigrationReport report = turnCircle(() -> { });
        assertEquals(Map.of(GroupState.MOVED, 1), report.groups());
        assertEquals(Map.of(Outcome.MOVED, 2, Outcome.GONE, 1), report.outcomes());
        assertEquals(2, report.readBack().found());
        turned(beforeTurn.without(TestGateway.out(parkedPeer).spi(SECOND).build().id())).assertIn(xfrm());
    }

    @Test
    void aCircleThatCanBeNeitherClosedNorTakenBackSaysWhereItsSaIsParked() throws IOException {
        // Where the parked SA is to go to somebody else comes first.
        beforeChangeOrMove(2, () -> intrudes(SECOND, TestGateway.peer((parkedPeer + 1) % 3)));
        MigrationReport report = turnCircle(() -> { });
        assertEquals(Map.of(GroupState.STUCK, 1), report.groups(), "the intruder is in the way of the way back, too");
        SecurityAssociation intruder = at(TestGateway.peer((parkedPeer + 1) % 3));
        assertEquals(4711, intruder.reqid());
        assertEquals(Map.of(Outcome.LOST, 1, Outcome.MOVED, 2), report.outcomes(), report::toString);
        MigrationReport.NotMoved parked = report.notMoved().stream()
                .filter(each -> each.outcome() == Outcome.LOST).findFirst().orElseThrow();
        assertTrue(parked.refusal().toString().contains("is left where it was parked, as esp spi 0xa0001000 → "
                + PARKING + ": EEXIST"), parked::toString);
        assertEquals(TestGateway.reqid(parkedPeer), at(PARKING).reqid());
        turned(beforeTurn).blocked(policy -> true)
                .withSas(sa -> sa.reqid() == TestGateway.reqid(parkedPeer)
                        ? sa.toBuilder().destination(PARKING).build() : sa)
                .with(intruder).assertIn(xfrm());
    }

    @Test
    void aCircleOfWhichALastMoveIsRefusedIsTakenBackWhole() throws IOException {
        // The intruder goes before the way back begins.
        SecurityAssociation[] intruder = new SecurityAssociation[1];
        beforeChangeOrMove(2, () -> intruder[0] = intrudes(SECOND, TestGateway.peer((parkedPeer + 1) % 3)));
        afterwards = () -> assertTrue(xfrm().sas().delete(intruder[0].id()));
        MigrationReport report = turnCircle(() -> { });
        assertEquals(Map.of(GroupState.TAKEN_BACK, 1), report.groups(), report::toString);
        assertEquals(Map.of(Outcome.REJECTED, 3), report.outcomes());
        assertEquals(3, report.readBack().found());
        beforeTurn.assertIn(xfrm());
    }

    private Runnable afterwards = () -> { };

    /** Does something before a transmission of changes or of a single move; and {@link #afterwards} before the next. */
    private void beforeChangeOrMove(int number, Runnable what) {
        AtomicInteger seen = new AtomicInteger();
        socket.beforeSending(types -> {
            boolean probe = types.size() == 1 && seen.get() == 0;
            boolean changes = types.contains(xfrm4j_h.XFRM_MSG_UPDPOLICY())
                    || types.contains(xfrm4j_h.XFRM_MSG_MIGRATE_STATE());
            if (changes && !probe) {
                int now = seen.incrementAndGet();
                if (now == number) {
                    what.run();
                } else if (now == number + 1) {
                    afterwards.run();
                }
            }
        });
    }

    // ---- What an IKE daemon does meanwhile -----------------------------------------------------------------------

    @Test
    void sasThatWereDeletedMeanwhileAreGoneAndHoldNothingUp() throws IOException {
        setUpThreeSasUnderOnePolicy();
        KernelState before = state();
        SaId second = TestGateway.out(0).spi(SECOND).build().id();
        SaId lonely = TestGateway.out(1).build().id();

        MigrationReport report = moveGateway(() -> {
            assertTrue(xfrm().sas().delete(second));
            assertTrue(xfrm().sas().delete(lonely));
        });

        assertEquals(Map.of(GroupState.MOVED, 4), report.groups());
        assertEquals(Map.of(Outcome.MOVED, 2, Outcome.GONE, 2), report.outcomes());
        assertEquals(2, report.readBack().found());
        assertTrue(report.isComplete());
        assertEquals(List.of(), report.failures());
        before.without(second).without(lonely).withSas(sa -> KernelState.moved(sa, HERE, NEW_HERE))
                .withPolicies(policy -> KernelState.moved(policy, HERE, NEW_HERE)).assertIn(xfrm());
    }

    @Test
    void groupsWhosePoliciesWereChangedOrDeletedMeanwhileAreLeftAlone() throws IOException {
        TestGateway.setUp(xfrm(), 4);
        KernelState before = state();
        Policy changed = TestGateway.policy(1, PolicyDirection.OUT).toBuilder().priority(77).build();
        Policy other = TestGateway.policy(2, PolicyDirection.FORWARD).toBuilder().templates(List.of(
                TestGateway.template(2, false, IpAddress.parse("203.0.113.9")))).build();
        Policy deleted = TestGateway.policy(3, PolicyDirection.OUT);

        MigrationReport report = moveGateway(() -> {
            xfrm().policies().update(changed);
            xfrm().policies().update(other);
            assertTrue(xfrm().policies().delete(deleted.id()));
        });

        assertEquals(Map.of(GroupState.MOVED, 5, GroupState.UNTOUCHED, 3), report.groups());
        assertEquals(Map.of(Outcome.MOVED, 5), report.outcomes());
        assertEquals(3, report.failures().size());
        assertEquals(Set.of("policy " + other.id() + " is no longer as planned",
                        "policy " + changed.id() + " is no longer as planned",
                        "policy " + deleted.id() + " is no longer there"),
                report.failures().stream().map(each -> each.replaceFirst("group \\d+: ", ""))
                        .collect(Collectors.toSet()));
        List<SaId> stay = List.of(TestGateway.out(1).build().id(), TestGateway.in(2).build().id(),
                TestGateway.out(3).build().id());
        before.withSas(sa -> stay.contains(sa.id()) ? sa : KernelState.moved(sa, HERE, NEW_HERE))
                .without(policy -> policy.id().equals(deleted.id()))
                .withPolicies(policy -> policy.id().equals(changed.id())
                        ? changed.toBuilder().index(policy.index()).build()
                        : policy.id().equals(other.id()) ? other.toBuilder().index(policy.index()).build()
                        : policy.priority() == 2002 && policy.direction() != PolicyDirection.OUT ? policy
                        : KernelState.moved(policy, HERE, NEW_HERE))
                .assertIn(xfrm());
    }

    /** The same policy, added again, is another one to the kernel, but not to anybody else. */
    @Test
    void aPolicyThatWasReplacedByItselfIsAsPlanned() throws IOException {
        TestGateway.setUp(xfrm(), 1);
        KernelState before = state();
        Policy again = TestGateway.policy(0, PolicyDirection.OUT);

        MigrationReport report = moveGateway(() -> {
            assertTrue(xfrm().policies().delete(again.id()));
            xfrm().policies().add(again.toBuilder().index(4_000_001).build());
        });

        assertTrue(report.isComplete(), report::toString);
        before.moved(HERE, NEW_HERE).assertInButIndices(xfrm());
    }

    @Test
    void aPolicyThatAppearedUnderTheNewSelectorMeanwhileIsNotOverwritten() throws IOException {
        xfrm().sas().add(TestGateway.out(0).mode(Mode.TRANSPORT).selector(Selector.ALL_IPV4).build());
        Template template = Template.transport(Protocol.ESP).withReqid(TestGateway.reqid(0));
        Policy ours = Policy.builder().direction(PolicyDirection.OUT).template(template)
                .selector(TestSas.hostToHost(HERE, PEER)).build();
        Policy daemons = ours.toBuilder().selector(TestSas.hostToHost(NEW_HERE, PEER)).priority(5).build();
        xfrm().policies().add(ours);

        KernelState[] before = new KernelState[1];
        MigrationReport report = moveGateway(() -> {
            xfrm().policies().add(daemons);
            before[0] = state();
        });

        assertEquals(Map.of(GroupState.UNTOUCHED, 1), report.groups());
        assertEquals(List.of("group 1: policy " + ours.id() + " becomes " + daemons.id() + ", which there is already"),
                report.failures());
        before[0].assertIn(xfrm());
    }

    @Test
    void ofManyGroupsOnlyThoseFailThatMust() throws IOException {
        int peers = 60;
        TestGateway.setUp(xfrm(), peers);
        KernelState[] expected = {state()};

        MigrationReport report = moveGateway(() -> {
            for (int ten = 0; ten < peers; ten += 10) {
                SaId taken = TestGateway.in(ten + 1).build().id();
                SaId gone = TestGateway.out(ten + 2).build().id();
                SaId left = TestGateway.out(ten + 3).build().id();
                Policy ours = TestGateway.policy(ten + 3, PolicyDirection.OUT);
                SecurityAssociation intruder = intrudes(taken.spi(), NEW_HERE);
                assertTrue(xfrm().sas().delete(gone));
                xfrm().policies().update(ours.toBuilder().priority(5).build());
                expected[0] = expected[0].with(intruder).without(gone)
                        .withPolicies(policy -> policy.id().equals(ours.id())
                                ? policy.toBuilder().priority(5).build() : policy)
                        .withSas(sa -> sa.id().equals(taken) || sa.id().equals(left) ? stays(sa) : sa);
            }
        });

        int each = peers / 10;
        assertEquals(Map.of(GroupState.MOVED, 2 * peers - 2 * each, GroupState.UNTOUCHED, 2 * each), report.groups());
        assertEquals(Map.of(Outcome.MOVED, 2 * peers - 3 * each, Outcome.REJECTED, each, Outcome.GONE, each),
                report.outcomes());
        assertEquals(2 * peers - 2 * each, report.readBack().found());
        assertEquals(List.of(), report.readBack().missing());
        expected[0].withSas(sa -> KernelState.moved(sa, HERE, NEW_HERE)).withSas(FailureIT::stayed)
                .withPolicies(policy -> policy.priority() == 5
                        || policy.priority() % 10 == 1 && policy.direction() != PolicyDirection.OUT ? policy
                        : KernelState.moved(policy, HERE, NEW_HERE))
                .assertIn(xfrm());
    }

    /** Under another number, so that it is not moved with the others; {@link #stayed} puts it right. */
    private static SecurityAssociation stays(SecurityAssociation sa) {
        return sa.toBuilder().seq(1).source(out(sa) ? STAND_IN : sa.source())
                .destination(out(sa) ? sa.destination() : STAND_IN).build();
    }

    private static SecurityAssociation stayed(SecurityAssociation sa) {
        return sa.seq() == 0 ? sa : KernelState.moved(sa.toBuilder().seq(0).build(), STAND_IN, HERE);
    }

    private static boolean out(SecurityAssociation sa) {
        return sa.direction() == Direction.OUT;
    }

    // ---- What the kernel does not tell, or does not permit -------------------------------------------------------

    @Test
    void lostAnswersAreFoundOutByLooking() throws IOException {
        TestGateway.setUp(xfrm(), 30);
        SaId taken = TestGateway.in(1).build().id();
        SaId gone = TestGateway.out(2).build().id();
        KernelState before = state();
        ObservedSocket tiny = ObservedSocket.overrated(new SocketBuffers(1, 256 * 1024), 1 << 20);
        try (Xfrm overrated = ObservedXfrm.open(tiny); MigrationPlan plan = plan(HERE, NEW_HERE, true)) {
            // So many refusals that the buffer cannot hold them.
            for (int peer = 0; peer < 20; peer++) {
                intrudes(TestGateway.in(peer).build().spi(), NEW_HERE);
            }
            assertTrue(xfrm().sas().delete(gone));
            KernelState now = state();
            MigrationReport report = Migration.run(overrated, plan, STEADY,
                    MigrationListener.NONE);

            assertEquals(Map.of(GroupState.MOVED, 40, GroupState.UNTOUCHED, 20), report.groups());
            assertEquals(Map.of(Outcome.MOVED, 39, Outcome.REJECTED, 20, Outcome.GONE, 1), report.outcomes());
            assertEquals(59, report.readBack().found());
            assertTrue(report.notMoved().stream().anyMatch(each -> each.refusal().errno() == Errno.ENOBUFS),
                    () -> "no answer was lost: " + report.notMoved());
            assertTrue(report.notMoved().stream().anyMatch(each -> each.sa().equals(taken)));
            now.withSas(sa -> isTakenBack(sa) ? sa : KernelState.moved(sa, HERE, NEW_HERE))
                    .withPolicies(policy -> policy.priority() < 2020 && policy.direction() != PolicyDirection.OUT
                            ? policy : KernelState.moved(policy, HERE, NEW_HERE)).assertIn(xfrm());
        }
        assertEquals(60, before.sas().size());
    }

    /** Where one of a chain stood another stands now: it must not be taken for one that has not moved. */
    @Test
    void aChainWhoseAnswersAreLostIsFoundAtItsNewPlaces() throws IOException {
        List<IpAddress> places = List.of(PEER, NEW_PEER, IpAddress.parse("203.0.113.6"),
                IpAddress.parse("203.0.113.7"));
        for (int i = 0; i < 3; i++) {
            xfrm().sas().add(TestGateway.out(i).spi(SECOND).destination(places.get(i)).build());
        }
        MoveRule rule = (sa, move) -> {
            int link = sa.spi() == SECOND ? sa.reqid() - TestGateway.reqid(0) : -1;
            IpAddress to = link < 0 ? STAND_IN : places.get(link + 1);
            move.newDestination(to.high(), to.low());
            return true;
        };
        for (int peer = 10; peer < 30; peer++) {
            xfrm().sas().add(TestGateway.out(peer).build());
        }
        ObservedSocket tiny = ObservedSocket.overrated(new SocketBuffers(1, 256 * 1024), 1 << 20);
        try (Xfrm overrated = ObservedXfrm.open(tiny); MigrationPlan plan = MigrationPlan.of(xfrm(), rule)) {
            assertEquals(List.of(), plan.problems());
            for (int peer = 10; peer < 30; peer++) {
                intrudes(TestGateway.out(peer).build().spi(), STAND_IN);
            }
            MigrationReport report = Migration.run(overrated, plan, STEADY.withLooks(0), MigrationListener.NONE);
            assertEquals(Map.of(Outcome.MOVED, 3, Outcome.REJECTED, 20), report.outcomes());
            assertTrue(report.notMoved().stream().anyMatch(each -> each.refusal().errno() == Errno.ENOBUFS),
                    () -> "no answer was lost: " + report.notMoved());
        }
        for (int i = 0; i < 3; i++) {
            int reqid = TestGateway.reqid(i);
            assertEquals(List.of(places.get(i + 1)), xfrm().sas().list(SaFilter.ALL).stream()
                    .filter(sa -> sa.spi() == SECOND && sa.reqid() == reqid)
                    .map(SecurityAssociation::destination).toList());
        }
    }

    private static boolean isTakenBack(SecurityAssociation sa) {
        return sa.destination().equals(HERE) && sa.reqid() < 1020;
    }

    @Test
    void withoutPermissionNothingIsTouched() throws IOException {
        TestGateway.setUp(xfrm(), 2);
        KernelState before = state();
        try (MigrationPlan plan = plan(HERE, NEW_HERE, true)) {
            NetlinkException refused = assertThrows(NetlinkException.class, () -> withoutPermission(() ->
                    Migration.run(engine, plan, STEADY, MigrationListener.NONE)));
            assertTrue(refused.getMessage().contains("CAP_NET_ADMIN"), refused::getMessage);
        }
        before.assertIn(xfrm());
    }

    private interface Run {
        MigrationReport run() throws IOException;
    }

    private static MigrationReport withoutPermission(Run run) throws IOException {
        LostPermission.lose();
        try {
            return run.run();
        } finally {
            LostPermission.regain();
        }
    }

    /** Until it is regained by {@link #runAndRegain}. */
    private void losePermissionBefore(int change) {
        beforeChange(change, LostPermission::lose);
    }

    private MigrationReport runAndRegain() throws IOException {
        try {
            return moveGateway(() -> { });
        } finally {
            LostPermission.regain();
        }
    }

    @Test
    void permissionThatIsLostBeforeTheFirstChangeLeavesAllUntouched() throws IOException {
        TestGateway.setUp(xfrm(), 2);
        KernelState before = state();
        losePermissionBefore(1);
        MigrationReport report = runAndRegain();
        assertEquals(Map.of(GroupState.UNTOUCHED, 4), report.groups());
        assertEquals(List.of(), report.stuck());
        assertFalse(report.isComplete());
        assertTrue(report.failures().getFirst().contains("EPERM (1)"), report.failures()::toString);
        assertTrue(report.failures().getLast().startsWith("SAs could not be read back: "),
                report.failures()::toString);
        before.assertIn(xfrm());
    }

    @Test
    void permissionThatIsLostWhileFlowsAreBlockedLeavesThemBlockedAndSaysSo() throws IOException {
        TestGateway.setUp(xfrm(), 2);
        KernelState before = state();
        // Incoming: moves, policies. Outgoing: blocks and moves, policies.
        losePermissionBefore(4);
        MigrationReport report = runAndRegain();
        assertEquals(Map.of(GroupState.MOVED, 2, GroupState.STUCK, 2), report.groups());
        assertEquals(2, report.stuck().size());
        assertEquals(Map.of(Outcome.MOVED, 4), report.outcomes());
        assertTrue(report.toString().startsWith("STUCK AND BLOCKED: ["), report::toString);
        before.moved(HERE, NEW_HERE).blocked(policy -> policy.direction() == PolicyDirection.OUT).assertIn(xfrm());
        assertTrue(state().policies().stream().filter(policy -> policy.action() == PolicyAction.BLOCK).count() == 2);
    }
}
