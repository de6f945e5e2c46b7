package org.xfrm4j.migrate;

import java.util.ArrayList;
import java.util.List;
import org.xfrm4j.PolicyDump;
import org.xfrm4j.SaDump;
import org.xfrm4j.SaFilter;
import org.xfrm4j.Xfrm;
import org.xfrm4j.policy.PolicyDirection;
import org.xfrm4j.policy.PolicyId;
import org.xfrm4j.wire.MigrateStateDecoder;
import org.xfrm4j.wire.MigrateStateEncoder;
import org.xfrm4j.wire.MigrateStateRules;
import org.xfrm4j.wire.PolicyDecoder;
import org.xfrm4j.wire.SaDecoder;

/**
 * Makes a plan, in these steps: dump all SAs, ask the rule about each, and check each move by itself; check the new places
 * against all SAs and against each other; dump all policies, and find those that use SAs that move; put into groups what
 * belongs together, and into an order.
 */
final class Planner {
    private static final int NONE = -1;
    private static final int MOST_PROBLEMS = 1000;

    private final Xfrm xfrm;
    private final MoveRule rule;
    private final PlanOptions options;

    private final SaTable sas = new SaTable();
    private final MoveTable moves = new MoveTable();
    private final PolicyTable policies = new PolicyTable();
    /** By SA: its move, or {@link #NONE}. */
    private final IntArray moveOf = new IntArray();
    /** By policy: where its templates begin in {@link #templateMoves}. */
    private final IntArray firstTemplate = new IntArray();
    /** By template: a move of an SA that it finds, which tells its new ends; {@link #NONE} when it stays. */
    private final IntArray templateMoves = new IntArray();
    /** Pairs: a policy, and the move of an SA that it uses. */
    private final IntArray uses = new IntArray();
    /** Pairs: a move, and one that has to be made before it. */
    private final IntArray waits = new IntArray();
    private final List<PlanProblem> problems = new ArrayList<>();

    private final MigrateStateDecoder one = new MigrateStateDecoder();
    private final MigrateStateDecoder other = new MigrateStateDecoder();

    Planner(Xfrm xfrm, MoveRule rule, PlanOptions options) {
        this.xfrm = xfrm;
        this.rule = rule;
        this.options = options;
    }

    MigrationPlan plan() {
        try {
            readSas();
            checkNewPlaces();
            if (options.policies() && moves.count() > 0) {
                readPolicies();
            }
            Groups groups = new GroupBuilder(sas, moves, policies, uses, waits, problems).build();
            return new MigrationPlan(sas, moves, policies, firstTemplate, templateMoves, groups, problems);
        } catch (RuntimeException | Error failed) {
            sas.close();
            moves.close();
            policies.close();
            throw failed;
        }
    }

    private void problem(Object subject, String reason) {
        if (problems.size() < MOST_PROBLEMS) {
            problems.add(new PlanProblem(subject.toString(), reason));
        }
    }

    private void readSas() {
        try (SaDump dump = xfrm.sas().dump(SaFilter.ALL)) {
            while (dump.next()) {
                SaDecoder sa = dump.sa();
                int number = sas.add(sa);
                moveOf.add(NONE);
                MigrateStateEncoder move = moves.begin().from(sa);
                if (rule.decide(sa, move)) {
                    String reason = MigrateStateRules.reasonToRefuse(moves.begun(), sa);
                    if (reason == null) {
                        moveOf.set(number, moves.add(number, sa));
                    } else {
                        problem(sas.id(number), reason);
                    }
                }
            }
        }
    }

