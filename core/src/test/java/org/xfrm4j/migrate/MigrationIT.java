package org.xfrm4j.migrate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.xfrm4j.EmbeddedKernel;
import org.xfrm4j.NoPolicies;
import org.xfrm4j.ObservedXfrm;
import org.xfrm4j.TestSas;
import org.xfrm4j.Xfrm;
import org.xfrm4j.bindings.xfrm4j_h;
import org.xfrm4j.netlink.ObservedSocket;
import org.xfrm4j.netlink.SocketBuffers;
import org.xfrm4j.policy.Policy;
import org.xfrm4j.policy.PolicyAction;
import org.xfrm4j.policy.PolicyBuilder;
import org.xfrm4j.policy.PolicyDirection;
import org.xfrm4j.policy.PolicyType;
import org.xfrm4j.policy.Template;
import org.xfrm4j.sa.Direction;
import org.xfrm4j.sa.IpAddress;
import org.xfrm4j.sa.IpPrefix;
import org.xfrm4j.sa.Lifetime;
import org.xfrm4j.sa.Mark;
import org.xfrm4j.sa.Mode;
import org.xfrm4j.sa.Protocol;
import org.xfrm4j.sa.SaId;
import org.xfrm4j.sa.SecurityAssociation;
import org.xfrm4j.sa.SecurityContext;
import org.xfrm4j.sa.Selector;

/** Migrations that go well: what they change, what they leave alone, and what they tell. */
class MigrationIT {
    private static final IpAddress HERE = TestGateway.HERE;
    private static final IpAddress NEW_HERE = TestGateway.NEW_HERE;

    @RegisterExtension
    final NoPolicies clean = new NoPolicies();
    @RegisterExtension
    final EmbeddedKernel kernel = new EmbeddedKernel();

    private Xfrm xfrm() {
        return kernel.xfrm();
    }

    private KernelState state() {
        return KernelState.of(xfrm());
    }

    private MigrationPlan plan() {
        MigrationPlan plan = MigrationPlan.of(xfrm(), TestGateway.RULE);
        assertEquals(List.of(), plan.problems());
        return plan;
    }

    private MigrationReport run(RunOptions options) throws IOException {
        return run(xfrm(), options, MigrationListener.NONE);
    }

    private MigrationReport run(Xfrm over, RunOptions options, MigrationListener listener) throws IOException {
        try (MigrationPlan plan = plan()) {
            return Migration.run(over, plan, options, listener);
        }
    }

    private void movesAndBack(int sas) throws IOException {
        KernelState before = state();
        assertComplete(run(RunOptions.DEFAULT), sas);
        before.moved(HERE, NEW_HERE).assertIn(xfrm());
        try (MigrationPlan back = MigrationPlan.of(xfrm(), TestGateway.rule(NEW_HERE, HERE))) {
            assertComplete(Migration.run(xfrm(), back, RunOptions.DEFAULT, MigrationListener.NONE), sas);
        }
        before.assertIn(xfrm());
    }

    private static void assertComplete(MigrationReport report, int sas) {
        assertTrue(report.isComplete(), report::toString);
        assertEquals(Map.of(Outcome.MOVED, sas), report.outcomes());
        assertEquals(sas, report.readBack().found());
        assertEquals(List.of(), report.readBack().missing());
        assertEquals(List.of(), report.notMoved());
        assertEquals(List.of(), report.failures());
        assertEquals(List.of(), report.stuck());
    }

    @Test
    void movesAGatewayAndBackAndLeavesAllElseAsItWas() throws IOException {
        TestGateway.setUp(xfrm(), 3);
        // Neither of these moves: another gateway's SA, a policy of it, a policy that blocks, one without templates.
        kernel.add(TestSas.esp(77).source("203.0.113.1").reqid(7).build());
        xfrm().policies().add(Policy.builder().direction(PolicyDirection.OUT)
                .selector(Selector.of(IpPrefix.parse("10.7.0.0/16"), IpPrefix.parse("10.8.0.0/16")))
                .template(Template.tunnel(Protocol.ESP, IpAddress.parse("203.0.113.1"), TestSas.DESTINATION)
                        .withReqid(7)).build());
        xfrm().policies().add(Policy.builder().direction(PolicyDirection.OUT).selector(Selector.ALL_IPV4)
                .priority(9000).action(PolicyAction.BLOCK).build());
        xfrm().policies().add(Policy.builder().direction(PolicyDirection.IN).selector(Selector.ALL_IPV6).build());
        movesAndBack(6);
    }

