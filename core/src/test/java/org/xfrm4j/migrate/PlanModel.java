package org.xfrm4j.migrate;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.xfrm4j.policy.Policy;
import org.xfrm4j.policy.PolicyDirection;
import org.xfrm4j.policy.PolicyId;
import org.xfrm4j.policy.Template;
import org.xfrm4j.sa.AddressFamily;
import org.xfrm4j.sa.Direction;
import org.xfrm4j.sa.IpAddress;
import org.xfrm4j.sa.IpPrefix;
import org.xfrm4j.sa.Mark;
import org.xfrm4j.sa.Mode;
import org.xfrm4j.sa.SaId;
import org.xfrm4j.sa.SecurityAssociation;
import org.xfrm4j.sa.Selector;

/** What a plan must say: written down plainly, over values, comparing everything with everything. */
final class PlanModel {
    private final List<SecurityAssociation> sas;
    private final List<Policy> policies;
    private final Map<SaId, Move> moves;
    private final Map<SaId, SecurityAssociation> after = new LinkedHashMap<>();

    /** By subject: how many problems it has. */
    final Map<String, Integer> problems = new TreeMap<>();
    final Map<Policy, Policy> changed = new LinkedHashMap<>();
    /** Of SAs that move, those that have to move before. */
    final Map<SaId, Set<SaId>> waits = new HashMap<>();
    private final Map<SaId, Set<SaId>> neighbours = new HashMap<>();
    private final Map<Policy, SaId> anchors = new HashMap<>();

    /** A group: incoming ones are first, and within each kind those with the first SA of the dump. */
    record Group(boolean outgoing, Set<SaId> sas, Set<Policy> policies) {
    }

    PlanModel(List<SecurityAssociation> sas, List<Policy> policies, Map<SaId, Move> moves) {
        this.sas = sas;
        this.policies = policies;
        this.moves = moves;
        for (SecurityAssociation sa : sas) {
            Move move = moves.get(sa.id());
            if (move != null) {
                SecurityAssociation moved = after(sa, move);
                if (sa.mode().equals(Mode.TRANSPORT) && covers(sa.selector(), sa) && !covers(moved.selector(), moved)) {
                    problem(sa.id());
                } else {
                    after.put(sa.id(), moved);
                    neighbours.put(sa.id(), new HashSet<>());
                    waits.put(sa.id(), new HashSet<>());
                }
            }
        }
        places();
        policies.forEach(this::policy);
        names();
    }

    private void problem(Object subject) {
        problems.merge(subject.toString(), 1, Integer::sum);
    }

    private static SecurityAssociation after(SecurityAssociation sa, Move move) {
        Selector selector = switch (move.newSelector()) {
            case NewSelector.To to -> to.selector();
            case NewSelector.HostToHost _ -> Selector.of(IpPrefix.host(move.newSource()),
                    IpPrefix.host(move.newDestination()));
        };
        Mark mark = switch (move.mark()) {
            case Change.Inherit<Mark> _ -> sa.mark();
            case Change.Set<Mark>(Mark value) -> value;
            case Change.Clear<Mark> _ -> Mark.NONE;
        };
        return sa.toBuilder().source(move.newSource()).destination(move.newDestination()).reqid(move.newReqid())
                .selector(selector).mark(mark).build();
    }

    // ---- places ----

    private void places() {
        List<SaId> order = List.copyOf(after.keySet());
        for (int i = 0; i < order.size(); i++) {
            SaId id = order.get(i);
            SecurityAssociation moved = after.get(id);
            for (int j = 0; j < i; j++) {
                if (collide(moved.id(), after.get(order.get(j)).id())) {
                    problem(id);
                }
            }
            for (SecurityAssociation there : sas) {
                if (!moved.id().equals(id) && !there.id().equals(id) && collide(moved.id(), there.id())) {
                    if (after.containsKey(there.id())) {
                        waits.get(id).add(there.id());
                        join(id, there.id());
                    } else {
                        problem(id);
                    }
                }
            }
        }
    }

    static boolean collide(SaId one, SaId other) {
        return one.destination().equals(other.destination()) && one.spi() == other.spi()
                && one.protocol().equals(other.protocol())
                && (one.mark().equals(other.mark()) || finds(one.mark(), other.mark())
                        || finds(other.mark(), one.mark()));
    }

    private static boolean finds(Mark looked, Mark mark) {
        return (looked.value() & looked.mask() & mark.mask()) == mark.value();
    }

    private void join(SaId one, SaId other) {
        neighbours.get(one).add(other);
        neighbours.get(other).add(one);
    }

    /** Whether an SA will look like one at whose place it will be then, or looks like one that will be at its place. */
    boolean anyAlike() {
        Map<SaId, SecurityAssociation> before = new HashMap<>();
        sas.forEach(sa -> before.put(sa.id(), sa));
        return waits.entrySet().stream().anyMatch(entry -> entry.getValue().stream()
                .anyMatch(other -> alike(after.get(entry.getKey()), before.get(other))));
    }