    private void checkNewPlaces() {
        HashIndex newPlaces = new HashIndex();
        for (int move = 0; move < moves.count(); move++) {
            moves.forward(move, one);
            int hash = Tuples.newHash(one);
            int sa = moves.sa(move);
            if (!Tuples.staysInPlace(one, sas, sa)) {
                checkAgainstSas(move, sa, hash);
            }
            for (int before = newPlaces.first(hash); before != HashIndex.NONE; before = newPlaces.next(before)) {
                moves.forward(before, other);
                if (Tuples.collide(one, other) || Tuples.collide(other, one)) {
                    problem(sas.id(sa), "moves to the same place as " + sas.id(moves.sa(before)));
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
                problem(sas.id(sa), "its new place is taken by " + sas.id(there) + ", which does not move");
            } else {
                waits.add(move);
                waits.add(itsMove);
            }
        }
    }

    private void readPolicies() {
        PolicyMatcher matcher = new PolicyMatcher(sas);
        try (PolicyDump dump = xfrm.policies().dump()) {
            while (dump.next()) {
                if (dump.policy().direction() <= PolicyDirection.FORWARD.number()) {
                    readPolicy(dump.policy(), matcher);
                }
            }
        }
    }

    private void readPolicy(PolicyDecoder policy, PolicyMatcher matcher) {
        int number = policies.count();
        int first = templateMoves.size();
        boolean affected = false;
        for (int i = 0; i < policy.templateCount(); i++) {
            templateMoves.add(NONE);
            int template = first + i;
            int[] staying = {NONE};
            boolean ends = PolicyMatcher.wraps(policy.template(i).mode());
            boolean reqid = policy.template(i).reqid() != 0;
            matcher.forEach(policy, i, sa -> found(number, template, sa, staying, ends, reqid));
            boolean moved = templateMoves.get(template) != NONE;
            if (moved && staying[0] != NONE) {
                problem(describe(policy), "uses " + sas.id(moves.sa(templateMoves.get(template))) + ", which moves, and "
                        + sas.id(staying[0]) + ", which does not: its template cannot find both");
            }
            affected |= moved;
        }
        if (affected) {
            firstTemplate.add(first);
            policies.add(policy);
            checkSelector(policy, first);
        } else {
            templateMoves.truncate(first);
        }
    }

    /** @param ends whether the template tells outer addresses; {@code reqid}: whether it tells a reqid */
    private void found(int policy, int template, int sa, int[] staying, boolean ends, boolean reqid) {
        int move = moveOf.get(sa);
        if (move == NONE) {
            staying[0] = sa;
            return;
        }
        uses.add(policy);
        uses.add(move);
        int before = templateMoves.get(template);
        if (before == NONE) {
            templateMoves.set(template, move);
        } else if (!agree(before, move, ends, reqid)) {
            problem(sas.id(sa), "moves elsewhere than " + sas.id(moves.sa(before)) + ", and one template of a policy finds"
                    + " both");
        }
    }

    /** Whether two SAs that one template finds move so that one template can find them again. */
    private boolean agree(int move, int another, boolean ends, boolean reqid) {
        moves.forward(move, one);
        moves.forward(another, other);
        boolean sameEnds = one.newFamily() == other.newFamily()
                && one.newSourceHigh() == other.newSourceHigh()
                && one.newSourceLow() == other.newSourceLow()
                && one.newDestinationHigh() == other.newDestinationHigh()
                && one.newDestinationLow() == other.newDestinationLow();
        return (sameEnds || !ends) && (one.newReqid() == other.newReqid() || !reqid);
    }

    /** In transport mode packets with the new addresses have to meet a policy, or they leave in cleartext. */
    private void checkSelector(PolicyDecoder policy, int first) {
        for (int i = 0; i < policy.templateCount(); i++) {
            int move = templateMoves.get(first + i);
            if (move == NONE || PolicyMatcher.wraps(policy.template(i).mode())) {
                continue;
            }
            moves.forward(move, one);
            if (!PolicyEnds.isHostToHost(policy.selector()) && !PolicyEnds.covers(policy.selector(), one)) {
                problem(describe(policy), "its selector does not cover the new addresses of "
                        + sas.id(moves.sa(move)) + ", and is not of single hosts, which could follow");
            }
        }
    }

    private static String describe(PolicyDecoder policy) {
        return PolicyId.from(policy).toString();
    }
}
