package org.xfrm4j.cli;

import java.io.IOException;
import java.util.List;
import org.xfrm4j.MigrateSupport;
import org.xfrm4j.Xfrm;
import org.xfrm4j.json.JsonWriter;
import org.xfrm4j.migrate.LegacyMigration;
import org.xfrm4j.migrate.Migration;
import org.xfrm4j.migrate.MigrationListener;
import org.xfrm4j.migrate.MigrationPlan;
import org.xfrm4j.migrate.MigrationReport;
import org.xfrm4j.migrate.PlanProblem;
import org.xfrm4j.netlink.NetlinkException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Moves the SAs of a gateway, with their policies. */
@Command(name = "migrate", sortOptions = false,
        description = "Move SAs to new addresses, with the policies that use them: plan, run, report.",
        footer = {"", "Examples:",
            "  xfrm4j migrate --from 192.0.2.1 --to 203.0.113.1 --dry-run",
            "  xfrm4j migrate --from 192.0.2.1 --to 203.0.113.1 --journal /var/lib/xfrm4j/move",
            "  xfrm4j migrate --peer-from 198.51.100.0/24 --peer-to 2001:db8::/120 --from 192.0.2.1 --to 2001:db8:1::1",
            "  xfrm4j migrate --from 192.0.2.1 --to 203.0.113.1 --proto esp --reqid 17 --new-encap 4500:4500",
            "  xfrm4j migrate --from 192.0.2.1 --to 203.0.113.1 --netns red --netns blue",
            "",
            "Ctrl-C stops between two groups of SAs; the same command again goes on. After a crash 'xfrm4j recover'"
                    + " puts"
                + " in order what the journal tells of.",
            "",
            "Kernels before Linux 7.2 have no XFRM_MSG_MIGRATE_STATE. What the older XFRM_MSG_MIGRATE can do of a plan"
                + " is done with --legacy: one call for each policy, which moves the SA that each of its templates"
                + " means. It cannot change reqids, selectors or marks, nor take encapsulation away, nor move SAs that"
                + " no policy names by their ends or of which several stand under one template: such a plan does not"
                + " run, and says why. It writes no journal and does not look for SAs that came meanwhile. On a kernel"
                + " that has both, XFRM_MSG_MIGRATE_STATE is the exact one.",
            "",
            "Status: 0 all SAs moved, or the plan can run; 1 some did not, or the plan has problems; 3 the kernel"
                    + " cannot"
                + " do it; 4 interrupted. Of several network namespaces the worst: 1 before 3 before 4."})
final class Migrate extends OutputCommand {
    @Mixin
    private PlanningOptions planning;

    @Mixin
    private RunningOptions running;

    @Mixin
    private NetnsListOption netns;

    @Option(names = "--dry-run", order = 30, description = "Print the plan, and do nothing.")
    private boolean dryRun;

    @Option(names = "--legacy", order = 37,
            description = "Use the older XFRM_MSG_MIGRATE, also where the kernel has XFRM_MSG_MIGRATE_STATE: see"
                    + " below.")
    private boolean legacy;

    @Option(names = {"-q", "--quiet"}, order = 38, description = "Do not show how far it is.")
    private boolean quiet;

    private boolean cancelled;

    @Override
    public Integer call() throws IOException {
        List<Place> places = netns.places();
        if (legacy && running.notForLegacy() != null) {
            throw new UsageException(running.notForLegacy() + ": XFRM_MSG_MIGRATE has nothing of the kind, and --legacy"
                    + " was told");
        }
        if (places.size() == 1) {
            try (Xfrm xfrm = root().open(places.getFirst().namespace());
                    MigrationPlan plan = MigrationPlan.of(xfrm, planning.rule(), planning.options())) {
                return dryRun ? showPlan(plan) : migrate(xfrm, plan);
            }
        }
        if (legacy) {
            throw new UsageException("--legacy: in one network namespace at a time");
        }
        MigrateSeveral several = new MigrateSeveral(this, places, planning, running);
        return dryRun ? several.plan() : several.migrate(quiet);
    }

