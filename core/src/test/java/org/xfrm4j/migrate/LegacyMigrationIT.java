package org.xfrm4j.migrate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.xfrm4j.AnsweringXfrm;
import org.xfrm4j.EmbeddedKernel;
import org.xfrm4j.NoPolicies;
import org.xfrm4j.ObservedXfrm;
import org.xfrm4j.TestSas;
import org.xfrm4j.Xfrm;
import org.xfrm4j.bindings.xfrm4j_h;
import org.xfrm4j.netlink.AnsweringKernel;
import org.xfrm4j.netlink.AnsweringKernel.Answer;
import org.xfrm4j.netlink.Errno;
import org.xfrm4j.netlink.NetlinkException;
import org.xfrm4j.netlink.ObservedSocket;
import org.xfrm4j.netlink.SocketBuffers;
import org.xfrm4j.policy.Policy;
import org.xfrm4j.policy.PolicyAction;
import org.xfrm4j.policy.PolicyDirection;
import org.xfrm4j.policy.Template;
import org.xfrm4j.sa.Encap;
import org.xfrm4j.sa.IpAddress;
import org.xfrm4j.sa.IpPrefix;
import org.xfrm4j.sa.Mark;
import org.xfrm4j.sa.Protocol;
import org.xfrm4j.sa.SaId;
import org.xfrm4j.sa.Selector;

/** Migrations by the older XFRM_MSG_MIGRATE, which the embedded kernel has as well. */
class LegacyMigrationIT {
    private static final IpAddress HERE = TestGateway.HERE;
    private static final IpAddress NEW_HERE = TestGateway.NEW_HERE;
    private static final int UNKNOWN_MESSAGE = 0x3f;

    @RegisterExtension
    final NoPolicies clean = new NoPolicies();
    @RegisterExtension
    final EmbeddedKernel kernel = new EmbeddedKernel();

    private final ObservedSocket socket = ObservedSocket.open(SocketBuffers.DEFAULT);
    private final List<MigrationPlan> plans = new ArrayList<>();
    /** The migration's own way to the kernel, which takes it for an older one. */
    private Xfrm old;
    private Runnable beforeSecondCall = () -> { };

    @BeforeEach
    void opens() {
        AtomicInteger calls = new AtomicInteger();
        old = ObservedXfrm.open(socket);
        socket.beforeSending(types -> {
            if (types.equals(List.of(xfrm4j_h.XFRM_MSG_MIGRATE_STATE()))) {
                // nlmsg_type, behind nlmsg_len.
                socket.lastSegment().set(ValueLayout.JAVA_SHORT, Integer.BYTES, (short) UNKNOWN_MESSAGE);
            }
            if (types.contains(xfrm4j_h.XFRM_MSG_MIGRATE()) && calls.incrementAndGet() == 2) {
                beforeSecondCall.run();
            }
        });
    }

    @AfterEach
    void closes() {
        plans.forEach(MigrationPlan::close);
        old.close();
    }

    private Xfrm xfrm() {
        return kernel.xfrm();
    }

    private MigrationPlan plan(MoveRule rule) {
        MigrationPlan plan = MigrationPlan.of(xfrm(), rule);
        plans.add(plan);
        assertEquals(List.of(), plan.problems());
        return plan;
    }

    private MigrationReport run(MigrationPlan plan) {
        return LegacyMigration.run(old, plan, MigrationListener.NONE);
    }

    private MigrationReport moveGateway() {
        return run(plan(TestGateway.RULE));
    }

    private static MoveRule with(SaChange change) {
        SaChange moves = SaChange.local(IpPrefix.host(HERE), IpPrefix.host(NEW_HERE));
        return MoveRule.of(SaSelection.local(IpPrefix.host(HERE)), moves.and(change));
    }

    // ---- what it does ----

