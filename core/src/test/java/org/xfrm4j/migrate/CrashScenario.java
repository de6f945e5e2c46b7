package org.xfrm4j.migrate;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.xfrm4j.TestSas;
import org.xfrm4j.Xfrm;
import org.xfrm4j.policy.Policy;
import org.xfrm4j.policy.PolicyAction;
import org.xfrm4j.policy.PolicyBuilder;
import org.xfrm4j.policy.PolicyDirection;
import org.xfrm4j.policy.PolicyId;
import org.xfrm4j.policy.Template;
import org.xfrm4j.sa.Encap;
import org.xfrm4j.sa.IpAddress;
import org.xfrm4j.sa.IpPrefix;
import org.xfrm4j.sa.Mark;
import org.xfrm4j.sa.Mode;
import org.xfrm4j.sa.Protocol;
import org.xfrm4j.sa.SaId;
import org.xfrm4j.sa.SecurityAssociation;
import org.xfrm4j.sa.SecurityAssociationBuilder;
import org.xfrm4j.sa.Selector;
import org.xfrm4j.wire.MigrateStateEncoder;
import org.xfrm4j.wire.SaDecoder;

/**
 * A gateway with one of each: tunnels, SAs that two policies share, host-to-host policies whose selectors change,
 * encapsulation that is removed, marks, a chain of SAs that take each other's places, a circle of such, an SA without a
 * policy, a policy without an SA; and what must stay as it is.
 *
 * @param before all as it was
 * @param groups the plan's, in their order
 */
record CrashScenario(KernelState before, List<PlanShape.Group> groups) {
    /** Moves all of it. */
    static final MoveRule RULE = CrashScenario::decide;

    private static final int SHARED = 3;
    private static final int ENCAPSULATED = 4;
    private static final int HOST_TO_HOST = 5;
    private static final int MARKED = 6;
    private static final int ALONE = 7;
    private static final int CHAIN = 8;
    private static final int NOT_CONCERNED = 9;
    private static final List<Integer> CIRCLE = List.of(30, 31, 32);
    private static final int TRAP = 40;
    private static final int CIRCLE_SPI = 0xc0000100;
    private static final PlanOptions OPTIONS = PlanOptions.DEFAULT.parking(IpAddress.parse("192.0.2.250"));
    private static final int CHAIN_SPI = 0xc0000000;
    private static final Mark MARK = new Mark(6, 0xff);
    private static final List<IpAddress> LINKS =
            List.of(TestGateway.peer(20), TestGateway.peer(21), TestGateway.peer(22));

    private static boolean decide(SaDecoder sa, MigrateStateEncoder move) {
        boolean moves = TestGateway.RULE.decide(sa, move);
        if (sa.reqid() == TestGateway.reqid(ENCAPSULATED)) {
            move.removeEncap();
        }
        if (sa.reqid() == TestGateway.reqid(HOST_TO_HOST)) {
            move.updateHostToHostSelector();
        }
        for (int link = 0; link < LINKS.size() - 1; link++) {
            IpPrefix from = IpPrefix.host(LINKS.get(link));
            if (SaSelection.destination(from).test(sa)) {
                SaChange.remote(from, IpPrefix.host(LINKS.get(link + 1))).apply(sa, move);
            }
        }
        int circle = sa.spi() == CIRCLE_SPI ? CIRCLE.indexOf(sa.reqid() - TestGateway.reqid(0)) : -1;
        if (circle >= 0) {
            IpAddress next = nextInCircle(TestGateway.peer(CIRCLE.get(circle)));
            move.newDestination(next.high(), next.low());
        }
        return moves;
    }

    /** The address whose place one takes; of others that address. */
    private static IpAddress nextInCircle(IpAddress address) {
        List<IpAddress> peers = CIRCLE.stream().map(TestGateway::peer).toList();
        int at = peers.indexOf(address);
        return at < 0 ? address : peers.get((at + 1) % peers.size());
    }

    static MigrationPlan plan(Xfrm xfrm) {
        return MigrationPlan.of(xfrm, RULE, OPTIONS);
    }

    /** Puts it into the kernel, which holds nothing else. */
    static void setUp(Xfrm xfrm) {
        xfrm.sas().flush();
        xfrm.policies().flush();
        TestGateway.setUp(xfrm, SHARED);
        List<SecurityAssociation> sas = new ArrayList<>();
        List<Policy> policies = new ArrayList<>();
        shared(sas, policies);
        tunnel(ENCAPSULATED, sas, policies, sa -> sa.encap(Encap.espInUdp(4500, 4500)), policy -> policy);
        hostToHost(sas, policies);
        tunnel(MARKED, sas, policies, sa -> sa.mark(MARK).ifId(7), policy -> policy.mark(MARK).ifId(7).flags(1));
        sas.add(TestGateway.out(ALONE).build());
        for (IpAddress link : LINKS.subList(0, LINKS.size() - 1)) {
            sas.add(TestGateway.out(CHAIN).spi(CHAIN_SPI).destination(link).build());
        }
        for (int peer : CIRCLE) {
            sas.add(TestGateway.out(peer).spi(CIRCLE_SPI).build());
        }
        // The third has no policy.
        CIRCLE.subList(0, 2).forEach(peer -> policies.add(TestGateway.policy(peer, PolicyDirection.OUT)));
        policies.add(TestGateway.policy(TRAP, PolicyDirection.OUT));
        tunnel(NOT_CONCERNED, sas, policies, sa -> sa.build().source().equals(TestGateway.HERE)
                ? sa.source(TestSas.SOURCE6).destination(TestSas.DESTINATION6)
                        .selector(Selector.ALL_IPV6)
                : sa.source(TestSas.DESTINATION6).destination(TestSas.SOURCE6)
                        .selector(Selector.ALL_IPV6),
                policy -> policy.action(PolicyAction.BLOCK).templates(List.of()));
        assertEquals(List.of(), xfrm.sas().addAll(sas));
        assertEquals(List.of(), xfrm.policies().addAll(policies));
    }