    @Test
    void reportsWhatItDid() throws IOException {
        TestGateway.setUp(xfrm(), 3);
        try (MigrationPlan plan = plan()) {
            MigrationReport report = Migration.run(xfrm(), plan, RunOptions.DEFAULT, MigrationListener.NONE);
            assertComplete(report, 6);
            assertEquals(Map.of(GroupState.MOVED, plan.groups()), report.groups());
            assertEquals(plan.messages(), report.traffic().messages());
            assertEquals(6 + 3 * 4, report.traffic().messages());
            assertEquals(3, report.blackout().flows());
            assertTrue(report.traffic().bytes() > 100 * report.traffic().messages());
            long transmissions = report.traffic().transmissions();
            assertTrue(transmissions >= 3 && transmissions <= report.traffic().messages());
            List<Duration> times = List.of(Duration.ZERO, report.blackout().median(),
                    report.blackout().percentile99(), report.blackout().longest(), report.times().total().time());
            assertEquals(times.stream().sorted().toList(), times);
            assertTrue(report.traffic().longest().compareTo(report.times().total().kernel()) <= 0);
            assertTrue(report.times().total().kernel().compareTo(report.times().total().time()) < 0);
            assertPhases(report.times());
            assertTrue(report.toString().startsWith("groups {MOVED=6}, SAs {MOVED=6}, verified 6; "),
                    report::toString);
        }
    }

    private static void assertPhases(MigrationReport.Times times) {
        assertEquals(List.of(MigrationPhase.values()), List.copyOf(times.phases().keySet()));
        Duration sum = Duration.ZERO;
        Duration kernel = Duration.ZERO;
        for (MigrationReport.Spent spent : times.phases().values()) {
            sum = sum.plus(spent.time());
            kernel = kernel.plus(spent.kernel());
            assertTrue(spent.kernel().compareTo(spent.time()) <= 0, times::toString);
        }
        assertEquals(List.of(times.total().time(), times.total().kernel()), List.of(sum, kernel));
        List<MigrationPhase> asking = List.of(MigrationPhase.CHECK, MigrationPhase.MOVE, MigrationPhase.FOLLOW,
                MigrationPhase.LOOK_AGAIN);
        times.phases().forEach((phase, spent) -> assertEquals(asking.contains(phase), !spent.kernel().isZero(),
                phase + ": " + spent));
        assertTrue(times.planning().kernel().isPositive());
    }

    /** Each policy with one thing that could be lost on the way, all found by SAs of their own. */
    @Test
    void keepsAllThatAPolicyHas() throws IOException {
        Lifetime limits = Lifetime.UNLIMITED.withBytes(1, 2).withPackets(3, 4).withSecondsSinceAdded(70_000, 80_000)
                .withSecondsSinceUsed(50_000, 60_000);
        SecurityContext label = SecurityContext.selinux("system_u:object_r:ipsec_spd_t:s0");
        TestGateway.setUp(xfrm(), 1);
        add(1, out(1).priority(-1).lifetime(limits).flags(Policy.FLAG_ICMP | 0x80), out(1).type(PolicyType.SUB));
        add(2, out(2).mark(new Mark(0x10, 0xf0)).index(4_000_001), out(2).mark(new Mark(0x20, 0xf0)));
        SecurityAssociation inInterface = kernel.add(TestGateway.out(3).ifId(42).build());
        xfrm().policies().add(out(3).ifId(42).build());
        SecurityAssociation labelled = kernel.add(TestGateway.out(4).securityContext(label).build());
        xfrm().policies().add(out(4).securityContext(label).build());
        assertEquals(List.of(42, 0), List.of(inInterface.ifId(), labelled.ifId()));
        assertEquals(2 + 3 + 6, state().policies().size() + 2);
        movesAndBack(6);
    }

    private static PolicyBuilder out(int peer) {
        return TestGateway.policy(peer, PolicyDirection.OUT).toBuilder();
    }

    private void add(int peer, PolicyBuilder... policies) {
        kernel.add(TestGateway.out(peer).build());
        for (PolicyBuilder policy : policies) {
            xfrm().policies().add(policy.build());
        }
    }

    /** After a rekeying the old SA and the new one are there for a while. */
    @Test
    void movesAllSasThatATemplateFindsTogether() throws IOException {
        TestGateway.setUp(xfrm(), 2);
        kernel.add(TestGateway.out(0).spi(0xa0001000).build());
        kernel.add(TestGateway.out(0).spi(0xa0001001).build());
        try (MigrationPlan plan = plan()) {
            assertEquals(4, plan.groups());
        }
        movesAndBack(6);
    }