    private static boolean alike(SecurityAssociation one, SecurityAssociation other) {
        return one.source().equals(other.source()) && one.reqid() == other.reqid()
                && one.id().mark().equals(other.id().mark());
    }

    Set<SaId> idsAfter() {
        Set<SaId> ids = new HashSet<>();
        sas.forEach(sa -> ids.add(after.getOrDefault(sa.id(), sa).id()));
        return ids;
    }

    /** Checks that these are the SAs, each with its own key. */
    void assertAfter(List<SecurityAssociation> now, String where) {
        assertEquals(new HashSet<>(sas.stream().map(sa -> whatMatters(after.getOrDefault(sa.id(), sa))).toList()),
                new HashSet<>(now.stream().map(PlanModel::whatMatters).toList()), where);
    }

    private static List<Object> whatMatters(SecurityAssociation sa) {
        return List.of(sa.id(), sa.source(), sa.reqid(), sa.selector(), sa.algorithms().toString());
    }

    // ---- policies ----

    /** Where packets come from and go to when they meet a template. */
    private record Packets(IpPrefix source, IpPrefix destination) {
    }

    private static boolean isTunnel(Template template) {
        return template.mode().equals(Mode.TUNNEL) || template.mode().equals(Mode.BEET);
    }

    private static Packets before(Policy policy, int template) {
        Packets packets = new Packets(policy.selector().source(), policy.selector().destination());
        for (Template outer : policy.templates().subList(0, template)) {
            if (isTunnel(outer)) {
                packets = new Packets(oneOrAll(outer.source()), IpPrefix.host(outer.destination()));
            }
        }
        return packets;
    }

    private static boolean finds(Policy policy, int index, SecurityAssociation sa) {
        Template template = policy.templates().get(index);
        boolean out = policy.direction() == PolicyDirection.OUT;
        if (sa.algorithms().isEmpty() || !sa.id().protocol().equals(template.protocol())
                || !sa.mode().equals(template.mode()) || template.spi() != 0 && template.spi() != sa.id().spi()
                || sa.direction() == (out ? Direction.IN : Direction.OUT)) {
            return false;
        }
        // What a tunnel wraps meets it as if it stood behind it.
        Packets packets = before(policy, isTunnel(template) ? index + 1 : index);
        if (out) {
            return sa.reqid() == template.reqid() && sa.ifId() == policy.ifId()
                    && finds(policy.mark(), sa.mark())
                    && contains(packets.destination(), sa.id().destination())
                    && (contains(packets.source(), sa.source()) || sa.source().isUnspecified());
        }
        boolean addresses = isTunnel(template)
                ? template.source().isUnspecified() || template.source().equals(sa.source())
                : contains(packets.source(), sa.source()) && contains(packets.destination(), sa.id().destination());
        // Some mark of a packet has to fit both.
        boolean marks = IntStream.range(0, 1 << 8).mapToObj(Mark::exactly)
                .anyMatch(packet -> finds(packet, sa.mark()) && finds(packet, policy.mark()));
        return addresses && marks && (template.reqid() == 0 || template.reqid() == sa.reqid())
                && (policy.ifId() == 0 || policy.ifId() == sa.ifId());
    }

    private void policy(Policy policy) {
        List<SecurityAssociation> followed = new ArrayList<>();
        Set<SaId> used = new TreeSet<>(Comparator.comparing(id -> List.copyOf(after.keySet()).indexOf(id)));
        for (int i = 0; i < policy.templates().size(); i++) {
            int template = i;
            List<SecurityAssociation> moving = sas.stream()
                    .filter(sa -> finds(policy, template, sa) && after.containsKey(sa.id())).toList();
            moving.forEach(sa -> used.add(sa.id()));
            followed.add(moving.stream()
                    .filter(sa -> sa.id().destination().equals(policy.templates().get(template).destination()))
                    .findFirst()
                    .orElse(moving.isEmpty() ? null : moving.getFirst()));
        }
        if (used.isEmpty()) {
            return;
        }
        Policy result;
        try {
            result = follow(policy, followed);
        } catch (IllegalArgumentException impossible) {
            problem(policy.id());
            result = policy;
            if (policy.direction() != PolicyDirection.OUT) {
                return;
            }
            changed(policy, result, used);
            return;
        }
        if (policy.direction() != PolicyDirection.OUT && result.equals(policy)) {
            return;
        }
        for (int i = 0; i < policy.templates().size(); i++) {
            int template = i;
            Policy then = result;
            if (sas.stream().anyMatch(sa -> finds(policy, template, sa)
                    && !finds(then, template, after.getOrDefault(sa.id(), sa)))) {
                problem(policy.id());
            }
        }
        changed(policy, result, used);
    }

    private void changed(Policy policy, Policy result, Set<SaId> used) {
        changed.put(policy, result);
        SaId first = used.iterator().next();
        anchors.put(policy, first);
        used.forEach(other -> join(first, other));
    }

