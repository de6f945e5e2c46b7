package org.xfrm4j.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.xfrm4j.MigrateSupport;
import org.xfrm4j.Xfrm;
import org.xfrm4j.json.JsonWriter;
import org.xfrm4j.migrate.Migration;
import org.xfrm4j.migrate.MigrationPlan;
import org.xfrm4j.migrate.MigrationReport;
import org.xfrm4j.migrate.MoveRule;
import org.xfrm4j.migrate.PlanOptions;
import org.xfrm4j.migrate.RunOptions;
import org.xfrm4j.netlink.NetlinkException;
import org.xfrm4j.sa.IpAddress;
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
            "",
            "Ctrl-C stops between two groups of SAs; the same command again goes on. After a crash 'xfrm4j recover'"
                    + " puts"
                + " in order what the journal tells of.",
            "",
            "Status: 0 all SAs moved, or the plan can run; 1 some did not, or the plan has problems; 3 the kernel"
                    + " cannot"
                + " do it; 4 interrupted."})
final class Migrate extends KernelCommand {
    @Mixin
    private ChangeOptions changes;

    @Mixin
    private FilterOptions filter;

    @Option(names = "--dry-run", order = 30, description = "Print the plan, and do nothing.")
    private boolean dryRun;

    @Option(names = "--journal", paramLabel = "FILE", order = 31,
            description = "A new file, in which stands what undoes each step before it is done: to recover from a"
                    + " crash.")
    private Path journal;

    @Option(names = "--parking", paramLabel = "ADDRESS", split = ",", order = 31,
            description = "Free addresses by way of which SAs go that wait for each other, as when two change places.")
    private List<IpAddress> parking = List.of();

    @Option(names = "--sas-only", order = 32,
            description = "Leave policies alone. Nothing blocks while SAs move: to see to that is then yours.")
    private boolean sasOnly;

    @Option(names = "--no-idle-policies", order = 32,
            description = "Leave policies alone that use no SA at the moment.")
    private boolean noIdlePolicies;

    @Option(names = "--no-block", order = 33,
            description = "Do not block outgoing policies while their SAs move; the kernel may ask for SAs meanwhile.")
    private boolean noBlock;

    @Option(names = "--no-verify", order = 34, description = "Do not read all SAs back at the end.")
    private boolean noVerify;

    @Option(names = "--hold", paramLabel = "MS", order = 35,
            description = "How long the kernel may be kept from serving others, an IKE daemon for instance, in"
                    + " milliseconds;"
                    + " 5 unless told.")
    private Duration hold;

    @Option(names = "--looks", paramLabel = "N", order = 36,
            description = "How often to look afterwards for SAs that came meanwhile, and move them; 3 unless told.")
    private Integer looks;

    @Option(names = {"-q", "--quiet"}, order = 37, description = "Do not show how far it is.")
    private boolean quiet;

    private boolean cancelled;

    @Override
    int run(Xfrm xfrm) throws IOException {
        RunOptions options = options();
        MoveRule rule = MoveRule.of(changes.selection().and(filter.selection()), changes.change());
        try (MigrationPlan plan = MigrationPlan.of(xfrm, rule, planOptions())) {
            if (dryRun) {
                return showPlan(plan);
            }
            if (!plan.problems().isEmpty()) {
                plan.problems().forEach(problem -> warn(problem.toString()));
                throw new NotDoneException("the plan cannot run, and nothing was touched: see above");
            }
            MigrateSupport support = xfrm.migrateSupport();
            if (support != MigrateSupport.SUPPORTED) {
                throw new NotDoneException(support.reason() + ": nothing was touched", ExitStatus.UNSUPPORTED);
            }
            return migrate(xfrm, plan, options);
        }
    }

    private PlanOptions planOptions() {
        PlanOptions options = sasOnly ? PlanOptions.SAS_ONLY : PlanOptions.DEFAULT;
        options = noIdlePolicies ? options.withoutIdlePolicies() : options;
        return options.parking(parking.toArray(IpAddress[]::new));
    }

    private RunOptions options() {
        RunOptions options = RunOptions.DEFAULT;
        options = noBlock ? options.withoutBlocking() : options;
        options = noVerify ? options.withoutVerifying() : options;
        options = hold == null ? options : options.withHold(hold);
        options = looks == null ? options : options.withLooks(looks);
        return journal == null ? options : options.withJournal(journal);
    }

    private int showPlan(MigrationPlan plan) throws IOException {
        if (isJson()) {
            printed(json -> {
                json.beginObject();
                json.name("plan").write(plan);
                json.endObject();
            });
        } else {
            plan.print(out());
            out().flush();
        }
        plan.problems().forEach(problem -> warn(problem.toString()));
        return plan.problems().isEmpty() ? ExitStatus.DONE : ExitStatus.NOT_ALL;
    }

    private int migrate(Xfrm xfrm, MigrationPlan plan, RunOptions options) throws IOException {
        try (Interruption interruption = Interruption.await()) {
            MigrationReport report = run(xfrm, plan, options, interruption);
            if (isJson()) {
                printed(json -> write(json, plan, report));
            } else {
                new ReportText(out()).print(plan, report);
            }
            report.stuck().forEach(stuck -> warn("STUCK, and its outgoing packets blocked: " + stuck));
            if (cancelled) {
                warn("interrupted between two groups: those that were begun are done, the others untouched. The same"
                        + " command goes on" + (journal == null ? "." : ", with another journal: this one is"
                        + " complete."));
            }
            return !report.stuck().isEmpty() ? ExitStatus.NOT_ALL : cancelled ? ExitStatus.INTERRUPTED
                    : report.isComplete() ? ExitStatus.DONE : ExitStatus.NOT_ALL;
        }
    }

    private MigrationReport run(Xfrm xfrm, MigrationPlan plan, RunOptions options, Interruption interruption)
            throws IOException {
        Progress progress = new Progress(err(), "groups", !quiet && Progress.isTerminal(), System.nanoTime());
        try {
            return Migration.run(xfrm, plan, options, (done, all) -> {
                if (!quiet) {
                    progress.show(done, all, System.nanoTime());
                }
                boolean goOn = !interruption.isAsked();
                cancelled = !goOn && done < all;
                return goOn;
            });
        } catch (NetlinkException | IOException failed) {
            if (journal != null) {
                warn("what was begun is put in order by: xfrm4j recover --journal " + journal);
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