    @Test
    void movesAllSasOfABundle() throws IOException {
        kernel.add(TestGateway.out(0).build());
        kernel.add(TestSas.ah(0xa0002000, HERE.family()).direction(Direction.OUT).replayWindow(0).mode(Mode.TRANSPORT)
                .source(HERE).destination(TestGateway.peer(0)).reqid(5).build());
        xfrm().policies().add(out(0).template(Template.transport(Protocol.AH).withReqid(5)).build());
        try (MigrationPlan plan = plan()) {
            assertEquals(List.of(1, 2, 1), List.of(plan.groups(), plan.sas(), plan.policies()));
        }
        movesAndBack(2);
    }

    @Test
    void selectorsOfSingleHostsFollowInTransportMode() throws IOException {
        IpAddress peer = TestGateway.peer(0);
        Selector out = TestSas.hostToHost(HERE, peer).withProtocol(17).withDestinationPort(53, 0xffff);
        Selector in = TestSas.hostToHost(peer, HERE).withProtocol(17).withSourcePort(53, 0xffff);
        kernel.add(TestGateway.out(0).mode(Mode.TRANSPORT).selector(TestSas.hostToHost(HERE, peer)).build());
        kernel.add(TestGateway.in(0).mode(Mode.TRANSPORT).selector(TestSas.hostToHost(peer, HERE)).build());
        Template template = Template.transport(Protocol.ESP).withReqid(TestGateway.reqid(0));
        xfrm().policies().add(Policy.builder().direction(PolicyDirection.OUT).selector(out).priority(3)
                .template(template).build());
        xfrm().policies().add(Policy.builder().direction(PolicyDirection.IN).selector(in).priority(4)
                .template(template).build());
        KernelState before = state();
        MoveRule rule = MoveRule.of(SaSelection.ALL, SaChange.local(IpPrefix.host(HERE), IpPrefix.host(NEW_HERE))
                .and(SaChange.hostToHostSelector()));
        try (MigrationPlan plan = MigrationPlan.of(xfrm(), rule)) {
            assertEquals(List.of(), plan.problems());
            MigrationReport report = Migration.run(xfrm(), plan, RunOptions.DEFAULT, MigrationListener.NONE);
            assertComplete(report, 2);
            assertEquals(plan.messages(), report.traffic().messages());
        }
        before.moved(HERE, NEW_HERE).assertInButIndices(xfrm());
    }

    @Test
    void movesSasAlone() throws IOException {
        TestGateway.setUp(xfrm(), 3);
        KernelState before = state();
        try (MigrationPlan plan = MigrationPlan.of(xfrm(), TestGateway.RULE, PlanOptions.SAS_ONLY)) {
            assertEquals(0, plan.policies());
            MigrationReport report = Migration.run(xfrm(), plan, RunOptions.DEFAULT, MigrationListener.NONE);
            assertComplete(report, 6);
            assertEquals(6, report.traffic().messages());
            assertEquals(0, report.blackout().flows(), "nothing blocked");
        }
        before.withSas(sa -> KernelState.moved(sa, HERE, NEW_HERE)).assertIn(xfrm());
    }

    @Test
    void aDryRunTouchesNothing() throws IOException {
        TestGateway.setUp(xfrm(), 3);
        KernelState before = state();
        ObservedSocket socket = ObservedSocket.open(SocketBuffers.DEFAULT);
        try (Xfrm observed = ObservedXfrm.open(socket);
                MigrationPlan plan = MigrationPlan.of(observed, TestGateway.RULE)) {
            StringBuilder text = new StringBuilder();
            plan.print(text);
            assertTrue(text.toString().startsWith(plan.toString()));
            assertEquals(18, plan.messages());
            assertEquals(List.of(xfrm4j_h.XFRM_MSG_GETSA(), xfrm4j_h.XFRM_MSG_GETPOLICY()),
                    socket.sent().stream().flatMap(List::stream).distinct().toList());
        }
        before.assertIn(xfrm());
    }

    /** The outgoing flows in hand block, and no other; incoming SAs have moved before the first does. */
    @Test
    void blocksOnlyWhatIsInHandAndOnlyAfterTheIncomingSasHaveMoved() throws IOException {
        int peers = 40;
        TestGateway.setUp(xfrm(), peers);
        KernelState before = state();
        List<Integer> blockedAtOnce = new ArrayList<>();
        ObservedSocket socket = ObservedSocket.open(SocketBuffers.DEFAULT);
        try (Xfrm observed = ObservedXfrm.open(socket)) {
            socket.beforeSending(types -> {
                if (types.contains(xfrm4j_h.XFRM_MSG_MIGRATE_STATE()) || types.contains(
                        xfrm4j_h.XFRM_MSG_UPDPOLICY())) {
                    blockedAtOnce.add(checkMoment(before));
                }
            });
            assertComplete(run(observed, RunOptions.DEFAULT.withHold(Duration.ofNanos(1)), MigrationListener.NONE),
                    2 * peers);
        }
        assertTrue(blockedAtOnce.stream().allMatch(blocked -> blocked <= 32), blockedAtOnce::toString);
        assertEquals(1, blockedAtOnce.getLast());
        before.moved(HERE, NEW_HERE).assertIn(xfrm());
    }