    private static void tunnel(int peer, List<SecurityAssociation> sas, List<Policy> policies,
            UnaryOperator<SecurityAssociationBuilder> sa, UnaryOperator<PolicyBuilder> policy) {
        sas.add(sa.apply(TestGateway.out(peer)).build());
        sas.add(sa.apply(TestGateway.in(peer)).build());
        TestGateway.policies(peer).forEach(each -> policies.add(policy.apply(each.toBuilder()).build()));
    }

    /** Two SAs outgoing, as after a rekeying, used by two policies. */
    private static void shared(List<SecurityAssociation> sas, List<Policy> policies) {
        tunnel(SHARED, sas, policies, sa -> sa, policy -> policy);
        sas.add(TestGateway.out(SHARED).spi(0xa1000003).build());
        policies.add(TestGateway.policy(SHARED, PolicyDirection.OUT).toBuilder()
                .selector(Selector.of(IpPrefix.parse("10.9.0.0/16"), IpPrefix.parse("10.8.0.0/16"))).build());
    }

    private static void hostToHost(List<SecurityAssociation> sas, List<Policy> policies) {
        IpAddress peer = TestGateway.peer(HOST_TO_HOST);
        Selector out = TestSas.hostToHost(TestGateway.HERE, peer);
        Selector in = TestSas.hostToHost(peer, TestGateway.HERE);
        Template template = Template.transport(Protocol.ESP).withReqid(TestGateway.reqid(HOST_TO_HOST));
        sas.add(TestGateway.out(HOST_TO_HOST).mode(Mode.TRANSPORT).selector(out).build());
        sas.add(TestGateway.in(HOST_TO_HOST).mode(Mode.TRANSPORT).selector(in).build());
        policies.add(Policy.builder().direction(PolicyDirection.OUT).selector(out).template(template).build());
        policies.add(Policy.builder().direction(PolicyDirection.IN).selector(in).template(template).build());
    }

    static CrashScenario of(Xfrm xfrm, MigrationPlan plan) {
        assertEquals(List.of(), plan.problems());
        return new CrashScenario(KernelState.of(xfrm), PlanShape.of(plan).groups());
    }

    private static SecurityAssociation after(SecurityAssociation sa) {
        SecurityAssociation moved = KernelState.moved(sa, TestGateway.HERE, TestGateway.NEW_HERE);
        int link = LINKS.indexOf(sa.destination());
        SecurityAssociationBuilder after = moved.toBuilder();
        if (link >= 0) {
            after.destination(LINKS.get(link + 1));
        }
        if (sa.spi() == CIRCLE_SPI) {
            after.destination(nextInCircle(sa.destination()));
        }
        return sa.reqid() == TestGateway.reqid(ENCAPSULATED) ? after.encap(null).build() : after.build();
    }

    private static Policy after(Policy policy) {
        Policy moved = KernelState.moved(policy, TestGateway.HERE, TestGateway.NEW_HERE);
        boolean inCircle = policy.direction() == PolicyDirection.OUT && policy.templates().size() == 1
                && CIRCLE.contains(policy.templates().getFirst().reqid() - TestGateway.reqid(0));
        if (!inCircle) {
            return moved;
        }
        IpAddress peer = moved.templates().getFirst().destination();
        return KernelState.moved(moved, peer, nextInCircle(peer));
    }

    /** What there has to be when just the first groups have moved. */
    KernelState after(int groupsMoved) {
        Set<SaId> sas = new HashSet<>();
        Set<PolicyId> policies = new HashSet<>();
        groups.subList(0, groupsMoved).forEach(group -> {
            sas.addAll(group.sas());
            group.policies().keySet().forEach(policy -> policies.add(policy.id()));
        });
        return before.withSas(sa -> sas.contains(sa.id()) ? after(sa) : sa)
                .withPolicies(policy -> policies.contains(policy.id()) ? after(policy) : policy);
    }

    /** Checks that groups have moved one after the other, each whole, and all else is as it was; returns how many. */
    int assertGroupsAreWhole(Xfrm xfrm) {
        Set<SecurityAssociation> now = new HashSet<>(KernelState.of(xfrm).sas());
        Set<SaId> moved = new HashSet<>();
        before.sas().stream().filter(sa -> !now.contains(sa)).forEach(sa -> moved.add(sa.id()));
        int count = (int) groups.stream().filter(group -> moved.containsAll(group.sas())
                && (!group.sas().isEmpty() || haveChanged(group, xfrm))).count();
        after(count).assertInButIndices(xfrm);
        assertIndicesStay(xfrm);
        return count;
    }

    private static boolean haveChanged(PlanShape.Group group, Xfrm xfrm) {
        return group.policies().values().stream().allMatch(policy -> xfrm.policies().get(policy.id())
                .filter(now -> PolicyCheck.isSame(policy, now)).isPresent());
    }

    /** A policy that keeps its name, or gets it back, keeps its index. */
    private void assertIndicesStay(Xfrm xfrm) {
        Map<PolicyId, Integer> indices = new HashMap<>();
        before.policies().forEach(policy -> indices.put(policy.id(), policy.index()));
        xfrm.policies().list().forEach(policy ->
                assertEquals(indices.getOrDefault(policy.id(), policy.index()), policy.index(), policy::toString));
    }
}
