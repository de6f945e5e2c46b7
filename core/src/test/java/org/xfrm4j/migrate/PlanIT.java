package org.xfrm4j.migrate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.xfrm4j.EmbeddedKernel;
import org.xfrm4j.TestSas;
import org.xfrm4j.migrate.PlanShape.Group;
import org.xfrm4j.policy.Level;
import org.xfrm4j.policy.Policy;
import org.xfrm4j.policy.PolicyAction;
import org.xfrm4j.policy.PolicyBuilder;
import org.xfrm4j.policy.PolicyDirection;
import org.xfrm4j.policy.PolicyType;
import org.xfrm4j.policy.Template;
import org.xfrm4j.sa.AddressFamily;
import org.xfrm4j.sa.Comp;
import org.xfrm4j.sa.Direction;
import org.xfrm4j.sa.IpAddress;
import org.xfrm4j.sa.IpPrefix;
import org.xfrm4j.sa.Mark;
import org.xfrm4j.sa.Mode;
import org.xfrm4j.sa.Protocol;
import org.xfrm4j.sa.SaId;
import org.xfrm4j.sa.SecurityAssociation;
import org.xfrm4j.sa.SecurityAssociationBuilder;
import org.xfrm4j.sa.Selector;
import org.xfrm4j.sa.SpiRequest;

/** Plans made from the databases of the embedded kernel. A gateway at LOCAL has peers, and moves to NEW. */
class PlanIT {
    private static final IpAddress LOCAL = IpAddress.parse("192.0.2.1");
    private static final IpAddress NEW = IpAddress.parse("192.0.2.129");
    private static final IpAddress NEWER = IpAddress.parse("192.0.2.130");
    private static final IpAddress PEER = IpAddress.parse("198.51.100.1");
    private static final IpAddress OTHER_PEER = IpAddress.parse("198.51.100.2");
    private static final MoveRule GATEWAY_MOVES = MoveRule.of(SaSelection.local(IpPrefix.host(LOCAL)),
            SaChange.local(IpPrefix.host(LOCAL), IpPrefix.host(NEW)));

    @RegisterExtension
    final EmbeddedKernel kernel = new EmbeddedKernel();

    private final List<MigrationPlan> plans = new ArrayList<>();

    @BeforeEach
    void noPolicies() {
        kernel.xfrm().policies().flush();
    }

    @AfterEach
    void close() {
        plans.forEach(MigrationPlan::close);
        kernel.xfrm().policies().flush();
    }

    // ---- what there is ----

    private static SecurityAssociationBuilder out(int spi, IpAddress peer) {
        return TestSas.esp(spi).replayWindow(0).direction(Direction.OUT).source(LOCAL).destination(peer).reqid(1);
    }

    private static SecurityAssociationBuilder in(int spi, IpAddress peer) {
        return TestSas.esp(spi).direction(Direction.IN).source(peer).destination(LOCAL).reqid(1);
    }

    private static SecurityAssociationBuilder ipComp(Direction direction, IpAddress source, IpAddress destination) {
        return SecurityAssociation.builder().protocol(Protocol.COMP).spi(0x100).mode(Mode.TUNNEL).direction(direction)
                .source(source).destination(destination).reqid(1).algorithm(Comp.deflate());
    }

    private SecurityAssociation add(SecurityAssociationBuilder sa) {
        return kernel.add(sa.build());
    }

    private static Template tunnel(IpAddress source, IpAddress destination) {
        return Template.tunnel(Protocol.ESP, source, destination).withReqid(1);
    }

    private static Selector net(int number, PolicyDirection direction) {
        IpPrefix here = IpPrefix.parse("10.0." + number + ".0/24");
        IpPrefix there = IpPrefix.parse("10.1." + number + ".0/24");
        return direction == PolicyDirection.OUT ? Selector.of(here, there) : Selector.of(there, here);
    }

    private static PolicyBuilder policy(PolicyDirection direction, int net, Template... templates) {
        PolicyBuilder policy = Policy.builder().direction(direction).selector(net(net, direction)).priority(1000 + net);
        for (Template template : templates) {
            policy.template(template);
        }
        return policy;
    }

    private Policy add(PolicyBuilder builder) {
        Policy policy = builder.build();
        kernel.xfrm().policies().add(policy);
        return kernel.xfrm().policies().list().stream().filter(each -> each.id().equals(policy.id())).findFirst()
                .orElseThrow();
    }

    private Policy outTunnel(int net, IpAddress peer) {
        return add(policy(PolicyDirection.OUT, net, tunnel(LOCAL, peer)));
    }

    // ---- what comes out ----

    private MigrationPlan plan(MoveRule rule, PlanOptions options) {
        MigrationPlan plan = MigrationPlan.of(kernel.xfrm(), rule, options);
        plans.add(plan);
        return plan;
    }

    private MigrationPlan planWithProblems(MoveRule rule) {
        return plan(rule, PlanOptions.DEFAULT);
    }

    private MigrationPlan plan(MoveRule rule) {
        MigrationPlan plan = planWithProblems(rule);
        assertEquals(List.of(), plan.problems());
        return plan;
    }

    private static MoveRule change(SaChange change) {
        return MoveRule.of(SaSelection.ALL, change);
    }

    private static SaChange to(IpAddress from, IpAddress to) {
        return SaChange.local(IpPrefix.host(from), IpPrefix.host(to));
    }

    private static Policy with(Policy policy, Template... templates) {
        return policy.toBuilder().templates(List.of(templates)).build();
    }

    private static Group outgoing(List<SaId> sas, Policy before, Policy after) {
        return new Group(true, sas, Map.of(before, after));
    }

    private void assertProblem(MoveRule rule, String... problems) {
        assertEquals(List.of(problems), planWithProblems(rule).problems().stream().map(PlanProblem::toString).toList());
        assertTrue(planWithProblems(rule).toString().endsWith("; cannot run: "
                + (problems.length == 1 ? "1 problem" : problems.length + " problems")));
        print(planWithProblems(rule));
    }

