package org.xfrm4j.migrate;

import java.util.ArrayList;
import java.util.List;
import org.xfrm4j.policy.Policy;
import org.xfrm4j.policy.PolicyDirection;
import org.xfrm4j.policy.PolicyId;
import org.xfrm4j.wire.MigrateStateDecoder;
import org.xfrm4j.wire.PolicyDecoder;

/**
 * Finds the policies that change when SAs move, and checks that what they become still finds all the SAs that they find
 * now: those that move, and those that stay.
 */
final class PolicyPlanner {
    private static final int NONE = PolicyTable.NONE;

    private final SaTable sas;
    private final MoveTable moves;
    /** By SA: its move, or {@link #NONE}. */
    private final IntArray moveOf;
    private final PolicyTable policies;
    private final Components components;
    private final Problems problems;
    private final PolicyMatcher matcher;
    /** Null where templates that use no SA stay as they are. */
    private final IdleTemplates idle;

    // The policy at hand: the SAs that its templates find, by template, and the moves that the templates follow.
    private final IntArray found = new IntArray();
    private final IntArray foundStarts = new IntArray();
    private final IntArray templateMoves = new IntArray();
    /** By template that uses no SA: what it follows all the same, or null. */
    private final List<MoveEnds> idleEnds = new ArrayList<>();
    private boolean anyIdle;

    /** Policies that get another selector, by their new names and by those that they have. */
    private final HashIndex newNames = new HashIndex();
    private final HashIndex oldNames = new HashIndex();
    private final IntArray renamed = new IntArray();

    private final TemplateKey key = new TemplateKey();
    private final MigrateStateDecoder move = new MigrateStateDecoder();
    private final MoveEnds ends = new MoveEnds();
    private final PolicyEnds policyEnds = new PolicyEnds();
    /** For those that were added already. */
    private final PlannedPolicies planned;

    /** @param idle tells of templates that use no SA; null if these are to stay as they are */
    PolicyPlanner(SaTable sas, MoveTable moves, IntArray moveOf, PolicyTable policies, Components components,
                  IdleTemplates idle, Problems problems) {
        this.sas = sas;
        this.moves = moves;
        this.moveOf = moveOf;
        this.policies = policies;
        this.components = components;
        this.idle = idle;
        this.problems = problems;
        this.matcher = new PolicyMatcher(sas);
        this.planned = new PlannedPolicies(sas, moves, policies);
    }

    /** Looks at a policy; adds it to the table if it changes, or has to block while its SAs move. */
    void read(PolicyDecoder policy) {
        int lead = findSas(policy);
        if (lead == NONE && !anyIdle) {
            return;
        }
        PolicyDecoder changed = changed(policy);
        boolean outgoing = policy.direction() == PolicyDirection.OUT.number();
        if ((!outgoing || lead == NONE) && changed.isSameButUsageAndIndex(policy)) {
            return;
        }
        check(policy, changed);
        int number = policies.add(policy, templateMoves, lead);
        if (anyIdle) {
            policies.keepChanged(number, changed);
        }
        for (int i = 0; i < found.size(); i++) {
            int itsMove = moveOf.get(found.get(i));
            if (itsMove != NONE) {
                components.join(lead, itsMove);
            }
        }
        if (!PolicyForm.hasSameSelector(changed, policy)) {
            rename(number, PolicyId.from(policy), PolicyId.from(changed));
        }
    }

    /** Returns a move of an SA that the policy finds, or {@link #NONE}. */
    private int findSas(PolicyDecoder policy) {
        found.truncate(0);
        foundStarts.truncate(0);
        templateMoves.truncate(0);
        idleEnds.clear();
        anyIdle = false;
        int lead = NONE;
        for (int template = 0; template < policy.templateCount(); template++) {
            foundStarts.add(found.size());
            matcher.forEach(policy, template, found::add);
            int itsMove = leadingMove(policy, template);
            templateMoves.add(itsMove);
            lead = lead == NONE ? itsMove : lead;
            boolean isIdle = found.size() == foundStarts.get(template);
            MoveEnds follows = isIdle && idle != null ? idle.follow(policy, template) : null;
            idleEnds.add(follows);
            anyIdle |= follows != null;
        }
        foundStarts.add(found.size());
        return lead;
    }

    /**
     * The move that the template follows: of an SA with the destination that it names, though of incoming packets the
     * kernel does not compare it; or else of any that it finds.
     */
    private int leadingMove(PolicyDecoder policy, int template) {
        long high = policy.template(template).destinationHigh();
        long low = policy.template(template).destinationLow();
        int family = policy.template(template).family();
        int lead = NONE;
        boolean leadIsNamed = false;
        for (int i = foundStarts.get(template); i < found.size(); i++) {
            int sa = found.get(i);
            int itsMove = moveOf.get(sa);
            boolean named = sas.destinationHigh(sa) == SaTable.highOf(family, high)
                    && sas.destinationLow(sa) == SaTable.lowOf(family, low);
            boolean better = lead == NONE || named && !leadIsNamed || named == leadIsNamed && itsMove < lead;
            if (itsMove != NONE && better) {
                lead = itsMove;
                leadIsNamed = named;
            }
        }
        return lead;
    }