    private int checkMoment(KernelState before) {
        KernelState now = state();
        assertEquals(before.policies().size(), now.policies().size());
        List<IpAddress> ready = new ArrayList<>();
        now.sas().stream().filter(sa -> sa.direction() == Direction.OUT && sa.source().equals(HERE))
                .forEach(sa -> ready.add(sa.destination()));
        int blocked = 0;
        for (Policy policy : now.policies()) {
            if (policy.action() == PolicyAction.BLOCK) {
                blocked++;
                assertEquals(PolicyDirection.OUT, policy.direction());
            } else if (policy.direction() == PolicyDirection.OUT) {
                Template template = policy.templates().getFirst();
                assertEquals(template.source().equals(HERE), ready.contains(template.destination()),
                        () -> "a policy that does not fit its SA: " + policy);
            }
        }
        boolean incomingMoved = now.sas().stream().noneMatch(sa -> sa.destination().equals(HERE));
        assertTrue(blocked == 0 || incomingMoved);
        return blocked;
    }

    @Test
    void transmissionsHoldAsManyMessagesAsTheBoundAllows() throws IOException {
        TestGateway.setUp(xfrm(), 20);
        assertEquals(1, sizes(Duration.ofNanos(1)).stream().skip(1).mapToInt(each -> each).max().orElseThrow());
        xfrm().sas().flush();
        xfrm().policies().flush();
        TestGateway.setUp(xfrm(), 200);
        List<Integer> sizes = sizes(Duration.ofHours(1));
        assertTrue(sizes.getFirst() <= 32, sizes::toString);
        assertTrue(sizes.stream().anyMatch(each -> each > 64), sizes::toString);
        assertTrue(sizes.stream().allMatch(each -> each <= 256), sizes::toString);
    }

    /** The number of messages of each transmission of changes. */
    private List<Integer> sizes(Duration hold) throws IOException {
        ObservedSocket socket = ObservedSocket.open(SocketBuffers.DEFAULT);
        try (Xfrm observed = ObservedXfrm.open(socket)) {
            assertTrue(run(observed, RunOptions.DEFAULT.withHold(hold), MigrationListener.NONE).isComplete());
        }
        List<Integer> changes = List.of(xfrm4j_h.XFRM_MSG_MIGRATE_STATE(), xfrm4j_h.XFRM_MSG_UPDPOLICY());
        // The first is the question whether the kernel can do it.
        return socket.sent().stream().filter(types -> types.stream().anyMatch(changes::contains)).skip(1)
                .map(List::size).toList();
    }

    /** Together, but no more at once than the receive buffer takes answers. */
    @Test
    void asksAboutThePoliciesOfAStepTogether() throws IOException {
        TestGateway.setUp(xfrm(), 10);
        assertTrue(mostPoliciesAskedAtOnce(SocketBuffers.DEFAULT, TestGateway.RULE) >= 8);
        assertEquals(1, mostPoliciesAskedAtOnce(new SocketBuffers(1, 256 * 1024),
                TestGateway.rule(NEW_HERE, HERE)));
    }

    private int mostPoliciesAskedAtOnce(SocketBuffers buffers, MoveRule rule) throws IOException {
        ObservedSocket socket = ObservedSocket.open(buffers);
        try (Xfrm observed = ObservedXfrm.open(socket); MigrationPlan plan = MigrationPlan.of(xfrm(), rule)) {
            RunOptions steady = RunOptions.DEFAULT.withHold(Duration.ofHours(1));
            assertTrue(Migration.run(observed, plan, steady, MigrationListener.NONE).isComplete());
        }
        return socket.sent().stream().filter(types -> types.contains(xfrm4j_h.XFRM_MSG_GETPOLICY()))
                .mapToInt(List::size).max().orElseThrow();
    }

