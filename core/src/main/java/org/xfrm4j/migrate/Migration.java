package org.xfrm4j.migrate;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xfrm4j.MigrateSupport;
import org.xfrm4j.Xfrm;
import org.xfrm4j.netlink.NetlinkException;

/**
 * Runs a plan: moves the SAs of a gateway with their policies, while traffic goes on.
 *
 * <p>Group after group: incoming ones first. While the SAs of an outgoing group move, its policies block, so that nothing
 * leaves in cleartext and no IV is used twice; only the groups of one step are blocked, for the time of a few system calls.
 * A group of which something cannot be done is taken back whole; if not even that can be done it stays blocked, and the
 * report says so first.
 *
 * <p>Uses the thread of its {@link Xfrm}, and no other.
 */
public final class Migration {
    private static final Logger LOG = LoggerFactory.getLogger(Migration.class);

    private final Xfrm xfrm;
    private final MigrationPlan plan;
    private final RunOptions options;
    private final MigrationListener listener;
    private final WorkBatch batch;
    private final StepRunner steps;
    private final MigrationReport.Builder report;

    private Migration(Xfrm xfrm, MigrationPlan plan, RunOptions options, MigrationListener listener) {
        this.xfrm = xfrm;
        this.plan = plan;
        this.options = options;
        this.listener = listener;
        this.batch = new WorkBatch(xfrm, options.hold().toNanos());
        this.steps = new StepRunner(xfrm, batch, options.blocking());
        this.report = new MigrationReport.Builder(plan);
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
            throw new IllegalArgumentException("the plan cannot run: " + plan.problems().getFirst()
                    + (plan.problems().size() > 1 ? ", and " + (plan.problems().size() - 1) + " more" : ""));
        }
        MigrateSupport support = xfrm.migrateSupport();
        if (support != MigrateSupport.SUPPORTED) {
            throw new NetlinkException(support.reason(), 0);
        }
        return new Migration(xfrm, plan, options, listener).run();
    }

    private MigrationReport run() throws IOException {
        LOG.info("migration begins: {}", plan);
        MigrationEvent event = new MigrationEvent();
        event.begin();
        long start = System.nanoTime();
        try (Journal journal = options.journal().isPresent() ? Journal.create(options.journal().get(), xfrm)
                : Journal.NONE) {
            runSteps(journal);
            verify();
            journal.end();
        } catch (IOException | RuntimeException | Error failed) {
            LOG.error("migration failed: {}; so far: {}", failed, reportOf(start));
            throw failed;
        }
        MigrationReport result = reportOf(start);
        event.commit(result);
        if (result.stuckGroups() > 0) {
            LOG.error("{} groups are stuck, and their outgoing packets blocked: {}", result.stuckGroups(), result);
        } else {
            LOG.info("migration ends: {}", result);
        }
        return result;
    }

    private MigrationReport reportOf(long start) {
        return report.build(Duration.ofNanos(System.nanoTime() - start), batch.traffic());
    }

    /** That it cannot be done must not cost the report: everything else has been done already. */
    private void verify() {
        if (options.verify()) {
            try {
                new Verification(xfrm, plan, report).run();
            } catch (NetlinkException refused) {
                report.failed("SAs could not be read back: " + refused.getMessage());
            }
        }
    }

    private void runSteps(Journal journal) throws IOException {
        int groups = plan.groups();
        int next = 0;
        boolean goOn = true;
        while (next < groups && goOn) {
            List<GroupWork> step = nextStep(next);
            String failure = runStep(step, next, journal);
            if (failure != null) {
                report.failed("the migration ended early, after " + next + " of " + groups + " groups: " + failure);
                return;
            }
            next += step.size();
            goOn = listener.progress(next, groups);
        }
        if (next < groups) {
            LOG.info("migration was cancelled: {} of {} groups are done, the others are untouched", next, groups);
        }
    }

    /** What makes it impossible to go on, or null. Groups that were begun are then stuck, and reported so. */
    private String runStep(List<GroupWork> step, int first, Journal journal) throws IOException {
        try {
            StepRunner.Progress[] progress = steps.prepare(step);
            int[] touched = IntStream.range(0, progress.length).filter(i -> progress[i].failure() == null).toArray();
            journal.begin(Arrays.stream(touched).mapToObj(step::get).toList());
            try {
                steps.run();
            } finally {
                report.add(first, progress);
            }
            journal.done(IntStream.range(0, touched.length)
                    .filter(place -> progress[touched[place]].state() == GroupState.STUCK).toArray());
            return null;
        } catch (NetlinkException failed) {
            LOG.error("the kernel cannot be asked any more: {}", failed.getMessage());
            return failed.getMessage();
        }
    }

    /** As many groups as fit into one transmission, but one at least. */
    private List<GroupWork> nextStep(int first) {
        List<GroupWork> step = new ArrayList<>();
        Groups groups = plan.groupTable();
        int messages = 0;
        for (int group = first; group < groups.count(); group++) {
            messages += groups.moveCount(group) + groups.policyCount(group);
            if (!step.isEmpty() && (messages > batch.limit() || groups.outgoing()[group] != groups.outgoing()[first])) {
                break;
            }
            step.add(new PlannedGroup(plan, group));
        }
        return step;
    }
}