    @Test
    void movesAGatewayByOneCallForEachPolicyWhileOutgoingOnesBlock() {
        TestGateway.setUp(xfrm(), 3);
        KernelState before = KernelState.of(xfrm());
        MigrationPlan plan = plan(TestGateway.RULE);
        assertEquals(List.of(), plan.legacyProblems());

        MigrationReport report = run(plan);

        assertTrue(report.isComplete(), () -> report + " " + report.failures());
        assertEquals(Map.of(GroupState.MOVED, 6), report.groups());
        assertEquals(Map.of(Outcome.MOVED, 6), report.outcomes());
        assertEquals(6, report.readBack().found());
        assertEquals(List.of(9L, 6L, 1L), List.of(socket.sent(xfrm4j_h.XFRM_MSG_MIGRATE()),
                socket.sent(xfrm4j_h.XFRM_MSG_UPDPOLICY()), socket.sent(xfrm4j_h.XFRM_MSG_MIGRATE_STATE())));
        assertEquals(3, report.blackout().flows());
        before.moved(HERE, NEW_HERE).assertIn(xfrm());
    }

    @Test
    void outgoingPolicyBlocksWithItsTemplatesWhileItsCallIsMade() {
        xfrm().sas().add(TestGateway.out(0).build());
        xfrm().policies().add(TestGateway.policy(0, PolicyDirection.OUT));
        xfrm().policies().add(other(0));
        List<PolicyAction> actions = new ArrayList<>();
        beforeSecondCall = () -> xfrm().policies().list().forEach(policy -> actions.add(policy.action()));
        KernelState before = KernelState.of(xfrm());
        assertTrue(moveGateway().isComplete());
        assertEquals(List.of(PolicyAction.BLOCK, PolicyAction.BLOCK), actions);
        before.moved(HERE, NEW_HERE).assertIn(xfrm());
    }

    /** Another policy of the same SA. */
    private static Policy other(int peer) {
        return TestGateway.policy(peer, PolicyDirection.OUT).toBuilder()
                .selector(Selector.of(IpPrefix.parse("10.9.0.0/16"), IpPrefix.parse("10.8.0.0/16"))).build();
    }

    @Test
    void encapsulationStaysOrIsGiven() {
        Encap encap = Encap.espInUdp(4500, 4501);
        for (int peer = 0; peer < 2; peer++) {
            xfrm().sas().add(TestGateway.out(peer).encap(peer == 0 ? encap : null).build());
            xfrm().policies().add(TestGateway.policy(peer, PolicyDirection.OUT));
        }
        KernelState before = KernelState.of(xfrm());
        MoveRule rule = with(SaChange.encap(encap).where(SaSelection.reqid(TestGateway.reqid(1))));
        assertTrue(run(plan(rule)).isComplete());
        before.moved(HERE, NEW_HERE).withSas(sa -> sa.toBuilder().encap(encap).build()).assertIn(xfrm());
    }

    @Test
    void policiesWithoutSasFollow() {
        TestGateway.setUp(xfrm(), 1);
        xfrm().policies().addAll(TestGateway.policies(1));
        KernelState before = KernelState.of(xfrm());
        assertTrue(moveGateway().isComplete());
        before.moved(HERE, NEW_HERE).assertIn(xfrm());
    }

    // ---- what it cannot do ----

    @Test
    void saysWhatItCannotExpress() {
        Map<String, SaChange> changes = Map.of(
                "its reqid changes", SaChange.reqid(5),
                "its selector changes", SaChange.selector(TestSas.hostToHost(NEW_HERE, TestGateway.peer(0))),
                "its output mark changes", SaChange.outputMark(Mark.exactly(1)),
                "its encapsulation is removed", SaChange.removeEncap());
        TestGateway.setUp(xfrm(), 1);
        KernelState before = KernelState.of(xfrm());
        changes.forEach((reason, change) -> {
            MigrationPlan plan = plan(with(change));
            assertTrue(plan.legacyProblems().stream().anyMatch(problem -> problem.reason().equals(reason)
                    && problem.subject().equals(TestGateway.out(0).build().id().toString())),
                    () -> reason + ": " + plan.legacyProblems());
            IllegalArgumentException refused = assertThrows(IllegalArgumentException.class, () -> run(plan));
            assertTrue(refused.getMessage().startsWith("XFRM_MSG_MIGRATE cannot do what the plan says: "));
        });
        before.assertIn(xfrm());
    }

