package org.xfrm4j.migrate;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.xfrm4j.Xfrm;
import org.xfrm4j.policy.Policy;
import org.xfrm4j.text.Plural;
import org.xfrm4j.wire.MigrateStateDecoder;
import org.xfrm4j.wire.PolicyDecoder;

/**
 * What is to be done to move the SAs of a gateway, with the policies that use them, and in which order: made from one
 * dump of each database, checked before anything is touched. Can be printed, counted and kept (a dry run), and then run
 * once, while SAs and policies are still as they were; what has changed meanwhile is found when it runs.
 *
 * <pre>
 *   MoveRule rule = MoveRule.of(SaSelection.local(before), SaChange.local(before, after));
 *   try (MigrationPlan plan = MigrationPlan.of(xfrm, rule)) {
 *       plan.problems().forEach(System.err::println);
 *       System.out.println(plan);
 *   }
 * </pre>
 *
 * <p>Kept outside the heap, without keys: about 350 bytes for each SA that moves, 72 for each other, 500 for each
 * policy; on the heap about a tenth of that (9 MiB for 100 000 SAs that move, with 50 000 policies). Any thread may
 * read it; who made it closes it.
 */
public final class MigrationPlan implements AutoCloseable {
    private final SaTable sas;
    private final int unmovable;
    private final MoveTable moves;
    private final PolicyTable policies;
    private final Groups groups;
    private final List<PlanProblem> problems;
    private final int messages;
    private final PlanOrigin origin;

    MigrationPlan(PlanOrigin origin, SaTable sas, int unmovable, MoveTable moves, PolicyTable policies, Groups groups,
                  List<PlanProblem> problems) {
        this.origin = origin;
        this.sas = sas;
        this.unmovable = unmovable;
        this.moves = moves;
        this.policies = policies;
        this.groups = groups;
        this.problems = problems;
        this.messages = messages(groups, policies);
    }

    /**
     * Plans, with policies.
     *
     * @param xfrm whose SAs and policies
     * @param rule which SAs move, and where to
     * @return the plan; to be closed by the caller
     * @throws org.xfrm4j.netlink.NetlinkException when a dump failed
     */
    public static MigrationPlan of(Xfrm xfrm, MoveRule rule) {
        return of(xfrm, rule, PlanOptions.DEFAULT);
    }

    /**
     * Plans.
     *
     * @param xfrm whose SAs and policies
     * @param rule which SAs move, and where to
     * @param options how
     * @return the plan; to be closed by the caller
     * @throws org.xfrm4j.netlink.NetlinkException when a dump failed
     */
    public static MigrationPlan of(Xfrm xfrm, MoveRule rule, PlanOptions options) {
        return new Planner(xfrm, rule, options).plan();
    }

    /** {@return why the plan cannot run; empty when it can. Of very many the first thousand} */
    public List<PlanProblem> problems() {
        return problems;
    }

    /** {@return how many SAs move} */
    public int sas() {
        return moves.count();
    }

    /** {@return how many SAs stay} */
    public int otherSas() {
        return sas.count() - moves.count();
    }

    /**
     * How many SAs stay because the kernel cannot move them, whatever the rule says: those without an algorithm, as an
     * SA is that is still being negotiated. Taken up later with the old addresses, it moves with the next plan.
     *
     * @return the number, part of {@link #otherSas}
     */
    public int unmovableSas() {
        return unmovable;
    }

    /** {@return how many policies change, or block while their SAs move; those too that use no SA and change} */
    public int policies() {
        return policies.count();
    }

    /** {@return how many groups there are: policies and SAs that change together, the others meanwhile in service} */
    public int groups() {
        return groups.count();
    }

    /**
     * How many messages it takes, when all goes well: one a move, two where it goes by way of a parking place; one a
     * policy of an incoming group, two of an outgoing one (to block, and to put it back with new ends), and as many
     * again for each whose selector changes.
     *
     * @return requests to the kernel, dumps aside
     */
    public int messages() {
        return messages;
    }

    private static int messages(Groups groups, PolicyTable policies) {
        int messages = 0;
        for (int group = 0; group < groups.count(); group++) {
            messages += groups.moveCount(group);
            for (int i = 0; i < groups.policyCount(group); i++) {
                int each = groups.outgoing()[group] ? 2 : 1;
                messages += policies.isRenamed(groups.policy(group, i)) ? 2 * each : each;
            }
        }
        return messages;
    }

