package org.xfrm4j.migrate;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.xfrm4j.policy.PolicyDirection;
import org.xfrm4j.sa.Direction;
import org.xfrm4j.wire.PolicyDecoder;

/** Puts moves and policies into {@link Groups}. */
final class GroupBuilder {
    private final SaTable sas;
    private final MoveTable moves;
    private final PolicyTable policies;
    private final IntArray waits;
    private final Problems problems;
    private final Components components;

    /**
     * A builder.
     *
     * @param components moves that belong together because a policy uses their SAs
     * @param waits pairs: a move, and one that has to be made before it
     */
    GroupBuilder(SaTable sas, MoveTable moves, PolicyTable policies, Components components, IntArray waits,
                 Problems problems) {
        this.sas = sas;
        this.moves = moves;
        this.policies = policies;
        this.waits = waits;
        this.problems = problems;
        this.components = components;
    }

    Groups build() {
        // Moves that wait for each other belong together as well: one group is done before the next begins.
        for (int i = 0; i < waits.size(); i += 2) {
            components.join(waits.get(i), waits.get(i + 1));
        }
        return number();
    }

    /** Numbers the components: first those that are incoming, then the others, each in the order of first moves. */
    private Groups number() {
        boolean[] outgoingRoot = outgoingRoots();
        int[] groupOf = new int[moves.count()];
        int count = 0;
        int incoming = 0;
        for (boolean outgoing : new boolean[] {false, true}) {
            for (int move = 0; move < moves.count(); move++) {
                // A component's root is its first move.
                if (components.root(move) == move && outgoingRoot[move] == outgoing) {
                    groupOf[move] = count++;
                }
            }
            incoming = outgoing ? incoming : count;
        }
        boolean[] outgoing = new boolean[count];
        Arrays.fill(outgoing, incoming, count, true);
        int[] moveGroups = new int[moves.count()];
        for (int move = 0; move < moves.count(); move++) {
            moveGroups[move] = groupOf[components.root(move)];
        }
        int[] policyGroups = new int[policies.count()];
        for (int policy = 0; policy < policies.count(); policy++) {
            policyGroups[policy] = groupOf[components.root(policies.move(policy))];
        }
        int[] moveStarts = starts(moveGroups, count);
        int[] policyStarts = starts(policyGroups, count);
        return new Groups(count, outgoing, moveStarts, inOrder(sorted(moveGroups, moveStarts), moveGroups, moveStarts),
                policyStarts, sorted(policyGroups, policyStarts));
    }

    private boolean[] outgoingRoots() {
        boolean[] outgoing = new boolean[moves.count()];
        for (int move = 0; move < moves.count(); move++) {
            outgoing[components.root(move)] |= sas.direction(moves.sa(move)) == Direction.OUT.number();
        }
        PolicyDecoder decoder = new PolicyDecoder();
        for (int policy = 0; policy < policies.count(); policy++) {
            int root = components.root(policies.move(policy));
            outgoing[root] |= policies.at(policy, decoder).direction() == PolicyDirection.OUT.number();
        }
        return outgoing;
    }

    private static int[] starts(int[] groups, int count) {
        int[] starts = new int[count + 1];
        for (int group : groups) {
            starts[group + 1]++;
        }
        for (int group = 0; group < count; group++) {
            starts[group + 1] += starts[group];
        }
        return starts;
    }

    /** The numbers 0, 1, …, by their group. */
    private static int[] sorted(int[] groups, int[] starts) {
        int[] next = starts.clone();
        int[] sorted = new int[groups.length];
        for (int number = 0; number < groups.length; number++) {
            sorted[next[groups[number]]++] = number;
        }
        return sorted;
    }

    /** Within a group, each move behind those that it waits for. */
    private int[] inOrder(int[] byGroup, int[] groups, int[] starts) {
        Map<Integer, List<Integer>> waitsFor = new HashMap<>();
        for (int i = 0; i < waits.size(); i += 2) {
            waitsFor.computeIfAbsent(waits.get(i), move -> new ArrayList<>()).add(waits.get(i + 1));
        }
        int[] ordered = byGroup.clone();
        waitsFor.keySet().stream().map(move -> groups[move]).distinct()
                .forEach(group -> order(ordered, starts[group], starts[group + 1], waitsFor));
        return ordered;
    }

    private void order(int[] numbers, int from, int to, Map<Integer, List<Integer>> waitsFor) {
        Map<Integer, Integer> open = new HashMap<>();
        Map<Integer, List<Integer>> frees = new HashMap<>();
        Deque<Integer> ready = new ArrayDeque<>();
        for (int i = from; i < to; i++) {
            List<Integer> before = waitsFor.getOrDefault(numbers[i], List.of());
            int move = numbers[i];
            open.put(move, before.size());
            before.forEach(first -> frees.computeIfAbsent(first, key -> new ArrayList<>()).add(move));
            if (before.isEmpty()) {
                ready.add(move);
            }
        }
        int at = from;
        while (!ready.isEmpty()) {
            int move = ready.remove();
            numbers[at++] = move;
            for (int waiting : frees.getOrDefault(move, List.of())) {
                if (open.merge(waiting, -1, Integer::sum) == 0) {
                    ready.add(waiting);
                }
            }
        }
        if (at < to) {
            // Those in the circle, and behind it, keep their order, so that the plan can still be printed.
            int[] rest = open.entrySet().stream().filter(entry -> entry.getValue() > 0)
                    .mapToInt(Map.Entry::getKey).sorted().toArray();
            System.arraycopy(rest, 0, numbers, at, rest.length);
            problems.add(sas.id(moves.sa(inCircle(rest, open, waitsFor))),
                    "is in a circle of SAs that move to each other's places: each waits for the next");
        }
    }

    /** Others may wait for a circle without being in it: from any, one gets into it by going on for long enough. */
    private static int inCircle(int[] rest, Map<Integer, Integer> open, Map<Integer, List<Integer>> waitsFor) {
        int at = rest[0];
        for (int step = 0; step < rest.length; step++) {
            at = waitsFor.get(at).stream().filter(before -> open.get(before) > 0).findFirst().orElseThrow();
        }
        return at;
    }
}