    private static String print(MigrationPlan plan) {
        StringBuilder text = new StringBuilder();
        try {
            plan.print(text);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return text.toString();
    }

    // ---- which policies, and what becomes of them ----

    @Test
    void tunnelOfBothDirectionsWithForwarding() {
        SecurityAssociation out = add(out(1, PEER));
        SecurityAssociation in = add(in(2, PEER));
        Policy outPolicy = outTunnel(1, PEER);
        Policy inPolicy = add(policy(PolicyDirection.IN, 1, tunnel(PEER, LOCAL)));
        Policy forward = add(policy(PolicyDirection.FORWARD, 1, tunnel(PEER, LOCAL).withLevel(Level.USE)));

        MigrationPlan plan = plan(GATEWAY_MOVES);

        assertEquals(List.of(
                new Group(false, List.of(in.id()), Map.of(inPolicy, with(inPolicy, tunnel(PEER, NEW)),
                        forward, with(forward, tunnel(PEER, NEW).withLevel(Level.USE)))),
                outgoing(List.of(out.id()), outPolicy, with(outPolicy, tunnel(NEW, PEER)))),
                PlanShape.of(plan).groups());
        assertEquals("plan: 2 SAs move, 0 stay; 3 policies change; 2 groups, 6 messages "
                + "(XFRM_MSG_MIGRATE would take 3 calls)",
                plan.toString());
    }

    @Test
    void allElseOfAPolicyIsAsItWas() {
        add(out(1, PEER).ifId(7).mark(new Mark(0x10, 0xf0)));
        Policy policy = add(policy(PolicyDirection.OUT, 1,
                        tunnel(LOCAL, PEER).withAlgorithms(~1, ~2, ~4)).type(PolicyType.SUB)
                .ifId(7).mark(new Mark(0x12, 0xff)).action(PolicyAction.BLOCK).flags(Policy.FLAG_ICMP)
                .lifetime(TestSas.esp(1).build().lifetime()));

        assertEquals(Map.of(policy, with(policy, tunnel(NEW, PEER).withAlgorithms(~1, ~2, ~4))),
                PlanShape.of(plan(GATEWAY_MOVES)).policies());
    }

    @Test
    void policiesOfOthersAreLeftAlone() {
        add(out(1, PEER).ifId(7).mark(new Mark(0x10, 0xf0)));
        Template template = tunnel(LOCAL, PEER);
        UnaryOperator<PolicyBuilder> fits = policy -> policy.ifId(7).mark(new Mark(0x12, 0xff));
        add(fits.apply(policy(PolicyDirection.OUT, 1, template.withReqid(2))));
        add(fits.apply(policy(PolicyDirection.OUT, 2, template.withReqid(0))));
        add(fits.apply(policy(PolicyDirection.OUT, 3, template.withSpi(3))));
        add(fits.apply(policy(PolicyDirection.OUT, 4, tunnel(LOCAL, OTHER_PEER))));
        add(fits.apply(policy(PolicyDirection.OUT, 5, tunnel(NEW, PEER))));
        add(fits.apply(policy(PolicyDirection.OUT, 6, tunnel(LOCAL, IpAddress.ANY_IPV4))));
        add(fits.apply(policy(PolicyDirection.OUT, 7, Template.tunnel(Protocol.AH, LOCAL, PEER).withReqid(1))));
        add(fits.apply(policy(PolicyDirection.OUT, 8, Template.of(Protocol.ESP, Mode.BEET, LOCAL, PEER).withReqid(1))));
        add(fits.apply(policy(PolicyDirection.OUT, 9, template)).ifId(0));
        add(fits.apply(policy(PolicyDirection.OUT, 10, template)).mark(new Mark(0x20, 0xff)));
        add(fits.apply(policy(PolicyDirection.IN, 11, template)));
        add(fits.apply(policy(PolicyDirection.OUT, 12)));
        Policy found = add(fits.apply(policy(PolicyDirection.OUT, 13, template.withSpi(1))));

        assertEquals(Map.of(found, with(found, tunnel(NEW, PEER).withSpi(1))),
                PlanShape.of(plan(GATEWAY_MOVES, PlanOptions.DEFAULT.withoutIdlePolicies())).policies());
    }

    @Test
    void sourceThatATemplateOrAnSaLeavesOpenStaysOpen() {
        SecurityAssociation sa = add(out(1, PEER));
        SecurityAssociation any = add(out(2, OTHER_PEER).source(IpAddress.ANY_IPV4));
        Policy open = outTunnel(1, PEER);
        Policy open2 = add(policy(PolicyDirection.OUT, 2, tunnel(IpAddress.ANY_IPV4, PEER)));
        Policy named = outTunnel(3, OTHER_PEER);
        IpAddress newPeer = IpAddress.parse("198.51.100.200");

        MigrationPlan plan = plan(MoveRule.of(SaSelection.ALL,
                SaChange.remote(IpPrefix.host(PEER), IpPrefix.host(newPeer))
                        .and(SaChange.remote(IpPrefix.host(OTHER_PEER), IpPrefix.host(PEER)))));

        Map<Policy, Policy> policies = PlanShape.of(plan).policies();
        assertEquals(Map.of(open, with(open, tunnel(LOCAL, newPeer)),
                open2, with(open2, tunnel(IpAddress.ANY_IPV4, newPeer)),
                named, with(named, tunnel(LOCAL, PEER))), policies);
        assertEquals(2, plan.groups(), () -> sa + " " + any);
    }

    @Test
    void incomingTemplateTakesAnyReqidForZeroAndDoesNotCompareDestinations() {
        add(in(1, PEER).reqid(9));
        Policy policy = add(policy(PolicyDirection.IN, 1, tunnel(PEER, NEWER).withReqid(0)));
        MoveRule peerMoves = change(SaChange.remote(IpPrefix.host(PEER), IpPrefix.host(OTHER_PEER)));
        assertEquals(Map.of(policy, with(policy, tunnel(OTHER_PEER, NEWER).withReqid(0))),
                PlanShape.of(plan(peerMoves)).policies());
        assertEquals(0, plan(GATEWAY_MOVES).policies(), "nothing changes in it");
    }

    /** As of two customers who use the same addresses and numbers. */
    @Test
    void incomingPolicyIsOfTheSasWhoseMarksGoWithItsOwn() {
        Mark one = new Mark(1, 0xf);
        Mark two = new Mark(2, 0xf);
        SecurityAssociation moves = add(in(1, PEER).mark(one));
        add(in(2, PEER).mark(two));
        Policy ours = add(policy(PolicyDirection.IN, 1, tunnel(PEER, LOCAL)).mark(one));
        Policy also = add(policy(PolicyDirection.IN, 1, tunnel(PEER, LOCAL)).mark(new Mark(0x31, 0xff)));
        add(policy(PolicyDirection.IN, 1, tunnel(PEER, LOCAL)).mark(two));
        MoveRule rule = MoveRule.of(SaSelection.mark(one), to(LOCAL, NEW));
        assertEquals(List.of(new Group(false, List.of(moves.id()), Map.of(ours, with(ours, tunnel(PEER, NEW)),
                also, with(also, tunnel(PEER, NEW))))), PlanShape.of(plan(rule)).groups());
        Policy neither = add(policy(PolicyDirection.IN, 1, tunnel(PEER, LOCAL)));
        assertEquals(Map.of(ours, with(ours, tunnel(PEER, NEW)), also, with(also, tunnel(PEER, NEW)),
                neither, with(neither, tunnel(PEER, NEW))), PlanShape.of(plan(rule)).policies());
    }

    /** The mark that the SA gives a packet is the one that the packet's policy is found by. */
    @Test
    void incomingPolicyIsOfTheSasThatGiveItsMark() {
        add(in(1, PEER).mark(new Mark(1, 0xf)).outputMark(new Mark(2, 0xf)));
        Policy ours = add(policy(PolicyDirection.IN, 1, tunnel(PEER, LOCAL)).mark(new Mark(0x72, 0xff)));
        add(policy(PolicyDirection.IN, 1, tunnel(PEER, LOCAL)).mark(new Mark(1, 0xf)));
        MigrationPlan plan = plan(GATEWAY_MOVES, PlanOptions.DEFAULT.withoutIdlePolicies());
        assertEquals(Map.of(ours, with(ours, tunnel(PEER, NEW))), PlanShape.of(plan).policies());
        String problem = planWithProblems(to(LOCAL, NEW).and(SaChange.outputMark(new Mark(5, 0xf))), ours);
        assertTrue(problem.contains(" does not find "), problem);
    }

    private String planWithProblems(SaChange change, Policy subject) {
        List<PlanProblem> problems = planWithProblems(change(change)).problems();
        assertEquals(List.of(subject.id().toString()), problems.stream().map(PlanProblem::subject).toList());
        return problems.getFirst().toString();
    }

    @Test
    void outgoingTemplateOfReqidZeroFollowsToAReqid() {
        add(out(1, PEER).reqid(0));
        Policy policy = add(policy(PolicyDirection.OUT, 1, tunnel(LOCAL, PEER).withReqid(0)));
        assertEquals(Map.of(policy, with(policy, tunnel(LOCAL, PEER).withReqid(5))),
                PlanShape.of(plan(change(SaChange.reqid(5)))).policies());
    }

    @Test
    void outgoingPolicyBlocksThoughNothingChangesInIt() {
        SecurityAssociation sa = add(out(1, PEER));
        Policy policy = outTunnel(1, PEER);
        assertEquals(List.of(outgoing(List.of(sa.id()), policy, policy)),
                PlanShape.of(plan(change(SaChange.outputMark(Mark.exactly(1))))).groups());
    }

    @Test
    void beetTemplateFollows() {
        add(out(1, PEER).mode(Mode.BEET));
        Template beet = Template.of(Protocol.ESP, Mode.BEET, LOCAL, PEER).withReqid(1);
        Policy policy = add(policy(PolicyDirection.OUT, 1, beet));
        assertEquals(Map.of(policy, with(policy, Template.of(Protocol.ESP, Mode.BEET, NEW, PEER).withReqid(1))),
                PlanShape.of(plan(GATEWAY_MOVES)).policies());
    }

    @Test
    void tunnelGoesToAnotherFamily() {
        add(out(1, PEER));
        Policy policy = outTunnel(1, PEER);
        MoveRule rule = change(SaChange.local(IpPrefix.host(LOCAL), IpPrefix.host(TestSas.SOURCE6))
                .and(SaChange.remote(IpPrefix.host(PEER), IpPrefix.host(TestSas.DESTINATION6))));
        assertEquals(Map.of(policy, with(policy, tunnel(TestSas.SOURCE6, TestSas.DESTINATION6))),
                PlanShape.of(plan(rule)).policies());
    }

    private static SecurityAssociationBuilder transport(SecurityAssociationBuilder sa) {
        return sa.mode(Mode.TRANSPORT);
    }

    private static final Template TRANSPORT = Template.transport(Protocol.ESP).withReqid(1);

    private Policy transportPolicy(String source, String destination) {
        return add(Policy.builder().direction(PolicyDirection.OUT).template(TRANSPORT)
                .selector(Selector.of(IpPrefix.parse(source), IpPrefix.parse(destination)).withProtocol(6)));
    }

    private static Policy withSelector(Policy policy, String source, String destination) {
        return policy.toBuilder().selector(Selector.of(IpPrefix.parse(source), IpPrefix.parse(destination))
                .withProtocol(6)).build();
    }

    @Test
    void transportSelectorOfHostsFollowsOnEachSide() {
        add(transport(out(1, PEER)));
        Policy hosts = transportPolicy("192.0.2.1", "198.51.100.1");
        Policy hostToAll = transportPolicy("192.0.2.1", "0.0.0.0/0");
        Policy covering = transportPolicy("192.0.2.0/24", "198.51.0.0/16");
        transportPolicy("192.0.2.2", "198.51.100.1");
        transportPolicy("192.0.2.0/24", "198.51.100.2");

        MigrationPlan plan = plan(GATEWAY_MOVES);

        assertEquals(Map.of(hosts, withSelector(hosts, "192.0.2.129", "198.51.100.1"),
                hostToAll, withSelector(hostToAll, "192.0.2.129", "0.0.0.0/0"), covering, covering),
                PlanShape.of(plan).policies());
        assertEquals(1 + 4 + 4 + 2, plan.messages());
    }

    @Test
    void transportSelectorThatDoesNotCoverIsRefused() {
        SecurityAssociation sa = add(transport(out(1, PEER)));
        Policy policy = transportPolicy("192.0.2.0/25", "198.51.100.1");
        assertProblem(GATEWAY_MOVES, policy.id() + ": its selector does not cover the new addresses of " + sa.id());
    }

    @Test
    void transportSaWhoseOwnSelectorIsLeftBehindIsRefused() {
        SecurityAssociation sa = add(transport(out(1, PEER)).selector(TestSas.hostToHost(LOCAL, PEER)));
        assertProblem(GATEWAY_MOVES,
                sa.id() + ": its selector would not cover its new addresses, and has to change as well");
        plan(change(to(LOCAL, NEW).and(SaChange.hostToHostSelector())));
    }

    @Test
    void selectorThatAnotherPolicyHasOrGetsIsRefused() {
        add(transport(out(1, PEER)));
        add(transport(out(2, PEER)).source(NEWER).reqid(2));
        Policy policy = transportPolicy("192.0.2.1", "198.51.100.1");
        Policy there = add(policy.toBuilder().index(0).templates(List.of())
                .selector(withSelector(policy, "192.0.2.129", "198.51.100.1").selector()));
        assertProblem(GATEWAY_MOVES, policy.id() + ": gets the selector that " + there.id() + " has");
        kernel.xfrm().policies().delete(there.id());
        Policy other = add(policy.toBuilder().index(0).templates(List.of(TRANSPORT.withReqid(2)))
                .selector(withSelector(policy, "192.0.2.130", "198.51.100.1").selector()));
        MigrationPlan plan = planWithProblems(change(to(LOCAL, NEW).and(to(NEWER, NEW))));
        assertEquals(1, plan.problems().size(), plan.problems()::toString);
        assertTrue(List.of(policy.id() + ": gets the selector that " + other.id() + " gets",
                        other.id() + ": gets the selector that " + policy.id() + " gets")
                .contains(plan.problems().getFirst().toString()), plan.problems()::toString);
    }

    /** Host-to-host policies whose hosts move on in a row, or change places. */
    @Test
    void selectorThatAnotherPolicyLeavesInTheSamePlanIsRefusedWithAWayOut() throws IOException {
        add(transport(out(1, PEER)));
        add(transport(out(2, PEER)).source(NEW).reqid(2));
        Policy first = transportPolicy("192.0.2.1", "198.51.100.1");
        Policy second = add(first.toBuilder().index(0).templates(List.of(TRANSPORT.withReqid(2)))
                .selector(withSelector(first, "192.0.2.129", "198.51.100.1").selector()));
        SaChange on = (sa, move) -> move.newSource(sa.sourceHigh() == LOCAL.high() ? NEW.high() : NEWER.high(), 0);
        SaChange swap = (sa, move) -> move.newSource(sa.sourceHigh() == LOCAL.high() ? NEW.high() : LOCAL.high(), 0);
        String wayOut = ", which gets another in the same plan: move the SAs of that one first, in a plan of their own"
                + " (where selectors change places, to another address for the time being)";
        assertProblem(change(on), first.id() + ": gets the selector that " + second.id() + " has" + wayOut);
        List<String> both = planWithProblems(change(swap)).problems().stream().map(PlanProblem::toString).toList();
        assertEquals(2, both.size(), both::toString);
        assertTrue(both.stream().allMatch(each -> each.endsWith(wayOut)), both::toString);

        for (int reqid : new int[] {2, 1}) {
            MigrationPlan plan = plan(MoveRule.of(SaSelection.reqid(reqid), on));
            assertTrue(Migration.run(kernel.xfrm(), plan, RunOptions.DEFAULT.withLooks(0), MigrationListener.NONE)
                    .isComplete());
        }
        assertEquals(List.of("192.0.2.129/32", "192.0.2.130/32"), kernel.xfrm().policies().list().stream()
                .map(policy -> policy.selector().source().toString()).sorted().toList());
    }

    @Test
    void tunnelOfTwoHostsFollowsWithTheSelectorsOfItsSas() {
        Selector hosts = TestSas.hostToHost(LOCAL, PEER);
        add(out(1, PEER).selector(hosts));
        Policy policy = add(Policy.builder().direction(PolicyDirection.OUT).selector(hosts)
                .template(tunnel(LOCAL, PEER)));
        assertEquals(Map.of(policy, with(policy, tunnel(NEW, PEER))), PlanShape.of(plan(GATEWAY_MOVES)).policies());
        assertEquals(Map.of(policy, policy.toBuilder().templates(List.of(tunnel(NEW, PEER)))
                        .selector(TestSas.hostToHost(NEW, PEER)).build()),
                PlanShape.of(plan(change(to(LOCAL, NEW).and(SaChange.hostToHostSelector())))).policies());
    }

    @Test
    void espAroundIpCompInATunnelIsFoundByTheTunnelsEnds() {
        SecurityAssociation comp = add(ipComp(Direction.OUT, LOCAL, PEER));
        SecurityAssociation esp = add(transport(out(2, PEER)));
        Template compTunnel = Template.tunnel(Protocol.COMP, LOCAL, PEER).withReqid(1);
        Policy policy = add(Policy.builder().direction(PolicyDirection.OUT)
                .selector(TestSas.hostToHost(IpAddress.parse("10.0.0.1"), IpAddress.parse("10.0.0.2")))
                .template(compTunnel).template(TRANSPORT));

        MigrationPlan plan = plan(GATEWAY_MOVES);

        Policy after = PlanShape.of(plan).policies().get(policy);
        assertEquals(policy.selector(), after.selector(), "is about the inner packets");
        assertEquals(List.of(Template.tunnel(Protocol.COMP, NEW, PEER).withReqid(1), policy.templates().get(1)),
                after.templates());
        assertEquals(1, plan.groups());
        assertEquals(2, plan.sas(), () -> "the kernel's own tunnel beside " + comp + " cannot, and " + esp);
        assertEquals(1, plan.unmovableSas());
    }

    @Test
    void eachTemplateFollowsItsOwnSa() {
        add(out(1, PEER).reqid(1));
        add(out(2, OTHER_PEER).reqid(2));
        Policy policy = add(policy(PolicyDirection.OUT, 1, tunnel(LOCAL, PEER),
                tunnel(LOCAL, OTHER_PEER).withReqid(2)));
        MigrationPlan plan = plan(MoveRule.of(SaSelection.reqid(2), to(LOCAL, NEW)));
        assertEquals(Map.of(policy, with(policy, tunnel(LOCAL, PEER), tunnel(NEW, OTHER_PEER).withReqid(2))),
                PlanShape.of(plan).policies());
        assertEquals(List.of(1, 1), List.of(plan.sas(), plan.otherSas()));
    }

    // ---- policies without SAs ----

    @Test
    void policiesWithoutSasFollowTheAddressesOfTheirTemplates() {
        add(in(9, OTHER_PEER));
        Policy trap = outTunnel(1, PEER);
        Policy in = add(policy(PolicyDirection.IN, 1, tunnel(PEER, LOCAL)));
        Policy forward = add(policy(PolicyDirection.FORWARD, 1, tunnel(PEER, LOCAL)));
        Policy open = add(policy(PolicyDirection.OUT, 2, tunnel(LOCAL, IpAddress.ANY_IPV4).withReqid(0)));
        add(policy(PolicyDirection.OUT, 4, tunnel(NEWER, PEER)));
        add(policy(PolicyDirection.IN, 5, tunnel(LOCAL, PEER)));
        add(policy(PolicyDirection.OUT, 6));

        MigrationPlan plan = plan(GATEWAY_MOVES);

        List<Group> groups = PlanShape.of(plan).groups();
        assertEquals(5, groups.size());
        assertEquals(1, groups.getFirst().sas().size(), "those without SAs are last");
        assertEquals(Map.of(trap, with(trap, tunnel(NEW, PEER)), in, with(in, tunnel(PEER, NEW)),
                forward, with(forward, tunnel(PEER, NEW)),
                open, with(open, tunnel(NEW, IpAddress.ANY_IPV4).withReqid(0))), PlanShape.of(plan).policies());
        assertEquals(1 + 4, plan.messages());
        assertTrue(print(plan).contains("\ngroup 2, without SAs\n  policy "), () -> print(plan));
        assertEquals(0, plan(GATEWAY_MOVES, PlanOptions.DEFAULT.withoutIdlePolicies()).policies());
    }

    @Test
    void gatewayWithTrapPoliciesAloneMovesToo() throws IOException {
        Policy trap = outTunnel(1, PEER);
        MigrationPlan plan = plan(GATEWAY_MOVES);
        assertEquals("plan: 0 SAs move, 0 stay; 1 policy changes; 1 group, 1 message "
                + "(XFRM_MSG_MIGRATE would take 1 call)",
                plan.toString());
        MigrationReport report = Migration.run(kernel.xfrm(), plan, RunOptions.DEFAULT, MigrationListener.NONE);
        assertTrue(report.isComplete(), report::toString);
        assertEquals(List.of(with(trap, tunnel(NEW, PEER))), kernel.xfrm().policies().list().stream()
                .map(policy -> policy.toBuilder().usage(trap.usage()).build()).toList());
    }

    @Test
    void ruleIsAskedAboutTheSaThatATemplateAsksFor() {
        Policy policy = add(policy(PolicyDirection.OUT, 1, tunnel(LOCAL, PEER).withReqid(7).withSpi(8))
                .mark(new Mark(3, 0xff)).ifId(5));
        List<String> asked = new ArrayList<>();
        MoveRule rule = (sa, move) -> {
            asked.add(SaId.from(sa) + " from " + IpAddress.ofWire(AddressFamily.INET, sa.sourceHigh(), 0) + " reqid "
                    + sa.reqid() + " if_id " + sa.ifId() + " dir " + sa.direction() + " mode " + sa.mode() + " "
                    + Selector.from(sa.selector()).equals(policy.selector()));
            return false;
        };
        assertEquals(0, plan(rule).policies());
        assertEquals(List.of(new SaId(PEER, 8, Protocol.ESP, new Mark(3, 0xff)) + " from 192.0.2.1 reqid 7 if_id 5 dir "
                + Direction.OUT.number() + " mode 1 true"), asked);
        for (SaSelection no : List.of(SaSelection.reqid(8), SaSelection.mark(Mark.NONE), SaSelection.ifId(0),
                SaSelection.spi(1), SaSelection.mode(Mode.TRANSPORT), SaSelection.direction(Direction.IN))) {
            assertEquals(0, plan(MoveRule.of(no, to(LOCAL, NEW))).policies());
        }
        SaSelection yes = SaSelection.reqid(7).and(SaSelection.mark(new Mark(3, 0xff))).and(SaSelection.ifId(5));
        assertEquals(1, plan(MoveRule.of(yes, to(LOCAL, NEW).and(SaChange.reqid(9)))).policies());
        assertEquals(0, plan(MoveRule.of(yes, SaChange.reqid(9))).policies(), "no address changes");
    }

    @Test
    void transportPolicyWithoutSasFollowsWithItsSelectorIfThatIsOfTwoHosts() {
        Policy hosts = transportPolicy("192.0.2.1", "198.51.100.1");
        transportPolicy("192.0.2.1", "198.51.100.0/24");
        MigrationPlan plan = plan(GATEWAY_MOVES);
        assertEquals(Map.of(hosts, withSelector(hosts, "192.0.2.129", "198.51.100.1")),
                PlanShape.of(plan).policies());
        assertEquals(2, plan.messages(), "the new one put, the old one deleted");
    }

    @Test
    void policyWhoseSasStayIsNotWithoutSas() {
        add(out(1, PEER));
        outTunnel(1, PEER);
        assertEquals(0, plan(MoveRule.of(SaSelection.spi(1).negate(), to(LOCAL, NEW))).policies());
    }

    @Test
    void optionalTemplateWithoutAnSaFollowsAsItsOthersDo() {
        SecurityAssociation esp = add(in(1, PEER));
        Template comp = Template.tunnel(Protocol.COMP, PEER, LOCAL).withReqid(1).withLevel(Level.USE);
        Policy without = add(policy(PolicyDirection.IN, 1, comp, tunnel(PEER, LOCAL)));
        assertEquals(Map.of(without, with(without, comp, tunnel(PEER, NEW))), PlanShape.of(
                plan(GATEWAY_MOVES, PlanOptions.DEFAULT.withoutIdlePolicies())).policies());
        Template newComp = Template.tunnel(Protocol.COMP, PEER, NEW).withReqid(1).withLevel(Level.USE);
        assertEquals(Map.of(without, with(without, newComp, tunnel(PEER, NEW))),
                PlanShape.of(plan(GATEWAY_MOVES)).policies());
        assertEquals(1, plan(GATEWAY_MOVES).groups());
        SecurityAssociation inner = add(ipComp(Direction.IN, PEER, LOCAL));
        Policy after = PlanShape.of(plan(GATEWAY_MOVES)).policies().get(without);
        assertEquals(NEW, after.templates().getFirst().destination(), () -> esp + " " + inner);
        assertEquals(Level.USE, after.templates().getFirst().level());
    }

    // ---- groups ----

    @Test
    void policiesThatShareAnSaAndSasThatShareAPolicyAreOneGroup() {
        SecurityAssociation old = add(out(1, PEER));
        SecurityAssociation rekeyed = add(out(2, PEER));
        SecurityAssociation apart = add(out(3, OTHER_PEER));
        SecurityAssociation alone = add(out(4, OTHER_PEER).reqid(77));
        Policy one = outTunnel(1, PEER);
        Policy two = outTunnel(2, PEER);
        Policy three = outTunnel(3, OTHER_PEER);

        List<Group> groups = PlanShape.of(plan(GATEWAY_MOVES)).groups();

        assertEquals(3, groups.size());
        Group shared = groups.stream().filter(group -> group.sas().contains(old.id())).findFirst().orElseThrow();
        assertEquals(List.of(2, 2), List.of(shared.sas().size(), shared.policies().size()));
        assertTrue(shared.sas().contains(rekeyed.id()) && shared.policies().keySet().containsAll(List.of(one, two)));
        assertTrue(groups.contains(outgoing(List.of(apart.id()), three, with(three, tunnel(NEW, OTHER_PEER)))));
        assertTrue(groups.contains(new Group(true, List.of(alone.id()), Map.of())));
    }

    @Test
    void incomingGroupsAreFirstAndSasOfNoDirectionAreWhatTheirPoliciesAre() {
        add(out(1, PEER));
        add(in(2, PEER));
        add(TestSas.esp(3).source(LOCAL).destination(OTHER_PEER).reqid(1));
        add(TestSas.esp(4).source(OTHER_PEER).destination(LOCAL).reqid(1));
        outTunnel(1, PEER);
        outTunnel(2, OTHER_PEER);
        List<Group> groups = PlanShape.of(plan(GATEWAY_MOVES)).groups();
        assertEquals(List.of(false, false, true, true), groups.stream().map(Group::outgoing).toList());
        assertEquals(2, groups.stream().filter(group -> group.outgoing() && group.policies().size() == 1).count());
    }

    @Test
    void withoutPoliciesEachSaIsAGroupOfItsOwn() {
        add(out(1, PEER));
        add(out(2, PEER));
        add(in(3, PEER));
        outTunnel(1, PEER);
        MigrationPlan plan = plan(GATEWAY_MOVES, PlanOptions.SAS_ONLY);
        assertEquals("plan: 3 SAs move, 0 stay; 0 policies change; 3 groups, 3 messages "
                + "(XFRM_MSG_MIGRATE would take 0 calls)",
                plan.toString());
        assertEquals(List.of(false, true, true), PlanShape.of(plan).groups().stream().map(Group::outgoing).toList());
    }

    // ---- refusals and order ----

    @Test
    void twoSasThatMoveToOnePlaceAreRefused() {
        SecurityAssociation one = add(in(1, PEER));
        SecurityAssociation two = add(in(1, PEER).destination(NEWER));
        MoveRule rule = change((sa, move) -> move.newDestination(NEW.high(), NEW.low()));
        List<PlanProblem> problems = planWithProblems(rule).problems();
        assertEquals(1, problems.size());
        String problem = problems.getFirst().toString();
        assertTrue(problem.equals(one.id() + ": moves to the same place as " + two.id())
                || problem.equals(two.id() + ": moves to the same place as " + one.id()), problem);
    }

    @Test
    void placesDifferBySpiAndProtocolAndMark() {
        add(in(1, PEER).mark(new Mark(1, 0xff)));
        add(in(1, PEER).mark(new Mark(2, 0xff)).destination(NEWER));
        add(in(2, PEER));
        add(TestSas.ah(1, AddressFamily.INET).source(PEER).destination(LOCAL));
        assertEquals(4, plan(change((sa, move) -> move.newDestination(NEW.high(), NEW.low()))).sas());
    }

    @Test
    void takenPlaceIsRefused() {
        SecurityAssociation moves = add(in(1, PEER));
        SecurityAssociation stays = add(in(1, PEER).destination(NEW));
        assertProblem(GATEWAY_MOVES,
                moves.id() + ": its new place is taken by " + stays.id() + ", which does not move");
    }

    @Test
    void placeThatIsTakenByASaThatMovesButNotAwayIsRefused() {
        add(in(1, PEER));
        add(in(1, PEER).destination(NEW));
        assertEquals(1, planWithProblems(change(to(LOCAL, NEW).and(SaChange.reqid(3)))).problems().size());
    }

    @Test
    void anotherMarkAtATakenPlaceIsRefusedThoughTheKernelWouldNotLook() {
        SecurityAssociation one = add(in(1, PEER).mark(new Mark(1, 0xff)));
        SecurityAssociation two = add(in(1, PEER).mark(new Mark(2, 0xff)));
        assertProblem(MoveRule.of(SaSelection.mark(one.mark()), SaChange.mark(two.mark())),
                one.id() + ": its new place is taken by " + two.id() + ", which does not move");
    }

    @Test
    void unmarkedSaThatWouldHideAMarkedOneIsRefused() {
        SecurityAssociation hidden = add(in(1, PEER).destination(NEW).mark(new Mark(5, 0xff)));
        SecurityAssociation moves = add(in(1, PEER));
        assertProblem(MoveRule.of(SaSelection.mark(Mark.NONE), to(LOCAL, NEW)),
                moves.id() + ": its new place is taken by " + hidden.id() + ", which does not move");
    }

    @Test
    void chainIsOrderedFromItsFreeEnd() {
        List<SaId> chain = new ArrayList<>();
        IpAddress[] addresses = {LOCAL, NEW, NEWER, IpAddress.parse("192.0.2.131"), IpAddress.parse("192.0.2.132")};
        for (int i : new int[] {2, 0, 3, 1}) {
            chain.add(add(in(1, PEER).destination(addresses[i])).id());
        }
        MoveRule shift = change((sa, move) -> move.newDestination(sa.destinationHigh() + (isFirst(sa.destinationHigh())
                ? 128L << 32 : 1L << 32), 0));

        List<Group> groups = PlanShape.of(plan(shift)).groups();

        assertEquals(List.of(new Group(false,
                List.of(chain.get(2), chain.get(0), chain.get(3), chain.get(1)), Map.of())), groups);
    }

    private static boolean isFirst(long high) {
        return high == LOCAL.high();
    }

    private static final IpAddress PARKING = IpAddress.parse("203.0.113.77");
    private static final String ALIKE = "sources, reqids and marks are alike, so that after a crash nobody could tell"
            + " whether they have changed places: plan them in parts that are no circle";

    /** Two incoming SAs change their destinations; what is behind them takes the place of none. */
    private static final MoveRule SWAP = change((sa, move) -> move.newDestination(
            sa.destinationHigh() == LOCAL.high() ? NEW.high() : sa.destinationHigh() == NEW.high() ? LOCAL.high()
                    : IpAddress.parse("192.0.2.140").high(), 0));

    private static String circle(SecurityAssociation... sas) {
        return "is in a circle of SAs that move to each other's places: "
                + String.join(", then ", List.of(sas).stream().map(sa -> sa.id().toString()).toList()) + "; ";
    }

    /** A circle is named from any of its SAs on. */
    private void assertCircle(MigrationPlan plan, SecurityAssociation one, SecurityAssociation other, String why) {
        assertEquals(1, plan.problems().size(), plan.problems()::toString);
        String problem = plan.problems().getFirst().toString();
        assertTrue(problem.equals(one.id() + ": " + circle(one, other) + why)
                || problem.equals(other.id() + ": " + circle(other, one) + why), problem);
    }

    @Test
    void circleIsRefusedAndCanStillBePrinted() {
        SecurityAssociation here = add(in(1, PEER));
        SecurityAssociation there = add(in(1, PEER).destination(NEW).reqid(2));
        SecurityAssociation behind = add(in(1, PEER).destination(NEWER));
        MigrationPlan plan = planWithProblems(SWAP);
        assertCircle(plan, here, there, "give a free address for one of them to go by, PlanOptions.parking");
        String text = print(plan);
        for (SecurityAssociation sa : List.of(here, there, behind)) {
            assertTrue(text.contains("  sa " + sa.id() + " from "), text);
        }
        plan(MoveRule.of(SaSelection.destination(IpPrefix.host(NEWER)), (sa, move) -> move.newReqid(4)));
    }

    @Test
    void circleGoesByWayOfAParkingPlace() {
        SecurityAssociation here = add(in(1, PEER));
        SecurityAssociation there = add(in(1, PEER).destination(NEW).reqid(2));
        IpAddress unused = IpAddress.parse("2001:db8::77");

        MigrationPlan plan = plan(SWAP, PlanOptions.DEFAULT.parking(unused, PARKING));

        assertEquals(List.of(), plan.problems());
        assertEquals(List.of(2, 0, 1, 3), List.of(plan.sas(), plan.otherSas(), plan.groups(), plan.messages()));
        String text = print(plan);
        boolean hereIsParked = text.contains("  sa " + here.id() + " from 198.51.100.1 is parked at 203.0.113.77\n"
                + "  sa " + there.id() + " from 198.51.100.1 becomes 198.51.100.1 → 192.0.2.1 reqid 2\n"
                + "  sa " + here.id() + " from there becomes 198.51.100.1 → 192.0.2.129 reqid 1\n");
        boolean thereIsParked = text.contains("  sa " + there.id() + " from 198.51.100.1 is parked at 203.0.113.77\n"
                + "  sa " + here.id() + " from 198.51.100.1 becomes 198.51.100.1 → 192.0.2.129 reqid 1\n"
                + "  sa " + there.id() + " from there becomes 198.51.100.1 → 192.0.2.1 reqid 2\n");
        assertTrue(hereIsParked || thereIsParked, text);
    }

    @Test
    void parkingPlaceWhereThereIsAnSaOrWillBeIsNoneOrTheNextIsTaken() {
        SecurityAssociation here = add(in(1, PEER));
        SecurityAssociation there = add(in(1, PEER).destination(NEW).reqid(2));
        add(in(1, PEER).destination(PARKING).mark(new Mark(9, 0xff)));
        add(in(1, PEER).destination(NEWER));
        IpAddress target = IpAddress.parse("192.0.2.140");
        IpAddress second = IpAddress.parse("203.0.113.78");
        MoveRule rule = (sa, move) -> sa.destinationHigh() != PARKING.high() && SWAP.decide(sa, move);
        String full = "at no address of PlanOptions.parking is there room for one of them";
        assertCircle(plan(rule, PlanOptions.DEFAULT.parking(PARKING)), here, there, full);
        assertCircle(plan(rule, PlanOptions.DEFAULT.parking(PARKING, target, TestSas.SOURCE6)), here, there, full);
        MigrationPlan plan = plan(rule, PlanOptions.DEFAULT.parking(PARKING, target, second));
        assertEquals(List.of(), plan.problems());
        assertTrue(print(plan).contains(" is parked at " + second + "\n"), () -> print(plan));
    }

    @Test
    void circleOfSasThatNothingTellsApartIsRefused() {
        SecurityAssociation here = add(in(1, PEER));
        SecurityAssociation there = add(in(1, PEER).destination(NEW));
        assertCircle(plan(SWAP, PlanOptions.DEFAULT.parking(PARKING)), here, there, ALIKE);
        // Of each the new reqid is the other's old one: afterwards all looks as it did before.
        kernel.sas().delete(there.id());
        SecurityAssociation other = add(in(1, PEER).destination(NEW).reqid(2));
        MoveRule all = (sa, move) -> {
            move.newReqid(3 - sa.reqid());
            return SWAP.decide(sa, move);
        };
        assertCircle(plan(all, PlanOptions.DEFAULT.parking(PARKING)), here, other, ALIKE);
    }

    @Test
    void placeIsForOneSaOfEachSpiAndProtocol() {
        for (int circle = 0; circle < 2; circle++) {
            IpAddress one = IpAddress.ofIpv4(0xc0000210 + circle);
            IpAddress two = IpAddress.ofIpv4(0xc0000220 + circle);
            for (int spi = 1; spi < 3; spi++) {
                add(in(spi, PEER).destination(one));
                add(in(spi, PEER).destination(two).reqid(2));
            }
        }
        MoveRule swap = change((sa, move) -> move.newDestination(sa.destinationHigh() ^ 0x30L << 32, 0));
        assertEquals(2, plan(swap, PlanOptions.DEFAULT.parking(PARKING)).problems().size());
        MigrationPlan plan = plan(swap, PlanOptions.DEFAULT.parking(PARKING, IpAddress.parse("203.0.113.78")));
        assertEquals(List.of(), plan.problems());
        assertEquals(List.of(4, 12), List.of(plan.groups(), plan.messages()));
    }

    @Test
    void longCircleIsNamedShort() {
        for (int i = 0; i < 12; i++) {
            add(in(1, PEER).destination(IpAddress.ofIpv4(0xc0000240 + i)).reqid(i + 1));
        }
        MoveRule turn = change((sa, move) -> move.newDestination(
                IpAddress.ofIpv4(0xc0000240 + sa.reqid() % 12).high(), 0));
        String problem = planWithProblems(turn).problems().getFirst().reason();
        assertTrue(problem.contains(", and 4 more; give a free address"), problem);
        MigrationPlan plan = plan(turn, PlanOptions.DEFAULT.parking(PARKING));
        assertEquals(List.of(12, 13), List.of(plan.sas(), plan.messages()));
    }

    @Test
    void parkingPlaceMustBeAnAddress() {
        for (IpAddress none : List.of(IpAddress.ANY_IPV4, IpAddress.ANY_IPV6)) {
            assertThrows(IllegalArgumentException.class, () -> PlanOptions.DEFAULT.parking(none));
        }
    }

    @Test
    void whatTheKernelWouldRefuseIsRefused() {
        SecurityAssociation sa = add(in(1, PEER));
        assertProblem(change((each, move) -> move.natKeepalive(20)),
                sa.id() + ": XFRMA_NAT_KEEPALIVE_INTERVAL: 20 s without encapsulation");
    }

    @Test
    void sasOfOneTemplateThatMoveApartAreRefused() {
        SecurityAssociation one = add(out(1, PEER));
        SecurityAssociation two = add(out(2, PEER));
        Policy policy = outTunnel(1, PEER);
        MigrationPlan plan = planWithProblems(change((sa, move) ->
                move.newSource(sa.spi() == 1 ? NEW.high() : NEWER.high(), 0)));
        assertEquals(1, plan.problems().size());
        String problem = plan.problems().getFirst().toString();
        assertTrue(problem.startsWith(policy.id() + ": ") && problem.contains(one.id().toString())
                && problem.contains(two.id().toString()) && problem.contains(" moves elsewhere than "), problem);
    }

    @Test
    void saThatStaysWhereOneTemplateFindsBothIsRefused() {
        SecurityAssociation moves = add(out(1, PEER));
        SecurityAssociation stays = add(out(2, PEER));
        Policy policy = outTunnel(1, PEER);
        assertProblem(MoveRule.of(SaSelection.spi(1), to(LOCAL, NEW)), policy.id() + ": uses " + moves.id()
                + ", which moves, and " + stays.id() + ", which does not: its template cannot find both");
    }

    @Test
    void incomingSasOfOneTemplateMayMoveApartWhereItDoesNotCompare() {
        add(in(1, PEER));
        add(in(2, PEER));
        add(policy(PolicyDirection.IN, 1, tunnel(PEER, LOCAL)));
        assertEquals(1, plan(MoveRule.of(SaSelection.spi(1), to(LOCAL, NEW))).policies());
    }

    @Test
    void saThatStaysFollowedByOneWithAnotherReqidIsRefusedButNotWhereAnyWillDo() {
        add(in(1, PEER));
        add(in(2, PEER));
        Policy policy = add(policy(PolicyDirection.IN, 1, tunnel(PEER, LOCAL)));
        MoveRule rule = MoveRule.of(SaSelection.spi(1), SaChange.reqid(8));
        assertEquals(1, planWithProblems(rule).problems().size());
        kernel.xfrm().policies().delete(policy.id());
        add(policy(PolicyDirection.IN, 1, tunnel(PEER, LOCAL).withReqid(0)));
        assertEquals(0, plan(rule).policies());
    }

    @Test
    void markByWhichAPolicyWouldNotFindItsSaIsRefused() {
        SecurityAssociation sa = add(out(1, PEER));
        Policy policy = outTunnel(1, PEER);
        assertProblem(change(SaChange.mark(Mark.exactly(6))),
                policy.id() + ": does not find " + sa.id() + " by the new mark 0x6/0xffffffff");
    }

    @Test
    void saThatIsStillNegotiatedNeitherMovesNorIsInTheWayOfItsPolicy() {
        add(out(1, PEER));
        outTunnel(1, PEER);
        SecurityAssociation larval = kernel.sas().allocateSpi(SpiRequest.of(LOCAL, PEER, Protocol.ESP, Mode.TUNNEL, 1));
        MigrationPlan plan = plan(GATEWAY_MOVES);
        assertEquals(List.of(1, 1, 1), List.of(plan.sas(), plan.otherSas(), plan.unmovableSas()));
        assertTrue(plan.toString().contains("1 stays (1 of them without keys); "), plan::toString);
        assertFalse(print(plan).contains(larval.id().toString()));
    }

    // ---- printing ----

    @Test
    void printsGroupsWithPoliciesBeforeAndAfterAndNoKey() {
        SecurityAssociation sa = add(out(0xc0ffee, PEER));
        Policy policy = outTunnel(1, PEER);
        MigrationPlan plan = plan(GATEWAY_MOVES);
        assertEquals(plan + "\ngroup 1, outgoing\n  policy " + policy.toString().replace("\n", "\n    ")
                + "\n  becomes " + with(policy, tunnel(NEW, PEER)).toString().replace("\n", "\n    ")
                + "\n  sa " + sa.id() + " from 192.0.2.1 becomes 192.0.2.129 → 198.51.100.1 reqid 1\n", print(plan));
    }

    @Test
    void nothingSelectedIsAnEmptyPlan() {
        add(out(1, PEER));
        outTunnel(1, PEER);
        assertEquals("plan: 0 SAs move, 1 stays; 0 policies change; 0 groups, 0 messages "
                + "(XFRM_MSG_MIGRATE would take 0 calls)",
                plan(MoveRule.of(SaSelection.spi(7), to(LOCAL, NEW))).toString());
    }
}
