package org.xfrm4j.migrate;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.xfrm4j.sa.IpAddress;
import org.xfrm4j.wire.MigrateStateDecoder;

/**
 * Puts the moves of a group into an order in which each comes behind those that it waits for. Where they wait for each
 * other in a circle, one of them goes by way of a parking place: there first, and on when all that it waits for are
 * done.
 */
final class MoveOrder {
    /** More would not be read. */
    private static final int MOST_NAMED = 8;

    private final SaTable sas;
    private final MoveTable moves;
    private final Parking parking;
    private final Problems problems;
    /** By move: those that have to be made before it. */
    private final Map<Integer, List<Integer>> waitsFor = new HashMap<>();
    /** By move: those that wait for it. */
    private final Map<Integer, List<Integer>> frees = new HashMap<>();

    // The group in hand.
    private final IntArray ordered = new IntArray();
    /** By move: how many that it waits for are yet to be made. */
    private final Map<Integer, Integer> open = new HashMap<>();
    /** By move that is parked: its second leg. */
    private final Map<Integer, Integer> parked = new HashMap<>();
    private final Deque<Integer> ready = new ArrayDeque<>();

    /** @param waits pairs: a move, and one that has to be made before it */
    MoveOrder(SaTable sas, MoveTable moves, IntArray waits, Parking parking, Problems problems) {
        this.sas = sas;
        this.moves = moves;
        this.parking = parking;
        this.problems = problems;
        for (int i = 0; i < waits.size(); i += 2) {
            waitsFor.computeIfAbsent(waits.get(i), move -> new ArrayList<>()).add(waits.get(i + 1));
            frees.computeIfAbsent(waits.get(i + 1), move -> new ArrayList<>()).add(waits.get(i));
        }
    }

    /** The moves that wait for others. */
    Set<Integer> waiting() {
        return waitsFor.keySet();
    }

    /** Moves of a group in order, with legs in place of some; as they are where there is none. */
    int[] of(int[] group) {
        ordered.truncate(0);
        open.clear();
        parked.clear();
        for (int move : group) {
            open.put(move, waitsFor.getOrDefault(move, List.of()).size());
            if (open.get(move) == 0) {
                ready.add(move);
            }
        }
        makeReady();
        while (ordered.size() < group.length + parked.size()) {
            if (!park()) {
                // Those in the circle, and behind it, keep their order, so that the plan can still be printed.
                Arrays.stream(group).filter(move -> open.get(move) > 0).forEach(this::append);
                break;
            }
            makeReady();
        }
        return ordered.toArray();
    }

    private void makeReady() {
        while (!ready.isEmpty()) {
            int move = ready.remove();
            append(move);
            if (!parked.containsKey(move)) {
                free(move);
            }
        }
    }

    private void append(int move) {
        ordered.add(parked.getOrDefault(move, move));
    }

    private void free(int move) {
        for (int waiting : frees.getOrDefault(move, List.of())) {
            if (open.merge(waiting, -1, Integer::sum) == 0) {
                ready.add(waiting);
            }
        }
    }

    /** Has one of a circle go by way of a parking place; otherwise it is a problem. */
    private boolean park() {
        List<Integer> circle = circle();
        String reason = "give a free address for one of them to go by, PlanOptions.parking";
        if (parking.isGiven()) {
            List<Integer> distinct = circle.stream().filter(this::isTold).toList();
            for (int move : distinct) {
                IpAddress place = parking.take(move);
                if (place != null) {
                    int first = moves.park(move, place);
                    ordered.add(first);
                    parked.put(move, first + 1);
                    free(move);
                    return true;
                }
            }
            reason = distinct.isEmpty() ? "sources, reqids and marks are alike, so that after a crash nobody could tell"
                    + " whether they have changed places: plan them in parts that are no circle"
                    : "at no address of PlanOptions.parking is there room for one of them";
        }
        problems.add(sas.id(moves.sa(circle.getFirst())),
                "is in a circle of SAs that move to each other's places: " + names(circle) + "; " + reason);
        return false;
    }

    /** From a move that cannot be made, by those that it waits for, until it comes round. */
    private List<Integer> circle() {
        List<Integer> way = new ArrayList<>();
        Set<Integer> seen = new HashSet<>();
        int at = open.keySet().stream().filter(this::isStuck).mapToInt(Integer::intValue).min().orElseThrow();
        while (seen.add(at)) {
            way.add(at);
            at = waitsFor.get(at).stream().filter(this::isInTheWay).findFirst().orElseThrow();
        }
        return way.subList(way.indexOf(at), way.size());
    }

    private boolean isStuck(int move) {
        return open.get(move) > 0;
    }

    private boolean isInTheWay(int move) {
        return isStuck(move) && !parked.containsKey(move);
    }

    /**
     * Whether the SA is told from those that stand at its new place before and at its old place afterwards, by what is
     * looked at when it is to be found out where it is: see {@link Whereabouts}.
     */
    private boolean isTold(int move) {
        Looks before = Looks.before(moves, move);
        Looks after = Looks.after(moves, move);
        return waitsFor.get(move).stream().noneMatch(other -> Looks.before(moves, other).equals(after))
                && frees.getOrDefault(move, List.of()).stream()
                        .noneMatch(other -> Looks.after(moves, other).equals(before));
    }

    /** By what SAs of one destination, SPI and protocol are told. */
    private record Looks(long sourceHigh, long sourceLow, int reqid, int mark, int mask) {
        static Looks before(MoveTable moves, int move) {
            MigrateStateDecoder back = moves.back(move, new MigrateStateDecoder());
            return of(back, back.newMarkValue(), back.newMarkMask());
        }

        static Looks after(MoveTable moves, int move) {
            MigrateStateDecoder forward = moves.forward(move, new MigrateStateDecoder());
            return of(forward, forward.newMarkValue(), forward.newMarkMask());
        }

        private static Looks of(MigrateStateDecoder gives, int mark, int mask) {
            return new Looks(SaTable.highOf(gives.newFamily(), gives.newSourceHigh()),
                    SaTable.lowOf(gives.newFamily(), gives.newSourceLow()), gives.newReqid(), mark, mask);
        }
    }

    private String names(Collection<Integer> circle) {
        String names = circle.stream().limit(MOST_NAMED).map(move -> sas.id(moves.sa(move)).toString())
                .collect(Collectors.joining(", then "));
        return circle.size() > MOST_NAMED ? names + ", and " + (circle.size() - MOST_NAMED) + " more" : names;
    }
}
