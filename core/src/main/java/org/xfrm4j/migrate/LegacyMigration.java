package org.xfrm4j.migrate;

import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xfrm4j.MigrateSupport;
import org.xfrm4j.Xfrm;
import org.xfrm4j.netlink.NetlinkException;

/**
 * Runs a plan by the older XFRM_MSG_MIGRATE, for kernels before Linux 7.2: one call for each policy, which changes its
 * templates' addresses and moves the SA that each means. Only on demand: nothing else uses it.
 *
 * <p>It cannot do what {@link Migration} does. {@link MigrationPlan#legacyProblems} says what of a plan it cannot
 * express, and such a plan does not run: changes of reqid, selector or mark, encapsulation that is removed, SAs that no
 * policy names by their ends, several SAs under one template. It writes no journal, looks for no SAs that were added
 * meanwhile, and holds the kernel's lock for one call at a time.
 *
 * <p>Incoming groups first. The policies of an outgoing group block while its calls are made, templates and all, since
 * the kernel copies the sequence number before it deletes the old SA: a packet in between would have its IV used again.
 * A group of which a call fails is taken back by the opposite calls; if that fails it is left blocked, and the report
 * says so first.
 *
 * <p>The kernel finds a policy as if a packet from the selector's first source address to its first destination passed,
 * so that a policy before it may be taken for it. That is found out by reading back, and taken back.
 *
 * <p>A kernel without CONFIG_XFRM_MIGRATE has neither message. To delete SAs and add them again is not offered: their
 * sequence numbers, and so their IVs, would be used twice.
 *
 * <p>Uses the thread of its {@link Xfrm}, and no other.
 */
public final class LegacyMigration {
    private static final Logger LOG = LoggerFactory.getLogger(LegacyMigration.class);

    private LegacyMigration() {
    }

    /**
     * Runs a plan.
     *
     * @param xfrm the same namespace that the plan was made of
     * @param plan one without problems, {@linkplain MigrationPlan#legacyProblems legacy ones} included
     * @param listener follows it, and may end it between groups
     * @return what became of every SA and every group
     * @throws IllegalArgumentException if the plan has problems: nothing was touched
     * @throws NetlinkException if the kernel cannot do it ({@link Xfrm#migrateSupport}): nothing was touched
     */
    public static MigrationReport run(Xfrm xfrm, MigrationPlan plan, MigrationListener listener) {
        requireNone(plan.problems(), "the plan cannot run: ");
        MigrateSupport support = xfrm.migrateSupport();
        if (support != MigrateSupport.SUPPORTED && support != MigrateSupport.OLD_KERNEL) {
            throw new NetlinkException(support.reason() + advice(support, plan), 0);
        }
        requireNone(plan.legacyProblems(), "XFRM_MSG_MIGRATE cannot do what the plan says: ");
        if (support == MigrateSupport.SUPPORTED) {
            LOG.warn("this kernel has XFRM_MSG_MIGRATE_STATE, which is exact; XFRM_MSG_MIGRATE is used as demanded");
        }
        LOG.info("migration by XFRM_MSG_MIGRATE begins: {}", plan);
        try (PhaseClock clock = new PhaseClock(xfrm)) {
            Pass pass = new Pass(0, plan);
            ReportBuilder report = new ReportBuilder();
            Traffic traffic = new Traffic();
            clock.turnTo(MigrationPhase.MOVE);
            runGroups(xfrm, pass, report, traffic, listener);
            clock.turnTo(MigrationPhase.VERIFY);
            verify(xfrm, pass, report);
            clock.turnTo(MigrationPhase.OTHER);
            MigrationReport result = report.build(clock.times(plan.origin().spent()), traffic);
            LOG.info("migration by XFRM_MSG_MIGRATE ends: {}", result);
            return result;
        }
    }

    private static void requireNone(List<PlanProblem> problems, String what) {
        if (!problems.isEmpty()) {
            throw new IllegalArgumentException(what + problems.getFirst()
                    + (problems.size() > 1 ? ", and " + (problems.size() - 1) + " more" : ""));
        }
    }

    private static void runGroups(Xfrm xfrm, Pass pass, ReportBuilder report, Traffic traffic,
            MigrationListener listener) {
        MigrationPlan plan = pass.plan();
        LegacyCalls calls = new LegacyCalls(plan);
        boolean goOn = true;
        try {
            for (int group = 0; group < plan.groups() && goOn; group++) {
                LegacyGroup work = new LegacyGroup(xfrm, plan, group, calls, traffic);
                try {
                    work.run();
                } finally {
                    report.add(pass, group, work);
                }
                goOn = listener.progress(group + 1, plan.groups());
            }
        } catch (NetlinkException failed) {
            LOG.error("the kernel cannot be asked any more: {}", failed.getMessage());
            report.failed("the migration ended early: " + failed.getMessage());
        } finally {
            report.endOf(pass);
        }
    }

    private static void verify(Xfrm xfrm, Pass pass, ReportBuilder report) {
        Places places = new Places();
        places.add(pass);
        try {
            Verification.run(xfrm, places);
            places.report(report);
        } catch (NetlinkException refused) {
            report.failed("SAs could not be read back: " + refused.getMessage());
        }
    }

    /** What can be done where XFRM_MSG_MIGRATE_STATE cannot, as the end of a sentence. */
    static String advice(MigrateSupport support, MigrationPlan plan) {
        return switch (support) {
            case OLD_KERNEL -> {
                List<PlanProblem> problems = plan.legacyProblems();
                yield problems.isEmpty()
                        ? "; LegacyMigration can run this plan by the older XFRM_MSG_MIGRATE, if that is wanted"
                        : "; nor can the older XFRM_MSG_MIGRATE do what the plan says: " + problems.getFirst();
            }
            case CONFIG_OFF -> ", which the older XFRM_MSG_MIGRATE needs as well";
            case SUPPORTED, NO_PERMISSION, COMPAT_TASK -> "";
        };
    }
}