    @Test
    void severalSasUnderOneTemplateOrNoneAreRefused() {
        xfrm().sas().add(TestGateway.out(0).build());
        xfrm().sas().add(TestGateway.out(0).spi(7).build());
        xfrm().policies().add(TestGateway.policy(0, PolicyDirection.OUT));
        xfrm().sas().add(TestGateway.in(5).build());
        List<String> problems = plan(TestGateway.RULE).legacyProblems().stream().map(PlanProblem::toString).toList();
        assertTrue(problems.contains(TestGateway.in(5).build().id() + ": no template names it by its ends"),
                problems::toString);
        assertTrue(problems.stream().anyMatch(each -> each.startsWith(TestGateway.policy(0, PolicyDirection.OUT).id()
                + ": one of its templates means 2 SAs, of which one would move: ")), problems::toString);
    }

    @Test
    void markedPolicyAndOpenTemplateAreRefused() {
        xfrm().sas().add(TestGateway.out(0).build());
        xfrm().policies().add(TestGateway.policy(0, PolicyDirection.OUT).toBuilder().mark(new Mark(1, 1)).build());
        xfrm().sas().add(TestGateway.out(1).build());
        Template open = Template.tunnel(Protocol.ESP, IpAddress.ANY_IPV4, TestGateway.peer(1))
                .withReqid(TestGateway.reqid(1));
        xfrm().policies().add(TestGateway.policy(1, PolicyDirection.OUT).toBuilder().templates(List.of(open)).build());
        MoveRule rule = MoveRule.of(SaSelection.ALL, SaChange.remote(IpPrefix.parse("198.51.100.0/24"),
                IpPrefix.parse("203.0.113.0/24")));
        List<String> reasons = plan(rule).legacyProblems().stream().map(PlanProblem::reason).toList();
        assertTrue(reasons.contains("has a mark, and is looked for as if by a packet without one"), reasons::toString);
        assertTrue(reasons.contains("its template leaves an address open"), reasons::toString);
    }

    // ---- what goes wrong ----

    @Test
    void callThatFailsIsTakenBackWithThoseBeforeIt() {
        xfrm().sas().add(TestGateway.out(0).build());
        xfrm().policies().add(TestGateway.policy(0, PolicyDirection.OUT));
        xfrm().policies().add(other(0));
        KernelState before = KernelState.of(xfrm());
        // Both are in one group: the call about the second finds none.
        List<SaId> movedThen = new ArrayList<>();
        beforeSecondCall = () -> {
            KernelState.of(xfrm()).sas().stream().filter(sa -> sa.source().equals(NEW_HERE))
                    .forEach(sa -> movedThen.add(sa.id()));
            xfrm().policies().list().stream().filter(policy -> policy.templates().getFirst().source().equals(HERE))
                    .forEach(policy -> assertTrue(xfrm().policies().delete(policy.id())));
        };
        MigrationReport report = moveGateway();
        assertEquals(1, movedThen.size());
        assertEquals(Map.of(GroupState.TAKEN_BACK, 1), report.groups(), report::toString);
        assertEquals(Map.of(Outcome.REJECTED, 1), report.outcomes());
        assertTrue(report.failures().getFirst().contains("ENOENT"), report.failures()::toString);
        before.assertInButIndices(xfrm());
    }

    @Test
    void takenPlaceIsRefusedByTheKernelAndNothingChanges() {
        TestGateway.setUp(xfrm(), 1);
        MigrationPlan plan = plan(TestGateway.RULE);
        kernel.add(TestSas.esp(TestGateway.in(0).build().id().spi()).source("203.0.113.200").destination(NEW_HERE)
                .reqid(4711).build());
        KernelState before = KernelState.of(xfrm());
        MigrationReport report = run(plan);
        assertEquals(Map.of(GroupState.MOVED, 1, GroupState.TAKEN_BACK, 1), report.groups(), report::toString);
        assertEquals(Map.of(Outcome.MOVED, 1, Outcome.REJECTED, 1), report.outcomes());
        assertFalse(report.isComplete());
        before.withSas(sa -> sa.source().equals(HERE) ? KernelState.moved(sa, HERE, NEW_HERE) : sa)
                .withPolicies(policy -> policy.direction() == PolicyDirection.OUT
                        ? KernelState.moved(policy, HERE, NEW_HERE) : policy).assertIn(xfrm());
    }