    private Policy follow(Policy policy, List<SecurityAssociation> followed) {
        List<Template> templates = new ArrayList<>();
        Selector selector = policy.selector();
        boolean inner = true;
        for (int i = 0; i < followed.size(); i++) {
            Template template = policy.templates().get(i);
            SecurityAssociation was = followed.get(i);
            if (was != null) {
                SecurityAssociation is = after.get(was.id());
                boolean out = policy.direction() == PolicyDirection.OUT;
                templates.add(new Template(follow(template.source(), was.source(), is.source()),
                        follow(template.destination(), was.id().destination(), is.id().destination()), template.spi(),
                        template.protocol(), template.mode(), !out && template.reqid() == 0 ? 0 : is.reqid(),
                        template.share(), template.level(), template.authenticationAlgorithms(),
                        template.encryptionAlgorithms(), template.compressionAlgorithms()));
                boolean hostToHost = moves.get(was.id()).newSelector() instanceof NewSelector.HostToHost
                        && selector.source().equals(IpPrefix.host(was.source()))
                        && selector.destination().equals(IpPrefix.host(was.id().destination()));
                if (inner && (!isTunnel(template) || hostToHost)) {
                    selector = follow(selector, is);
                }
            } else {
                templates.add(template);
            }
            inner &= !isTunnel(template);
        }
        return policy.toBuilder().selector(selector).templates(templates).build();
    }

    private static IpAddress follow(IpAddress named, IpAddress was, IpAddress is) {
        boolean otherFamily = named.family() == was.family() && is.family() != was.family();
        if (named.isUnspecified()) {
            return otherFamily ? new IpAddress(is.family(), 0, 0) : named;
        }
        return otherFamily || named.equals(was) ? is : named;
    }

    private static Selector follow(Selector selector, SecurityAssociation is) {
        int bits = selector.family().bits();
        IpPrefix source = selector.source().length() == bits ? IpPrefix.host(is.source()) : selector.source();
        IpPrefix destination = selector.destination().length() == bits ? IpPrefix.host(is.id().destination())
                : selector.destination();
        return source.address().family() == destination.address().family() ? Selector.of(source, destination)
                : selector;
    }

    private void names() {
        Map<PolicyId, PolicyId> renamed = new LinkedHashMap<>();
        changed.forEach((before, then) -> {
            if (!before.id().equals(then.id())) {
                if (renamed.containsKey(then.id())) {
                    problem(before.id());
                }
                renamed.put(then.id(), before.id());
            }
        });
        for (Policy policy : policies) {
            if (renamed.containsKey(policy.id())) {
                problem(renamed.get(policy.id()));
            }
        }
    }

    // ---- addresses ----

    private static IpPrefix oneOrAll(IpAddress address) {
        return address.isUnspecified() ? new IpPrefix(address, 0) : IpPrefix.host(address);
    }

    private static boolean contains(IpPrefix prefix, IpAddress address) {
        if (prefix.address().family() != address.family()) {
            return false;
        }
        for (int bit = 0; bit < prefix.length(); bit++) {
            if (bit(prefix.address(), bit) != bit(address, bit)) {
                return false;
            }
        }
        return true;
    }

    private static boolean bit(IpAddress address, int bit) {
        return ((bit < 64 ? address.high() : address.low()) >>> 63 - bit % 64 & 1) != 0;
    }

    private static boolean covers(Selector selector, SecurityAssociation sa) {
        return selector.family() == AddressFamily.UNSPEC
                || contains(selector.source(), sa.source()) && contains(selector.destination(), sa.id().destination());
    }

    // ---- groups ----

    List<Group> groups() {
        List<Group> groups = new ArrayList<>();
        Set<SaId> seen = new HashSet<>();
        for (SaId first : after.keySet()) {
            if (seen.contains(first)) {
                continue;
            }
            Set<SaId> reached = new HashSet<>(Set.of(first));
            List<SaId> open = new ArrayList<>(reached);
            while (!open.isEmpty()) {
                neighbours.get(open.removeLast()).stream().filter(reached::add).forEach(open::add);
            }
            seen.addAll(reached);
            Set<Policy> used = new HashSet<>();
            anchors.forEach((policy, sa) -> {
                if (reached.contains(sa)) {
                    used.add(policy);
                }
            });
            boolean outgoing = used.stream().anyMatch(policy -> policy.direction() == PolicyDirection.OUT)
                    || sas.stream().anyMatch(sa -> reached.contains(sa.id()) && sa.direction() == Direction.OUT);
            groups.add(new Group(outgoing, reached, used));
        }
        groups.sort(Comparator.comparing(Group::outgoing));
        return groups;
    }

    /** How many groups have a circle: SAs of which none can move first. */
    long circles() {
        return groups().stream().filter(group -> {
            Set<SaId> left = new HashSet<>(group.sas());
            while (left.removeIf(sa -> waits.get(sa).stream().noneMatch(left::contains))) {
                // Those that could move have moved.
            }
            return !left.isEmpty();
        }).count();
    }
}