    /**
     * How many calls of the older XFRM_MSG_MIGRATE the same would take, were it able to: one a policy, which blocks
     * nothing, and cannot change reqids, selectors, or SAs that no policy uses.
     *
     * @return requests to the kernel
     */
    public int legacyMessages() {
        return policies.count();
    }

    /**
     * What of this the older XFRM_MSG_MIGRATE cannot do: see {@link LegacyMigration}. Found out when it is asked for.
     *
     * @return the reasons; empty if it can do all
     */
    public List<PlanProblem> legacyProblems() {
        return new LegacyCalls(this).problems();
    }

    /** The move that a template of a policy follows, or -1. */
    int templateMove(int policy, int template) {
        return policies.templateMove(policy, template);
    }

    PlanOrigin origin() {
        return origin;
    }

    SaTable saTable() {
        return sas;
    }

    MoveTable moveTable() {
        return moves;
    }

    Groups groupTable() {
        return groups;
    }

    /** Its policies, for one thread. */
    PlannedPolicies plannedPolicies() {
        return new PlannedPolicies(sas, moves, policies);
    }

    /** A policy as it is. */
    Policy original(int policy) {
        return policies.get(policy);
    }

    /** The policy after the moves of its group. */
    Policy changed(int policy) {
        return changed(policy, plannedPolicies());
    }

    private static Policy changed(int policy, PlannedPolicies planned) {
        return Policy.from(planned.changed(policy, new PolicyDecoder()));
    }

    /**
     * A group, as values, which are made when this is called.
     *
     * @param number from 0, below {@link #groups}; groups are run in this order
     * @return what it changes
     * @throws IndexOutOfBoundsException if there is no such group
     */
    public PlanGroup group(int number) {
        Objects.checkIndex(number, groups.count());
        List<PlanGroup.PolicyChange> changes = new ArrayList<>();
        PlannedPolicies planned = plannedPolicies();
        for (int i = 0; i < groups.policyCount(number); i++) {
            int policy = groups.policy(number, i);
            changes.add(new PlanGroup.PolicyChange(original(policy), changed(policy, planned)));
        }
        List<PlanGroup.SaMove> saMoves = new ArrayList<>();
        for (int i = 0; i < groups.moveCount(number); i++) {
            saMoves.add(move(groups.move(number, i)));
        }
        return new PlanGroup(groups.outgoing()[number], changes, saMoves);
    }

    private PlanGroup.SaMove move(int number) {
        MigrateStateDecoder message = moves.forward(number, new MigrateStateDecoder());
        MoveEnds ends = new MoveEnds().of(sas, moves.sa(number), message);
        boolean second = moves.isSecondLeg(number);
        return new PlanGroup.SaMove(sas.id(moves.sa(number)), second ? null : sas.source(moves.sa(number)),
                ends.source(), ends.destination(), ends.reqid(), moves.isLeg(number) && !second);
    }

    /**
     * Prints every group: its policies before and after, and its SAs with their old and new ends.
     *
     * @param to where to
     * @throws IOException if that cannot be written to
     */
    public void print(Appendable to) throws IOException {
        to.append(toString()).append('\n');
        for (int number = 0; number < groups.count(); number++) {
            PlanGroup group = group(number);
            to.append("group ").append(Integer.toString(number + 1)).append(group.moves().isEmpty()
                    ? ", without SAs\n" : group.outgoing() ? ", outgoing\n" : ", incoming\n");
            for (PlanGroup.PolicyChange change : group.policies()) {
                to.append("  policy ").append(change.before().toString().replace("\n", "\n    "))
                        .append("\n  becomes ").append(change.after().toString().replace("\n", "\n    ")).append('\n');
            }
            for (PlanGroup.SaMove move : group.moves()) {
                to.append("  ").append(move.toString()).append('\n');
            }
        }
    }

    /** {@return the counts, in a sentence} */
    @Override
    public String toString() {
        return "plan: " + Plural.count(sas(), "SA") + (sas() == 1 ? " moves, " : " move, ")
                + otherSas() + (otherSas() == 1 ? " stays" : " stay")
                + (unmovable == 0 ? "" : " (" + unmovable + " of them without keys)") + "; "
                + Plural.count(policies(), "policy") + (policies() == 1 ? " changes; " : " change; ")
                + Plural.count(groups(), "group") + ", " + Plural.count(messages(), "message")
                + " (XFRM_MSG_MIGRATE would take " + Plural.count(legacyMessages(), "call") + ")"
                + (problems.isEmpty() ? "" : "; cannot run: " + Plural.count(problems.size(), "problem"));
    }

    /** Frees the memory. */
    @Override
    public void close() {
        sas.close();
        moves.close();
        policies.close();
    }
}
