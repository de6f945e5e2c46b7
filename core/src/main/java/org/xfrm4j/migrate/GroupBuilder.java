package org.xfrm4j.migrate;

import java.util.Arrays;
import java.util.BitSet;
import org.xfrm4j.policy.PolicyDirection;
import org.xfrm4j.sa.Direction;
import org.xfrm4j.wire.PolicyDecoder;

/** Puts moves and policies into {@link Groups}. */
final class GroupBuilder {
    private final SaTable sas;
    private final MoveTable moves;
    private final PolicyTable policies;
    private final IntArray waits;
    private final Parking parking;
    private final Problems problems;
    private final Components components;

    /**
     * A builder.
     *
     * @param components moves that belong together because a policy uses their SAs
     * @param waits pairs: a move, and one that has to be made before it
     * @param parking where SAs may go that wait for each other in a circle
     */
    GroupBuilder(SaTable sas, MoveTable moves, PolicyTable policies, Components components, IntArray waits,
                 Parking parking, Problems problems) {
        this.sas = sas;
        this.moves = moves;
        this.policies = policies;
        this.waits = waits;
        this.parking = parking;
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

    /**
     * Numbers the components: first those that are incoming, then the others, each in the order of first moves; then
     * the policies without SAs.
     */
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
        int firstAlone = count;
        int[] moveGroups = new int[moves.count()];
        for (int move = 0; move < moves.count(); move++) {
            moveGroups[move] = groupOf[components.root(move)];
        }
        int[] policyGroups = new int[policies.count()];
        for (int policy = 0; policy < policies.count(); policy++) {
            int move = policies.move(policy);
            policyGroups[policy] = move == PolicyTable.NONE ? count++ : groupOf[components.root(move)];
        }
        boolean[] outgoing = new boolean[count];
        Arrays.fill(outgoing, incoming, firstAlone, true);
        int[] moveStarts = starts(moveGroups, count);
        int[] policyStarts = starts(policyGroups, count);
        int[] ordered = inOrder(sorted(moveGroups, moveStarts), moveGroups, moveStarts).toArray();
        return new Groups(count, outgoing, moveStarts, ordered, policyStarts, sorted(policyGroups, policyStarts));
    }

    private boolean[] outgoingRoots() {
        boolean[] outgoing = new boolean[moves.count()];
        for (int move = 0; move < moves.count(); move++) {
            outgoing[components.root(move)] |= sas.direction(moves.sa(move)) == Direction.OUT.number();
        }
        PolicyDecoder decoder = new PolicyDecoder();
        for (int policy = 0; policy < policies.count(); policy++) {
            if (policies.move(policy) == PolicyTable.NONE) {
                continue;
            }
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

    /** Within a group, each move behind those that it waits for; some by way of a parking place, in two legs. */
    private IntArray inOrder(int[] byGroup, int[] groups, int[] starts) {
        IntArray ordered = new IntArray();
        MoveOrder order = new MoveOrder(sas, moves, waits, parking, problems);
        BitSet toOrder = new BitSet();
        order.waiting().forEach(move -> toOrder.set(groups[move]));
        for (int group = 0; group < starts.length - 1; group++) {
            int[] its = Arrays.copyOfRange(byGroup, starts[group], starts[group + 1]);
            starts[group] = ordered.size();
            for (int move : toOrder.get(group) ? order.of(its) : its) {
                ordered.add(move);
            }
        }
        starts[starts.length - 1] = ordered.size();
        return ordered;
    }
}