    /** The policy after the moves; as it is where that would be none any more. */
    private PolicyDecoder changed(PolicyDecoder policy) {
        policyEnds.begin(policy);
        for (int template = 0; template < templateMoves.size(); template++) {
            int its = templateMoves.get(template);
            policyEnds.next(its == NONE ? idleEnds.get(template) : ends.of(sas, moves.sa(its), moves.forward(its, move)));
        }
        PolicyDecoder changed = policyEnds.policy();
        if (!PlainPolicy.is(changed)) {
            // One that is there already, and cannot be understood, is an error of another kind.
            PolicyId id = Policy.from(policy).id();
            try {
                Policy.from(changed).toBuilder().build();
            } catch (IllegalArgumentException impossible) {
                problems.add(id, "cannot follow its SAs: " + impossible.getMessage());
                for (int template = 0; template < templateMoves.size(); template++) {
                    templateMoves.set(template, NONE);
                }
                return policyEnds.begin(policy).policy();
            }
        }
        return changed;
    }

    private void check(PolicyDecoder policy, PolicyDecoder changed) {
        // A policy whose templates could not follow is a problem already.
        boolean follows = false;
        for (int template = 0; template < templateMoves.size(); template++) {
            follows |= templateMoves.get(template) != NONE;
        }
        for (int template = 0; follows && template < changed.templateCount(); template++) {
            key.of(changed, template);
            boolean holds = true;
            for (int i = foundStarts.get(template); holds && i < foundStarts.get(template + 1); i++) {
                int sa = found.get(i);
                int itsMove = moveOf.get(sa);
                holds = itsMove == NONE ? key.finds(sas, sa) : key.findsAfter(sas, sa, moves.forward(itsMove, move));
                if (!holds) {
                    problems.add(PolicyId.from(policy), reason(sa, itsMove, templateMoves.get(template)));
                }
            }
        }
    }

    /** Why the template, which follows {@code lead}, does not find an SA any more. */
    private String reason(int sa, int itsMove, int lead) {
        if (itsMove == NONE) {
            return lead == NONE ? "does not find " + sas.id(sa) + ", which stays, when its other templates follow"
                    : "uses " + sas.id(moves.sa(lead)) + ", which moves, and " + sas.id(sa)
                            + ", which does not: its template cannot find both";
        }
        int mark = move.newMarkValue();
        int mask = move.newMarkMask();
        if (!key.fitsMarkAfter(sas, sa, move)) {
            return "does not find " + sas.id(sa) + " by the new mark 0x" + Integer.toHexString(mark) + "/0x"
                    + Integer.toHexString(mask);
        }
        if (key.isBySelector() && !key.fitsEndsAfter(move)) {
            return "its selector does not cover the new addresses of " + sas.id(sa);
        }
        return lead == itsMove ? "would not find " + sas.id(sa) + " any more"
                : sas.id(sa) + " moves elsewhere than " + sas.id(moves.sa(lead)) + ", and one template finds both";
    }

    private void rename(int policy, PolicyId from, PolicyId to) {
        int other = renamed(to);
        if (other != NONE) {
            problems.add(from, "gets the selector that " + policies.get(other).id() + " gets");
        }
        newNames.add(to.hashCode());
        oldNames.add(from.hashCode());
        renamed.add(policy);
        policies.rename(policy);
    }

    /** A policy that gets this name, or {@link #NONE}. */
    private int renamed(PolicyId name) {
        for (int i = newNames.first(name.hashCode()); i != HashIndex.NONE; i = newNames.next(i)) {
            if (PolicyId.from(planned.changed(renamed.get(i), new PolicyDecoder())).equals(name)) {
                return renamed.get(i);
            }
        }
        return NONE;
    }

    /** Whether there are policies that get other selectors, so that all have to be looked at again. */
    boolean hasRenamed() {
        return renamed.size() > 0;
    }

    /** Checks that a policy that is there does not have the name that another one gets. */
    void checkName(PolicyDecoder policy) {
        PolicyId name = PolicyId.from(policy);
        int other = renamed(name);
        if (other != NONE) {
            problems.add(policies.get(other).id(), "gets the selector that " + name + " has" + (isRenamed(name)
                    ? ", which gets another in the same plan: move the SAs of that one first, in a plan of their own"
                            + " (where selectors change places, to another address for the time being)" : ""));
        }
    }

    private boolean isRenamed(PolicyId name) {
        for (int i = oldNames.first(name.hashCode()); i != HashIndex.NONE; i = oldNames.next(i)) {
            if (policies.get(renamed.get(i)).id().equals(name)) {
                return true;
            }
        }
        return false;
    }
}
