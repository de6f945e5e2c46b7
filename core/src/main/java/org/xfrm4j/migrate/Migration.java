package org.xfrm4j.migrate;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xfrm4j.MigrateSupport;
import org.xfrm4j.Xfrm;
import org.xfrm4j.netlink.NetlinkException;
import org.xfrm4j.text.Plural;

/**
 * Runs a plan: moves the SAs of a gateway with their policies, while traffic goes on.
 *
 * <p>Group after group: incoming ones first. While the SAs of an outgoing group move, its policies block, so that
 * nothing leaves in cleartext and no IV is used twice; only the groups of one step are blocked, for the time of a few
 * system calls. A group of which something cannot be done is taken back whole; if not even that can be done it stays
 * blocked, and the report says so first.
 *
 * <p>When all groups are done it looks again, as often as {@link RunOptions#looks} says: an IKE daemon that does not
 * know of the migration may have added SAs with the old addresses meanwhile. The plan's rule is asked about all SAs
 * that are there by then, save those that the migration was about already, whether these moved or not: no SA moves
 * twice, be the rule one that would take it back (two prefixes exchanged) or move it on (a reqid that is counted up),
 * and what could not be moved is not tried again. An SA that the rule picks and would not change stays as it is. Where
 * the rule finds nothing any more, that is the end of it. A migration that was cancelled or ended early does not look
 * again.
 *
 * <p>Where there are very many policies, see to it that the kernel finds them by hash. Those that it keeps in a tree it
 * walks all whenever one is replaced ({@code xfrm_policy_inexact_insert}, net/xfrm/xfrm_policy.c, Linux 7.2), for so
 * long flows are blocked: by 25 000 a direction, most of a migration's time. By default it hashes policies of two
 * single hosts alone; {@link org.xfrm4j.Information#setHashThresholds} changes that, for instance to 16 and 32 bits
 * where each policy is of a /16 here and a single host there.
 *
 * <p>Uses the thread of its {@link Xfrm}, and no other.
 */
public final class Migration {
    private static final Logger LOG = LoggerFactory.getLogger(Migration.class);

    private final Xfrm xfrm;
    private final RunOptions options;
    private final MigrationListener listener;
    private final PhaseClock clock;
    private final WorkBatch batch;
    private final StepRunner steps;
    private final Pass given;
    private final List<MigrationPlan> foundAgain = new ArrayList<>();
    private final Places places = new Places();
    private final ReportBuilder report = new ReportBuilder();
    /** Groups of the passes before the one in hand. */
    private int groupsBefore;
    /** Whether all SAs were seen when the rule was last asked, after everything was done. */
    private boolean sawAll;

    private Migration(Xfrm xfrm, MigrationPlan plan, RunOptions options, MigrationListener listener, PhaseClock clock) {
        this.xfrm = xfrm;
        this.options = options;
        this.listener = listener;
        this.clock = clock;
        this.batch = new WorkBatch(xfrm, clock, options.hold().toNanos());
        this.steps = new StepRunner(xfrm, clock, batch, options.blocking());
        this.given = new Pass(0, plan);
    }

    /**
     * Runs a plan.
     *
     * @param xfrm the same namespace that the plan was made of
     * @param plan one without problems
     * @param options how
     * @param listener follows it, and may end it
     * @return what became of every SA and every group
     * @throws IllegalArgumentException if the plan has problems: nothing was touched
     * @throws NetlinkException if the kernel cannot do it ({@link Xfrm#migrateSupport}): nothing was touched
     * @throws IOException if the journal cannot be written: what it does not hold was not touched
     */
    public static MigrationReport run(Xfrm xfrm, MigrationPlan plan, RunOptions options, MigrationListener listener)
            throws IOException {
        if (!plan.problems().isEmpty()) {
            throw new IllegalArgumentException("the plan cannot run: " + reason(plan));
        }
        MigrateSupport support = xfrm.migrateSupport();
        if (support != MigrateSupport.SUPPORTED) {
            throw new NetlinkException(support.reason() + LegacyMigration.advice(support, plan), 0);
        }
        try (PhaseClock clock = new PhaseClock(xfrm)) {
            return new Migration(xfrm, plan, options, listener, clock).run();
        }
    }

    private static String reason(MigrationPlan plan) {
        return plan.problems().getFirst()
                + (plan.problems().size() > 1 ? ", and " + (plan.problems().size() - 1) + " more" : "");
    }

    private MigrationReport run() throws IOException {
        LOG.info("migration begins: {}", given.plan());
        MigrationEvent event = new MigrationEvent();
        event.begin();
        try (Journal journal = options.journal().isPresent() ? Journal.create(options.journal().get(), xfrm)
                : Journal.NONE) {
            runAll(journal);
            journal.end();
        } catch (IOException | RuntimeException | Error failed) {
            LOG.error("migration failed: {}; so far: {}", failed, report());
            throw failed;
        } finally {
            foundAgain.forEach(MigrationPlan::close);
        }
        MigrationReport result = report();
        event.commit(result);
        if (result.stuckGroups() > 0) {
            LOG.error("{} groups are stuck, and their outgoing packets blocked: {}", result.stuckGroups(), result);
        } else {
            LOG.info("migration ends: {}", result);
        }
        return result;
    }

