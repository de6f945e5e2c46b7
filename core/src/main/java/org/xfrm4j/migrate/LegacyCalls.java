package org.xfrm4j.migrate;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import org.xfrm4j.bindings.xfrm4j_h;
import org.xfrm4j.bindings.xfrm_user_migrate_state;
import org.xfrm4j.policy.MigrateEntry;
import org.xfrm4j.policy.Policy;
import org.xfrm4j.policy.Template;
import org.xfrm4j.sa.IpAddress;
import org.xfrm4j.wire.MigrateStateDecoder;
import org.xfrm4j.wire.PolicyDecoder;
import org.xfrm4j.wire.SelectorEncoder;

/**
 * What a plan is in calls of the older XFRM_MSG_MIGRATE ({@code xfrm_migrate}, net/xfrm/xfrm_policy.c), and what of it
 * that cannot express. One call is about one policy: it changes the outer addresses of templates and of the one SA that
 * each means, found by ends, mode, protocol and reqid.
 */
final class LegacyCalls {
    private static final long SELECTOR = xfrm_user_migrate_state.new_sel$offset();

    private final MigrationPlan plan;
    private final PlannedPolicies policies;
    private final SaTable sas;
    private final MoveTable moves;
    private final SaIndexes indexes;
    /** By SA: its move, or -1. */
    private final int[] moveOf;
    private final AddressRange source = new AddressRange();
    private final AddressRange destination = new AddressRange();
    private final Problems problems = new Problems();
    private final MigrateStateDecoder forward = new MigrateStateDecoder();
    private final MigrateStateDecoder back = new MigrateStateDecoder();

    LegacyCalls(MigrationPlan plan) {
        this.plan = plan;
        this.policies = plan.plannedPolicies();
        this.sas = plan.saTable();
        this.moves = plan.moveTable();
        this.indexes = new SaIndexes(sas);
        this.moveOf = new int[sas.count()];
        Arrays.fill(moveOf, -1);
        for (int move = 0; move < moves.count(); move++) {
            moveOf[moves.sa(move)] = move;
        }
    }

    /** What cannot be expressed; empty if all can. */
    List<PlanProblem> problems() {
        Groups groups = plan.groupTable();
        for (int group = 0; group < groups.count(); group++) {
            BitSet named = new BitSet();
            for (int i = 0; i < groups.policyCount(group); i++) {
                checkPolicy(groups.policy(group, i), named);
            }
            for (int i = 0; i < groups.moveCount(group); i++) {
                checkMove(groups.move(group, i), named);
            }
        }
        return problems.list();
    }

    private void checkMove(int move, BitSet named) {
        String reason = moves.isLeg(move) ? "goes by way of a parking place, for which its policy would have to follow"
                : reason(moves.forward(move, forward), moves.back(move, back));
        reason = reason == null && !named.get(move) ? "no template names it by its ends" : reason;
        if (reason != null) {
            problems.add(sas.id(moves.sa(move)), reason);
        }
    }

    /** Why a move is none that changes addresses alone. */
    private static String reason(MigrateStateDecoder message, MigrateStateDecoder back) {
        boolean selectorStays = (message.flags() & xfrm4j_h.XFRM_MIGRATE_STATE_UPDATE_H2H_SEL()) == 0
                && message.segment().asSlice(message.offset() + SELECTOR, SelectorEncoder.LENGTH)
                        .mismatch(back.segment().asSlice(back.offset() + SELECTOR, SelectorEncoder.LENGTH)) < 0;
        return message.newReqid() != back.newReqid() ? "its reqid changes"
                : !selectorStays ? "its selector changes"
                : message.newMarkValue() != message.oldMarkValue() || message.newMarkMask() != message.oldMarkMask()
                        ? "its mark changes"
                : message.has(xfrm4j_h.XFRMA_SET_MARK()) ? "its output mark changes"
                : message.has(xfrm4j_h.XFRMA_NAT_KEEPALIVE_INTERVAL()) ? "its NAT keepalive changes"
                : message.has(xfrm4j_h.XFRMA_MTIMER_THRESH()) ? "its mapping threshold changes"
                : message.has(xfrm4j_h.XFRMA_ENCAP()) && message.encapType() == 0 ? "its encapsulation is removed"
                : null;
    }

    private Policy changed(int number) {
        return Policy.from(policies.changed(number, new PolicyDecoder()));
    }

