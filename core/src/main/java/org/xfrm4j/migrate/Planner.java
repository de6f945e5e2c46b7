package org.xfrm4j.migrate;

import java.time.Duration;
import org.xfrm4j.PolicyDump;
import org.xfrm4j.SaDump;
import org.xfrm4j.SaFilter;
import org.xfrm4j.Xfrm;
import org.xfrm4j.bindings.xfrm4j_h;
import org.xfrm4j.netlink.KernelTimer;
import org.xfrm4j.policy.PolicyDirection;
import org.xfrm4j.wire.MigrateStateDecoder;
import org.xfrm4j.wire.MigrateStateEncoder;
import org.xfrm4j.wire.MigrateStateRules;
import org.xfrm4j.wire.SaDecoder;
import org.xfrm4j.wire.SelectorDecoder;

/**
 * Makes a plan, in these steps: dump all SAs, ask the rule about each, and check each move by itself; check the new
 * places against all SAs and against each other; dump all policies, and find those that use SAs that move; put into
 * groups what belongs together, and into an order.
 */
final class Planner {
    private static final int NONE = -1;

    private final Xfrm xfrm;
    private final MoveRule rule;
    private final PlanOptions options;

    private final SaTable sas = new SaTable();
    private final MoveTable moves = new MoveTable();
    private final PolicyTable policies = new PolicyTable();
    /** By SA: its move, or {@link #NONE}. */
    private final IntArray moveOf = new IntArray();
    /** Pairs: a move, and one that has to be made before it. */
    private final IntArray waits = new IntArray();
    /** By move: its new place. */
    private final HashIndex newPlaces = new HashIndex();
    private final Problems problems = new Problems();
    private int unmovable;

    private final AddressRange range = new AddressRange();
    private final MigrateStateDecoder one = new MigrateStateDecoder();
    private final MigrateStateDecoder other = new MigrateStateDecoder();

    Planner(Xfrm xfrm, MoveRule rule, PlanOptions options) {
        this.xfrm = xfrm;
        this.rule = rule;
        this.options = options;
    }

    MigrationPlan plan() {
        long start = System.nanoTime();
        try (KernelTimer kernel = xfrm.requests().timeKernel()) {
            readSas();
            checkNewPlaces();
            Components components = new Components(moves.count());
            if (options.policies() && (moves.count() > 0 || options.idlePolicies())) {
                IdleTemplates idle = options.idlePolicies() ? new IdleTemplates(rule) : null;
                readPolicies(new PolicyPlanner(sas, moves, moveOf, policies, components, idle, problems));
            }
            Parking parking = new Parking(options.parking(), sas, moves, newPlaces);
            Groups groups = new GroupBuilder(sas, moves, policies, components, waits, parking, problems).build();
            PlanOrigin origin = new PlanOrigin(rule, options, new MigrationReport.Spent(
                    Duration.ofNanos(System.nanoTime() - start), Duration.ofNanos(kernel.nanos())));
            return new MigrationPlan(origin, sas, unmovable, moves, policies, groups, problems.list());
        } catch (RuntimeException | Error failed) {
            sas.close();
            moves.close();
            policies.close();
            throw failed;
        }
    }

    private void readSas() {
        try (SaDump dump = xfrm.sas().dump(SaFilter.ALL)) {
            while (dump.next()) {
                SaDecoder sa = dump.sa();
                int number = sas.add(sa);
                moveOf.add(NONE);
                if (sas.isMovable(number)) {
                    ask(sa, number);
                } else {
                    unmovable++;
                }
            }
        }
    }

    private void ask(SaDecoder sa, int number) {
        MigrateStateEncoder move = moves.begin().from(sa);
        if (!rule.decide(sa, move)) {
            return;
        }
        MigrateStateDecoder begun = moves.begun();
        String reason = MigrateStateRules.reasonToRefuse(begun, sa);
        reason = reason != null ? reason : selectorLeftBehind(begun, sa);
        if (reason == null) {
            int added = moves.add(number, sa);
            moveOf.set(number, added);
            reason = MigrateStateRules.reasonToRefuse(moves.back(added, one));
            reason = reason == null ? null : "could not be taken back: " + reason;
        }
        if (reason != null) {
            problems.add(sas.id(number), reason);
        }
    }

    /** In transport mode packets have the SA's own addresses: a selector that leaves out the new ones cuts it off. */
    private String selectorLeftBehind(MigrateStateDecoder move, SaDecoder sa) {
        boolean transport = sa.mode() == xfrm4j_h.XFRM_MODE_TRANSPORT();
        if (!transport || (move.flags() & xfrm4j_h.XFRM_MIGRATE_STATE_UPDATE_H2H_SEL()) != 0) {
            return null;
        }
        boolean covered = covers(sa.selector(), sa.family(), sa.sourceHigh(), sa.sourceLow(), sa.destinationHigh(),
                sa.destinationLow());
        return !covered || covers(move.newSelector(), move.newFamily(), move.newSourceHigh(), move.newSourceLow(),
                move.newDestinationHigh(), move.newDestinationLow()) ? null
                : "its selector would not cover its new addresses, and has to change as well";
    }

    private boolean covers(SelectorDecoder selector, int family, long sourceHigh, long sourceLow, long destinationHigh,
                           long destinationLow) {
        int ofSelector = selector.family();
        return ofSelector == 0 || ofSelector == family
                && range.prefix(family, selector.sourceHigh(), selector.sourceLow(), selector.sourcePrefixLength())
                        .contains(SaTable.highOf(family, sourceHigh), SaTable.lowOf(family, sourceLow))
                && range.prefix(family, selector.destinationHigh(), selector.destinationLow(),
                        selector.destinationPrefixLength())
                        .contains(SaTable.highOf(family, destinationHigh), SaTable.lowOf(family, destinationLow));
    }

    private void checkNewPlaces() {
        for (int move = 0; move < moves.count(); move++) {
            moves.forward(move, one);
            int hash = Tuples.newHash(one);
            int sa = moves.sa(move);
            if (!Tuples.staysInPlace(one, sas, sa)) {
                checkAgainstSas(move, sa, hash);
            }
            for (int before = newPlaces.first(hash); before != HashIndex.NONE; before = newPlaces.next(before)) {
                if (Tuples.collide(one, moves.forward(before, other))) {
                    problems.add(sas.id(sa), "moves to the same place as " + sas.id(moves.sa(before)));
                }
            }
            newPlaces.add(hash);
        }
    }

    private void checkAgainstSas(int move, int sa, int hash) {
        for (int there = sas.byTuple().first(hash); there != HashIndex.NONE; there = sas.byTuple().next(there)) {
            if (there == sa || !Tuples.collides(one, sas, there)) {
                continue;
            }
            int itsMove = moveOf.get(there);
            if (itsMove == NONE) {
                problems.add(sas.id(sa), "its new place is taken by " + sas.id(there) + ", which does not move");
            } else {
                waits.add(move);
                waits.add(itsMove);
            }
        }
    }

    private void readPolicies(PolicyPlanner planner) {
        try (PolicyDump dump = xfrm.policies().dump()) {
            while (dump.next()) {
                // Those of sockets can only be changed by their sockets.
                if (dump.policy().direction() <= PolicyDirection.FORWARD.number()) {
                    planner.read(dump.policy());
                }
            }
        }
        if (planner.hasRenamed()) {
            try (PolicyDump dump = xfrm.policies().dump()) {
                while (dump.next()) {
                    if (dump.policy().direction() <= PolicyDirection.FORWARD.number()) {
                        planner.checkName(dump.policy());
                    }
                }
            }
        }
    }
}
