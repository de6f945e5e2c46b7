package org.xfrm4j.migrate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.xfrm4j.EmbeddedKernel;
import org.xfrm4j.TestSas;
import org.xfrm4j.policy.Policy;
import org.xfrm4j.policy.PolicyBuilder;
import org.xfrm4j.policy.PolicyDirection;
import org.xfrm4j.policy.PolicyId;
import org.xfrm4j.policy.PolicyType;
import org.xfrm4j.policy.Template;
import org.xfrm4j.sa.AddressFamily;
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
import org.xfrm4j.wire.MigrateStateDecoder;

/**
 * Random SAs, policies and rules, of so few different addresses and numbers that all get in each other's way, against
 * {@link PlanModel}. Where it fails, seed and round repeat it.
 */
class PlanModelIT {
    private static final int ROUNDS = 250;
    private static final List<Mark> MARKS = List.of(Mark.NONE, Mark.NONE, Mark.NONE, new Mark(1, 0xf), new Mark(2, 0xf),
            new Mark(1, 0xff));
    private static final List<Mode> MODES = List.of(Mode.TUNNEL, Mode.TUNNEL, Mode.TRANSPORT, Mode.BEET);

    @RegisterExtension
    final EmbeddedKernel kernel = new EmbeddedKernel();

    private final Map<String, Integer> seen = new TreeMap<>();
    private Random random;

