package org.xfrm4j.cli;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.Locale;
import org.xfrm4j.migrate.GroupState;
import org.xfrm4j.migrate.MigrationPlan;
import org.xfrm4j.migrate.MigrationReport;
import org.xfrm4j.migrate.Outcome;
import org.xfrm4j.text.Plural;

/** Tells a person what a migration did. */
final class ReportText {
    private final PrintWriter out;

    ReportText(PrintWriter out) {
        this.out = out;
    }

    void print(MigrationPlan plan, MigrationReport report) {
        line("moved", "%,d of %s, with %s", moved(report),
                Plural.grouped(plan.sas() + report.lookedAgain().sas(), "SA"),
                Plural.grouped(plan.policies(), "policy"));
        rest(report);
    }

    /** Where the plan is there no more. */
    void print(MigrationReport report) {
        line("moved", "%s", Plural.grouped(moved(report), "SA"));
        rest(report);
    }

    private static int moved(MigrationReport report) {
        return report.outcomes().getOrDefault(Outcome.MOVED, 0);
    }

    private void rest(MigrationReport report) {
        for (Outcome outcome : Outcome.values()) {
            int count = report.outcomes().getOrDefault(outcome, 0);
            if (outcome != Outcome.MOVED && count > 0) {
                line(outcome.name().toLowerCase(Locale.ROOT), "%s", Plural.grouped(count, "SA"));
            }
        }
        for (GroupState state : GroupState.values()) {
            int count = report.groups().getOrDefault(state, 0);
            if (state != GroupState.MOVED && count > 0) {
                line(state.name().toLowerCase(Locale.ROOT).replace('_', ' '), "%,d of %s", count,
                        Plural.grouped(report.groups().values().stream().mapToInt(Integer::intValue).sum(), "group"));
            }
        }
        if (report.readBack().found() > 0 || !report.readBack().missing().isEmpty()) {
            line("read back", "%s%s", report.readBack().found() == 1 ? "1 SA where it should be"
                            : Plural.grouped(report.readBack().found(), "SA") + " where they should be",
                    report.readBack().missing().isEmpty() ? ""
                            : ", " + report.readBack().missing().size() + " not there");
        }
        line("time", "%s, of which the kernel took %s; %s in %s",
                time(report.times().total().time()), time(report.times().total().kernel()),
                Plural.grouped(report.traffic().messages(), "message"),
                Plural.grouped(report.traffic().transmissions(), "transmission"));
        if (report.blackout().flows() == 1) {
            line("blocked", "1 outgoing group, for %s", time(report.blackout().longest()));
        } else if (report.blackout().flows() > 1) {
            line("blocked", "%,d outgoing groups: half of them for up to %s, 99 %% up to %s, the longest %s",
                    report.blackout().flows(), time(report.blackout().median()),
                    time(report.blackout().percentile99()), time(report.blackout().longest()));
        }
        report.notMoved().forEach(sa -> line("not moved", "%s: %s%s", sa.sa(), sa.outcome(),
                sa.refusal() == null ? "" : ", " + sa.refusal()));
        report.readBack().missing().forEach(sa -> line("missing", "%s", sa));
        report.failures().forEach(failure -> line("failure", "%s", failure));
        out.flush();
    }

    private void line(String title, String format, Object... values) {
        out.println(String.format(Locale.ROOT, "%-12s", title) + String.format(Locale.ROOT, format, values));
    }

    private static String time(Duration time) {
        double micros = time.toNanos() / 1e3;
        return micros < 1000 ? String.format(Locale.ROOT, "%.0f µs", micros)
                : micros < 1e6 ? String.format(Locale.ROOT, "%.1f ms", micros / 1e3)
                : String.format(Locale.ROOT, "%.2f s", micros / 1e6);
    }
}