    private int showPlan(MigrationPlan plan) throws IOException {
        List<PlanProblem> legacyProblems = legacy && plan.problems().isEmpty() ? plan.legacyProblems() : List.of();
        if (isJson()) {
            printed(json -> {
                json.beginObject();
                writePlan(json, plan);
                if (legacy) {
                    json.name("legacy_problems").beginList();
                    legacyProblems.forEach(json::write);
                    json.endList();
                }
                json.endObject();
            });
        } else {
            plan.print(out());
            out().flush();
        }
        plan.problems().forEach(problem -> warn(problem.toString()));
        legacyProblems.forEach(problem -> warn("XFRM_MSG_MIGRATE cannot do it: " + problem));
        return plan.problems().isEmpty() && legacyProblems.isEmpty() ? ExitStatus.DONE : ExitStatus.NOT_ALL;
    }

    /** Counts, and what becomes of each group. */
    static void writePlan(JsonWriter json, MigrationPlan plan) {
        json.name("plan").write(plan);
        json.name("groups").beginList();
        for (int group = 0; group < plan.groups(); group++) {
            json.write(plan.group(group));
        }
        json.endList();
    }

    private int migrate(Xfrm xfrm, MigrationPlan plan) throws IOException {
        checkSupport(xfrm.migrateSupport(), plan);
        if (!plan.problems().isEmpty()) {
            plan.problems().forEach(problem -> warn(problem.toString()));
            throw new NotDoneException("the plan cannot run, and nothing was touched: see above");
        }
        List<PlanProblem> legacyProblems = legacy ? plan.legacyProblems() : List.of();
        if (!legacyProblems.isEmpty()) {
            legacyProblems.forEach(problem -> warn(problem.toString()));
            throw new NotDoneException("XFRM_MSG_MIGRATE cannot do what the plan says, and nothing was touched: see"
                    + " above");
        }
        try (Interruption interruption = Interruption.await()) {
            MigrationReport report = run(xfrm, plan, interruption);
            if (isJson()) {
                printed(json -> write(json, plan, report));
            } else {
                new ReportText(out()).print(plan, report);
            }
            report.stuck().forEach(stuck -> warn("STUCK, and its outgoing packets blocked: " + stuck));
            if (cancelled) {
                warn("interrupted between two groups: those that were begun are done, the others untouched. The same"
                        + " command goes on" + (running.journal() == null ? "."
                        : ", with another journal: this one is complete."));
            }
            return status(report, cancelled);
        }
    }

    static int status(MigrationReport report, boolean cancelled) {
        return !report.stuck().isEmpty() ? ExitStatus.NOT_ALL : cancelled ? ExitStatus.INTERRUPTED
                : report.isComplete() ? ExitStatus.DONE : ExitStatus.NOT_ALL;
    }

    private void checkSupport(MigrateSupport support, MigrationPlan plan) {
        if (support == MigrateSupport.SUPPORTED || legacy && support == MigrateSupport.OLD_KERNEL) {
            return;
        }
        String advice = "";
        if (support == MigrateSupport.OLD_KERNEL && plan.problems().isEmpty()) {
            List<PlanProblem> problems = plan.legacyProblems();
            advice = problems.isEmpty() ? "; the older XFRM_MSG_MIGRATE can run this plan, see --legacy"
                    : "; nor can the older XFRM_MSG_MIGRATE do what the plan says: " + problems.getFirst();
        }
        throw new NotDoneException(support.reason() + advice + "; nothing was touched", ExitStatus.UNSUPPORTED);
    }

    private MigrationReport run(Xfrm xfrm, MigrationPlan plan, Interruption interruption) throws IOException {
        Progress progress = new Progress(err(), "group", !quiet && Progress.isTerminal(), System.nanoTime());
        MigrationListener listener = (done, all) -> {
            if (!quiet) {
                progress.show(done, all, System.nanoTime());
            }
            boolean goOn = !interruption.isAsked();
            cancelled = !goOn && done < all;
            return goOn;
        };
        try {
            return legacy ? LegacyMigration.run(xfrm, plan, listener)
                    : Migration.run(xfrm, plan, running.options(running.journal()), listener);
        } catch (NetlinkException | IOException failed) {
            if (running.journal() != null) {
                warn("what was begun is put in order by: xfrm4j recover --journal " + running.journal());
            }
            throw failed;
        } finally {
            progress.end();
        }
    }

    private void write(JsonWriter json, MigrationPlan plan, MigrationReport report) {
        json.beginObject();
        json.name("plan").write(plan);
        json.name("report").write(report);
        json.name("interrupted").value(cancelled);
        json.endObject();
    }
}