    /** The kernel looks for the policy as if a packet passed. */
    @Test
    void policyBeforeItThatTheKernelTakesInsteadIsNotTakenForIt() {
        TestGateway.setUp(xfrm(), 1);
        xfrm().policies().add(Policy.builder().direction(PolicyDirection.OUT).priority(1).selector(Selector.ALL_IPV4)
                .template(Template.tunnel(Protocol.ESP, IpAddress.parse("203.0.113.1"), TestGateway.peer(9))
                        .withReqid(9)).build());
        KernelState before = KernelState.of(xfrm());
        MigrationReport report = moveGateway();
        assertEquals(Map.of(GroupState.MOVED, 1, GroupState.TAKEN_BACK, 1), report.groups(), report::toString);
        assertTrue(report.failures().getFirst().contains("ENODATA"), report.failures()::toString);
        before.withSas(sa -> sa.source().equals(HERE) ? sa : KernelState.moved(sa, HERE, NEW_HERE))
                .withPolicies(policy -> policy.direction() == PolicyDirection.OUT ? policy
                        : KernelState.moved(policy, HERE, NEW_HERE)).assertIn(xfrm());
    }

    @Test
    void saThatVanishedIsGoneAndItsPoliciesFollow() {
        TestGateway.setUp(xfrm(), 1);
        KernelState before = KernelState.of(xfrm());
        MigrationPlan plan = plan(TestGateway.RULE);
        SaId gone = TestGateway.in(0).build().id();
        assertTrue(xfrm().sas().delete(gone));
        MigrationReport report = run(plan);
        assertEquals(Map.of(Outcome.MOVED, 1, Outcome.GONE, 1), report.outcomes());
        before.without(gone).moved(HERE, NEW_HERE).assertIn(xfrm());
    }

    // ---- who is told of it ----

    @Test
    void olderKernelIsToldFromOneThatWasBuiltWithout() {
        TestGateway.setUp(xfrm(), 1);
        MigrationPlan able = plan(TestGateway.RULE);
        MigrationPlan unable = plan(with(SaChange.reqid(5)));
        assertEquals("this kernel does not know XFRM_MSG_MIGRATE_STATE (Linux 7.2 or newer does); LegacyMigration can"
                + " run this plan by the older XFRM_MSG_MIGRATE, if that is wanted", refusal(Errno.EINVAL, able));
        String cannot = refusal(Errno.EINVAL, unable);
        assertTrue(cannot.contains("; nor can the older XFRM_MSG_MIGRATE do what the plan says: ")
                && cannot.endsWith("reqid changes"), cannot);
        assertEquals("this kernel was built without CONFIG_XFRM_MIGRATE, which the older XFRM_MSG_MIGRATE needs as"
                + " well", refusal(Errno.ENOPROTOOPT, able));
        try (Xfrm without = kernelThatSays(Errno.ENOPROTOOPT)) {
            NetlinkException refused = assertThrows(NetlinkException.class,
                    () -> LegacyMigration.run(without, able, MigrationListener.NONE));
            assertTrue(refused.getMessage().endsWith("which the older XFRM_MSG_MIGRATE needs as well"));
        }
    }

    private static Xfrm kernelThatSays(int errno) {
        return AnsweringXfrm.open(new AnsweringKernel((type, payload) -> Answer.refused(errno, null)));
    }

    private static String refusal(int errno, MigrationPlan plan) {
        try (Xfrm older = kernelThatSays(errno)) {
            return assertThrows(NetlinkException.class,
                    () -> Migration.run(older, plan, RunOptions.DEFAULT, MigrationListener.NONE)).getMessage();
        }
    }
}