    @Test
    void canBeFollowedAndCancelled() throws IOException {
        TestGateway.setUp(xfrm(), 50);
        KernelState before = state();
        List<Integer> done = new ArrayList<>();
        MigrationReport report = run(xfrm(), RunOptions.DEFAULT.withHold(Duration.ofNanos(1)), (now, all) -> {
            assertEquals(100, all);
            done.add(now);
            return now < 70;
        });
        assertEquals(done.stream().sorted().distinct().toList(), done);
        int last = done.getLast();
        assertTrue(last >= 70 && last < 100 && done.size() > 10, done::toString);
        assertEquals(Map.of(GroupState.MOVED, last, GroupState.UNTOUCHED, 100 - last), report.groups());
        assertEquals(Map.of(Outcome.MOVED, last), report.outcomes());
        assertEquals(last, report.readBack().found());
        assertFalse(report.isComplete());
        // Incoming ones come first, and each peer's SA has its policy at the same place.
        KernelState now = state();
        assertEquals(50, now.sas().stream().filter(sa -> sa.destination().equals(NEW_HERE)).count());
        assertEquals(last - 50, now.sas().stream().filter(sa -> sa.source().equals(NEW_HERE)).count());
        assertEquals(0, checkMoment(before));
        assertTrue(run(RunOptions.DEFAULT).isComplete());
        before.moved(HERE, NEW_HERE).assertIn(xfrm());
    }

    @Test
    void movesWithoutBlockingWhereThatIsWanted() throws IOException {
        TestGateway.setUp(xfrm(), 3);
        KernelState before = state();
        MigrationReport report = run(RunOptions.DEFAULT.withoutBlocking().withoutVerifying());
        assertTrue(report.isComplete());
        assertEquals(List.of(0, 15), List.of(report.readBack().found(), (int) report.traffic().messages()));
        assertEquals(0, report.blackout().flows());
        before.moved(HERE, NEW_HERE).assertIn(xfrm());
    }

    @Test
    void findsASaThatSomebodyDeletedOrChangedMeanwhile() throws IOException {
        TestGateway.setUp(xfrm(), 3);
        SaId deleted = TestGateway.out(1).build().id();
        SaId changed = TestGateway.in(2).build().id();
        SaId changedNow = TestGateway.in(2).destination(NEW_HERE).build().id();
        MigrationReport report = run(xfrm(), RunOptions.DEFAULT, (done, all) -> {
            if (done == all) {
                assertTrue(xfrm().sas().delete(deleted));
                MoveCheck.assertMoved(new Migrator(xfrm()).move(List.of(Move.of(xfrm().sas().get(changedNow)
                        .orElseThrow()).reqid(99).build())).getFirst());
            }
            return true;
        });
        assertEquals(4, report.readBack().found());
        assertEquals(2, report.readBack().missing().size());
        assertEquals(Set.of(deleted, changed), Set.copyOf(report.readBack().missing()));
        assertFalse(report.isComplete());
        assertTrue(report.toString().contains("missing 2"), report::toString);
    }

    @Test
    void doesNothingWhereThereIsNothingToDo() throws IOException {
        MigrationReport report = run(RunOptions.DEFAULT);
        assertTrue(report.isComplete());
        assertEquals(Map.of(), report.outcomes());
        assertEquals(0, report.traffic().messages());
    }

    @Test
    void tellsFlightRecorder(@TempDir Path folder) throws IOException {
        TestGateway.setUp(xfrm(), 50);
        MigrationReport report;
        Path file = folder.resolve("migration.jfr");
        try (Recording recording = new Recording()) {
            recording.enable("org.xfrm4j.Migration");
            recording.enable("org.xfrm4j.Transmission");
            recording.start();
            report = run(RunOptions.DEFAULT);
            recording.stop();
            recording.dump(file);
        }
        assertTrue(Files.size(file) > 0);
        List<RecordedEvent> events = RecordingFile.readAllEvents(file);
        List<RecordedEvent> transmissions = named("org.xfrm4j.Transmission", events);
        assertEquals(report.traffic().transmissions(), transmissions.size());
        assertEquals(report.traffic().messages(),
                transmissions.stream().mapToInt(event -> event.getInt("messages")).sum());
        RecordedEvent migration = named("org.xfrm4j.Migration", events).getFirst();
        assertEquals(100, migration.getInt("moved"));
        assertEquals(report.traffic().messages(), migration.getLong("messages"));
        assertTrue(transmissions.stream().allMatch(event -> !event.getDuration().isZero()
                && !event.getStartTime().isBefore(migration.getStartTime())
                && !event.getEndTime().isAfter(migration.getEndTime())));
    }

    private static List<RecordedEvent> named(String name, List<RecordedEvent> events) {
        return events.stream().filter(event -> event.getEventType().getName().equals(name)).toList();
    }
}