    @AfterEach
    void noPolicies() {
        kernel.xfrm().policies().flush();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 20_261_125})
    void plansWhatTheModelSays(long seed) {
        for (int round = 0; round < ROUNDS; round++) {
            random = new Random(seed * 1_000_003 + round);
            String where = "seed " + seed + " round " + round;
            kernel.sas().flush();
            kernel.xfrm().policies().flush();
            List<SecurityAssociation> sas = sas();
            assertEquals(List.of(), kernel.sas().addAll(sas), where);
            assertEquals(List.of(), kernel.xfrm().policies().addAll(policies(sas)), where);
            compare(where);
        }
        for (String each : List.of("ordered", "circle", "circle by way of a parking place", "problem", "no problem",
                "renamed", "incoming policy", "large group", "unchanged out")) {
            assertTrue(seen.getOrDefault(each, 0) > 0, () -> "never " + each + ": " + seen);
        }
    }

    private void compare(String where) {
        List<SecurityAssociation> sas = kernel.all();
        List<Policy> policies = kernel.xfrm().policies().list();
        Map<SaId, Move> moves = moves(sas);
        PlanModel model = new PlanModel(sas, policies, moves);
        List<IpAddress> parking = parking();
        MoveRule rule = (sa, encoder) -> {
            Move move = moves.get(SaId.from(sa));
            if (move != null) {
                MoveEncoder.encode(move, encoder);
            }
            return move != null;
        };
        // The rule is about SAs by their names, which a template may name by its SPI though it does not find the SA.
        PlanOptions options = PlanOptions.DEFAULT.withoutIdlePolicies().parking(parking.toArray(IpAddress[]::new));
        try (MigrationPlan plan = MigrationPlan.of(kernel.xfrm(), rule, options)) {
            Map<String, Integer> problems = new TreeMap<>();
            int circles = 0;
            for (PlanProblem problem : plan.problems()) {
                if (problem.reason().startsWith("is in a circle")) {
                    circles++;
                    assertNotForNothing(problem.reason(), parking, plan, model, where);
                } else {
                    problems.merge(problem.subject(), 1, Integer::sum);
                }
            }
            assertEquals(model.problems, problems, () -> where + plan.problems());
            if (parking.isEmpty()) {
                assertEquals(model.circles(), circles, () -> where + plan.problems());
            }
            count("circle by way of a parking place", plan.moveTable().hasLegs());
            PlanShape shape = PlanShape.of(plan);
            assertEquals(model.changed, shape.policies(), where);
            List<PlanModel.Group> groups = shape.groups().stream().map(group -> new PlanModel.Group(group.outgoing(),
                    new HashSet<>(group.sas()), group.policies().keySet())).toList();
            assertEquals(model.groups(), groups, where);
            if (circles == 0 && !plan.moveTable().hasLegs()) {
                shape.groups().forEach(group -> assertOrdered(group.sas(), model, where));
            }
            if (model.problems.isEmpty() && circles == 0) {
                walk(plan, model, where);
            }
            count(plan, model, circles);
            if (plan.problems().isEmpty() && plan.moveTable().hasLegs()) {
                runs(plan, model, where);
            }
        }
    }

    /** The plan says that a circle cannot be opened: then there must be what it says. */
    private void assertNotForNothing(String reason, List<IpAddress> parking, MigrationPlan plan, PlanModel model,
            String where) {
        if (reason.contains("alike")) {
            assertTrue(model.anyAlike(), where + reason);
            count("alike", true);
        } else if (reason.contains("is there room")) {
            int ofOneFamily = parking.size() / 2;
            MoveTable moves = plan.moveTable();
            assertTrue(IntStream.range(0, plan.groups()).map(group -> (int) IntStream.range(0,
                            plan.groupTable().moveCount(group))
                    .filter(i -> moves.isSecondLeg(plan.groupTable().move(group, i))).count()).sum() >= ofOneFamily,
                    where + reason);
            count("no room", true);
        } else {
            assertEquals(List.of(), parking, where + reason);
        }
    }

    /** Makes all moves of the plan in its order, then takes all back: each place must be free when it is taken. */
    private void walk(MigrationPlan plan, PlanModel model, String where) {
        Groups groups = plan.groupTable();
        Set<SaId> there = new HashSet<>();
        kernel.all().forEach(sa -> there.add(sa.id()));
        Set<SaId> before = Set.copyOf(there);
        MigrateStateDecoder message = new MigrateStateDecoder();
        List<Integer> steps = Arrays.stream(groups.moves()).boxed().toList();
        for (int step : steps) {
            step(plan.moveTable().forward(step, message), there, model, where);
        }
        assertEquals(model.idsAfter(), there, where);
        for (int step : steps.reversed()) {
            step(plan.moveTable().back(step, message), there, model, where);
        }
        assertEquals(before, there, where);
    }

    private void step(MigrateStateDecoder message, Set<SaId> there, PlanModel model, String where) {
        SaId from = MoveLookup.before(message);
        SaId to = MoveLookup.after(message);
        assertTrue(there.remove(from), () -> where + ": nobody is at " + from);
        if (!from.equals(to)) {
            there.forEach(other -> assertFalse(PlanModel.collide(to, other),
                    () -> where + ": " + from + " meets " + other));
        }
        there.add(to);
    }

    private void runs(MigrationPlan plan, PlanModel model, String where) {
        try {
            MigrationReport report = Migration.run(kernel.xfrm(), plan, RunOptions.DEFAULT.withLooks(0),
                    MigrationListener.NONE);
            assertTrue(report.isComplete(), () -> where + ": " + report + report.failures());
            assertEquals(plan.sas(), report.readBack().found(), where);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        model.assertAfter(kernel.all(), where);
    }

    /** None, or as many of each family. */
    private List<IpAddress> parking() {
        List<IpAddress> parking = new ArrayList<>();
        for (int i = chance(40) ? 0 : chance(50) ? 1 : 4; i > 0; i--) {
            parking.add(IpAddress.ofIpv4(0xcb0071f0 + i));
            parking.add(IpAddress.ofIpv6(0x20010db8eeee0000L, i));
        }
        return parking;
    }

    private void assertOrdered(List<SaId> sas, PlanModel model, String where) {
        Set<SaId> moved = new HashSet<>();
        for (SaId sa : sas) {
            assertTrue(moved.containsAll(model.waits.get(sa)), where);
            moved.add(sa);
        }
        assertEquals(sas.size(), moved.size(), where);
    }

    private void count(MigrationPlan plan, PlanModel model, int circles) {
        count("circle", circles > 0);
        count("problem", !model.problems.isEmpty());
        count("no problem", plan.problems().isEmpty() && plan.policies() > 0);
        count("ordered", circles == 0 && model.waits.values().stream().anyMatch(before -> !before.isEmpty()));
        count("large group", model.groups().stream()
                .anyMatch(group -> group.sas().size() > 3 && group.policies().size() > 1));
        model.changed.forEach((before, after) -> {
            count("renamed", !before.id().equals(after.id()));
            count("incoming policy", before.direction() != PolicyDirection.OUT);
            count("unchanged out", before.equals(after));
        });
    }

    private void count(String what, boolean happened) {
        seen.merge(what, happened ? 1 : 0, Integer::sum);
    }

    // ---- random ----

    private boolean chance(int percent) {
        return random.nextInt(100) < percent;
    }

    private <T> T pick(List<T> from) {
        return from.get(random.nextInt(from.size()));
    }

    private AddressFamily family() {
        return chance(85) ? AddressFamily.INET : AddressFamily.INET6;
    }

    private IpAddress address(AddressFamily family) {
        int host = random.nextInt(chance(70) ? 2 : 4);
        return family == AddressFamily.INET ? IpAddress.ofIpv4(0xc0000200 + host)
                : IpAddress.ofIpv6(0x20010db800000000L, host + 1);
    }

    private List<SecurityAssociation> sas() {
        Map<SaId, SecurityAssociation> sas = new LinkedHashMap<>();
        for (int i = random.nextInt(30); i >= 0; i--) {
            SecurityAssociation sa = sa();
            // Where one hides the other, the kernel itself may not take both.
            if (sas.values().stream().noneMatch(other -> other.id().destination().equals(sa.id().destination())
                    && other.id().spi() == sa.id().spi() && other.id().protocol().equals(sa.id().protocol()))) {
                sas.put(sa.id(), sa);
            }
        }
        return List.copyOf(sas.values());
    }

    private SecurityAssociation sa() {
        AddressFamily family = family();
        int spi = 0x1000 + random.nextInt(chance(50) ? 3 : 1000);
        Direction direction = pick(List.of(Direction.OUT, Direction.OUT, Direction.IN, Direction.UNSPECIFIED));
        SecurityAssociationBuilder sa = chance(80) ? TestSas.esp(spi, family) : TestSas.ah(spi, family);
        IpAddress source = chance(5) ? new IpAddress(family, 0, 0) : address(family);
        IpAddress destination = address(family);
        Mode mode = pick(MODES);
        return sa.mode(mode).replayWindow(0).direction(direction).source(source).destination(destination)
                .reqid(chance(60) ? 1 : random.nextInt(3)).ifId(chance(85) ? 0 : 1).mark(pick(MARKS))
                .selector(chance(30) ? TestSas.hostToHost(source, destination)
                        : family == AddressFamily.INET ? Selector.ALL_IPV4 : Selector.ALL_IPV6)
                .build();
    }

    private List<Policy> policies(List<SecurityAssociation> sas) {
        Map<PolicyId, Policy> policies = new LinkedHashMap<>();
        for (int i = random.nextInt(14); i >= 0; i--) {
            Policy policy = chance(60) ? policyOf(pick(sas)) : policy();
            policies.putIfAbsent(policy.id(), policy);
        }
        return List.copyOf(policies.values());
    }

    private Policy policy() {
        AddressFamily family = family();
        PolicyDirection direction = pick(List.of(PolicyDirection.OUT, PolicyDirection.OUT, PolicyDirection.IN,
                PolicyDirection.FORWARD));
        PolicyBuilder policy = Policy.builder().direction(direction)
                .selector(Selector.of(prefix(family), prefix(family)))
                .type(chance(80) ? PolicyType.MAIN : PolicyType.SUB).ifId(chance(85) ? 0 : 1).mark(pick(MARKS))
                .priority(random.nextInt(10));
        AddressFamily inner = family;
        for (int i = chance(20) ? 2 : 1; i > 0; i--) {
            Mode mode = pick(MODES);
            AddressFamily outer = mode.equals(Mode.TRANSPORT) ? inner : family();
            boolean open = chance(10);
            Template template = Template.of(chance(80) ? Protocol.ESP : Protocol.AH, mode,
                            open || mode.equals(Mode.TRANSPORT) ? new IpAddress(outer, 0, 0) : address(outer),
                            mode.equals(Mode.TRANSPORT) && chance(80) || chance(3) ? new IpAddress(outer, 0, 0)
                                    : address(outer))
                    .withReqid(random.nextInt(3)).withSpi(chance(90) ? 0 : 0x1000 + random.nextInt(3));
            policy.template(template);
            inner = outer;
        }
        return policy.build();
    }

    /** One that finds the SA, as often as not. */
    private Policy policyOf(SecurityAssociation sa) {
        boolean out = sa.direction() == Direction.OUT || sa.direction() == Direction.UNSPECIFIED && chance(50);
        IpAddress source = sa.source().isUnspecified() ? address(sa.source().family()) : sa.source();
        IpAddress destination = sa.id().destination();
        boolean transport = sa.mode().equals(Mode.TRANSPORT);
        boolean hosts = chance(50);
        IpAddress none = new IpAddress(source.family(), 0, 0);
        AddressFamily inner = transport || hosts ? source.family() : family();
        return Policy.builder().direction(out ? PolicyDirection.OUT : PolicyDirection.IN)
                .selector(hosts ? TestSas.hostToHost(source, destination) : Selector.of(prefix(inner), prefix(inner)))
                .ifId(sa.ifId()).mark(new Mark(sa.mark().value(), 0xff)).priority(random.nextInt(10))
                .template(Template.of(sa.id().protocol(), sa.mode(), transport ? none : source,
                        transport ? none : destination).withReqid(sa.reqid()))
                .build();
    }

    private IpPrefix prefix(AddressFamily family) {
        IpAddress address = address(family);
        return chance(50) ? IpPrefix.host(address)
                : new IpPrefix(chance(90) ? new IpAddress(family, 0, 0) : address,
                        chance(60) ? 0 : random.nextInt(family.bits()));
    }

    private Map<SaId, Move> moves(List<SecurityAssociation> sas) {
        Map<IpAddress, IpAddress> sources = map();
        Map<IpAddress, IpAddress> destinations = chance(20) ? circle() : chance(50) ? sources : map();
        int percent = chance(60) ? 100 : random.nextInt(100);
        int reqid = chance(80) ? 0 : random.nextInt(3);
        Mark mark = chance(90) ? null : pick(MARKS);
        boolean toIpv6 = chance(7);
        boolean wild = chance(15);
        Map<SaId, Move> moves = new HashMap<>();
        for (SecurityAssociation sa : sas) {
            if (!chance(percent)) {
                continue;
            }
            Move.Builder move = Move.of(sa).reqid(sa.reqid() ^ reqid);
            if (toIpv6 && sa.source().family() == AddressFamily.INET) {
                move.source(ipv6(sa.source())).destination(ipv6(sa.id().destination()));
            } else if (wild) {
                move.source(address(sa.source().family())).destination(address(sa.source().family()));
            } else {
                move.source(sources.getOrDefault(sa.source(), sa.source()))
                        .destination(destinations.getOrDefault(sa.id().destination(), sa.id().destination()));
            }
            if (sa.selector().equals(TestSas.hostToHost(sa.source(), sa.id().destination())) && chance(80)) {
                move.hostToHostSelector();
            }
            if (mark != null) {
                move.mark(mark);
            }
            try {
                moves.put(sa.id(), move.build());
            } catch (IllegalArgumentException impossible) {
                // For instance a selector that cannot go to another family.
                count("impossible", true);
            }
        }
        return moves;
    }

    private Map<IpAddress, IpAddress> map() {
        Map<IpAddress, IpAddress> map = new HashMap<>();
        for (int i = 1 + random.nextInt(2); i > 0; i--) {
            AddressFamily family = family();
            map.put(address(family), chance(70) && family == AddressFamily.INET
                    ? IpAddress.ofIpv4(0xcb007100 + random.nextInt(3)) : address(family));
        }
        return map;
    }

    /** Two or three addresses change places. */
    private Map<IpAddress, IpAddress> circle() {
        int length = 2 + random.nextInt(2);
        Map<IpAddress, IpAddress> map = new HashMap<>();
        for (int i = 0; i < length; i++) {
            map.put(IpAddress.ofIpv4(0xc0000200 + i), IpAddress.ofIpv4(0xc0000200 + (i + 1) % length));
        }
        return map;
    }

    private static IpAddress ipv6(IpAddress address) {
        return address.isUnspecified() ? IpAddress.ANY_IPV6
                : IpAddress.ofIpv6(0x20010db8ffff0000L, address.high() >>> 32);
    }
}