    private void checkPolicy(int number, BitSet named) {
        Policy policy = plan.original(number);
        if (!policy.id().equals(changed(number).id())) {
            problems.add(policy.id(), "its selector changes");
        }
        if ((policy.mark().value() & policy.mark().mask()) != 0) {
            problems.add(policy.id(), "has a mark, and is looked for as if by a packet without one");
        }
        for (int template = 0; template < policy.templates().size(); template++) {
            String reason = checkTemplate(number, policy, template, named);
            if (reason != null) {
                problems.add(policy.id(), reason);
            }
        }
    }

    private String checkTemplate(int number, Policy policy, int index, BitSet named) {
        MigrateEntry entry = entry(number, policy, index);
        if (entry == null) {
            return null;
        }
        if (entry.oldSource().isUnspecified() || entry.oldDestination().isUnspecified()
                || entry.newSource().isUnspecified() || entry.newDestination().isUnspecified()) {
            return "its template leaves an address open";
        }
        if (changed(number).templates().get(index).reqid() != entry.reqid()) {
            return "its template's reqid changes";
        }
        IntArray means = means(policy, entry);
        if (means.size() > 1) {
            return "one of its templates means " + means.size() + " SAs, of which one would move: "
                    + sas.id(means.get(0)) + " and " + sas.id(means.get(1));
        }
        if (means.size() == 0) {
            return null;
        }
        int move = moveOf[means.get(0)];
        if (move < 0) {
            return "one of its templates means " + sas.id(means.get(0)) + ", which stays";
        }
        MoveEnds ends = new MoveEnds().of(sas, means.get(0), moves.forward(move, forward));
        if (!ends.source().equals(entry.newSource()) || !ends.destination().equals(entry.newDestination())) {
            return "one of its templates goes elsewhere than " + sas.id(means.get(0)) + ", which it means";
        }
        named.set(move);
        return null;
    }

    /** The entries of a policy's call; none if it stays as it is. */
    List<MigrateEntry> entries(int number) {
        Policy policy = plan.original(number);
        List<MigrateEntry> entries = new ArrayList<>();
        for (int template = 0; template < policy.templates().size(); template++) {
            MigrateEntry entry = entry(number, policy, template);
            if (entry != null && !entries.contains(entry)) {
                entries.add(entry);
            }
        }
        return entries;
    }

    /** From where to where a template goes, and with it the SA that it means; null if it stays. */
    private MigrateEntry entry(int number, Policy policy, int index) {
        Template before = policy.templates().get(index);
        Template after = changed(number).templates().get(index);
        int move = plan.templateMove(number, index);
        if (move < 0 && before.equals(after)) {
            return null;
        }
        if (TemplateKey.wraps(before.mode().number())) {
            return entry(before.source(), before.destination(), after.source(), after.destination(), before);
        }
        if (move < 0) {
            return null;
        }
        MoveEnds ends = new MoveEnds().of(sas, moves.sa(move), moves.forward(move, forward));
        return entry(ends.oldSource(), ends.oldDestination(), ends.source(), ends.destination(), before);
    }

    private static MigrateEntry entry(IpAddress oldSource, IpAddress oldDestination, IpAddress newSource,
            IpAddress newDestination, Template template) {
        return new MigrateEntry(oldSource, oldDestination, newSource, newDestination, template.protocol(),
                template.mode(), template.reqid());
    }

    /** The SAs that the kernel takes the first of ({@code xfrm_migrate_state_find}). */
    private IntArray means(Policy policy, MigrateEntry entry) {
        IntArray found = new IntArray();
        int family = entry.oldSource().family().number();
        source.one(family, entry.oldSource().high(), entry.oldSource().low());
        destination.one(family, entry.oldDestination().high(), entry.oldDestination().low());
        SaIndexes.Fields fields = entry.reqid() == 0 ? SaIndexes.Fields.SOURCE_ALONE : SaIndexes.Fields.ENDS;
        HashIndex index = indexes.by(fields);
        for (int sa = index.first(SaIndexes.hash(fields, source, destination, entry.reqid())); sa != HashIndex.NONE;
                sa = index.next(sa)) {
            if (sas.family(sa) == family && sas.mode(sa) == entry.mode().number()
                    && sas.protocol(sa) == entry.protocol().number()
                    && (entry.reqid() == 0 || sas.reqid(sa) == entry.reqid())
                    && (policy.ifId() == 0 || sas.ifId(sa) == policy.ifId())
                    && source.contains(sas.sourceHigh(sa), sas.sourceLow(sa))
                    && destination.contains(sas.destinationHigh(sa), sas.destinationLow(sa))) {
                found.add(sa);
            }
        }
        return found;
    }
}