    private MigrationReport report() {
        return report.build(clock.times(given.plan().origin().spent()), batch.traffic());
    }

    private void runAll(Journal journal) throws IOException {
        boolean goOn = runPass(given, journal);
        for (int look = 1; look <= options.looks() && goOn; look++) {
            goOn = lookAgain(look, journal);
        }
        verify();
    }

    /** Whether there is reason to look once more. */
    private boolean lookAgain(int look, Journal journal) throws IOException {
        MigrationPlan found = planAgain();
        if (found == null) {
            return false;
        }
        report.lookedAgain(found.sas());
        if (!found.problems().isEmpty()) {
            report.failed("SAs that were added meanwhile cannot move: " + reason(found));
            return false;
        }
        if (found.sas() == 0) {
            return false;
        }
        LOG.info("SAs were added meanwhile: {}", found);
        sawAll = false;
        return runPass(new Pass(look, found), journal);
    }

    /** That it cannot be done must not cost the report: everything else has been done already. */
    private MigrationPlan planAgain() {
        clock.turnTo(MigrationPhase.LOOK_AGAIN);
        try {
            PlanOrigin origin = given.plan().origin();
            places.forget();
            MigrationPlan found = MigrationPlan.of(xfrm, places.others(origin.rule()),
                    origin.options().withoutIdlePolicies());
            foundAgain.add(found);
            sawAll = true;
            return found;
        } catch (NetlinkException refused) {
            report.failed("SAs that were added meanwhile could not be looked for: " + refused.getMessage());
            return null;
        } finally {
            clock.turnTo(MigrationPhase.OTHER);
        }
    }

    private void verify() {
        if (!options.verify()) {
            return;
        }
        clock.turnTo(MigrationPhase.VERIFY);
        try {
            if (!sawAll) {
                Verification.run(xfrm, places);
            }
            places.report(report);
        } catch (NetlinkException refused) {
            report.failed("SAs could not be read back: " + refused.getMessage());
        } finally {
            clock.turnTo(MigrationPhase.OTHER);
        }
    }

    /** Whether it got through to its end, and the listener wants more. */
    private boolean runPass(Pass pass, Journal journal) throws IOException {
        MigrationPlan plan = pass.plan();
        PlannedPolicies policies = plan.plannedPolicies();
        int groups = plan.groups();
        journal.plan(groups);
        int next = 0;
        boolean goOn = true;
        try {
            while (next < groups && goOn) {
                List<GroupWork> step = nextStep(plan, policies, next);
                String failure = runStep(step, pass, next, journal);
                if (failure != null) {
                    report.failed("the migration ended early, after " + (groupsBefore + next) + " of "
                            + Plural.count(groupsBefore + groups, "group") + ": " + failure);
                    return false;
                }
                next += step.size();
                goOn = listener.progress(groupsBefore + next, groupsBefore + groups);
            }
        } finally {
            report.endOf(pass);
            places.add(pass);
            groupsBefore += groups;
        }
        if (next < groups) {
            LOG.info("migration was cancelled: {} of {} groups are done, the others are untouched",
                    groupsBefore - groups + next, groupsBefore);
        }
        return goOn;
    }

    /** What makes it impossible to go on, or null. Groups that were begun are then stuck, and reported so. */
    private String runStep(List<GroupWork> step, Pass pass, int first, Journal journal) throws IOException {
        try {
            StepRunner.Progress[] progress = steps.prepare(step);
            int[] touched = IntStream.range(0, progress.length).filter(i -> progress[i].failure() == null).toArray();
            clock.turnTo(MigrationPhase.JOURNAL);
            journal.begin(Arrays.stream(touched).mapToObj(step::get).toList());
            try {
                steps.run();
            } finally {
                report.add(pass, first, progress);
            }
            clock.turnTo(MigrationPhase.JOURNAL);
            journal.done(IntStream.range(0, touched.length)
                    .filter(place -> progress[touched[place]].state() == GroupState.STUCK).toArray());
            return null;
        } catch (NetlinkException failed) {
            LOG.error("the kernel cannot be asked any more: {}", failed.getMessage());
            return failed.getMessage();
        } finally {
            clock.turnTo(MigrationPhase.OTHER);
        }
    }

    /** As many groups as fit into one transmission, but one at least. */
    private List<GroupWork> nextStep(MigrationPlan plan, PlannedPolicies policies, int first) {
        List<GroupWork> step = new ArrayList<>();
        Groups groups = plan.groupTable();
        int messages = 0;
        for (int group = first; group < groups.count(); group++) {
            messages += groups.moveCount(group) + groups.policyCount(group);
            if (!step.isEmpty() && (messages > batch.limit() || groups.outgoing()[group] != groups.outgoing()[first])) {
                break;
            }
            step.add(new PlannedGroup(plan, policies, group));
        }
        return step;
    }
}
