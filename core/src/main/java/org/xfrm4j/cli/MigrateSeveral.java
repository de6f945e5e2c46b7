package org.xfrm4j.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.xfrm4j.MigrateSupport;
import org.xfrm4j.Xfrm;
import org.xfrm4j.json.JsonWriter;
import org.xfrm4j.migrate.MigrationPlan;
import org.xfrm4j.migrate.MigrationReport;
import org.xfrm4j.migrate.MoveRule;
import org.xfrm4j.migrate.NamespaceMigration;
import org.xfrm4j.migrate.NamespaceMigrations;
import org.xfrm4j.migrate.NamespaceOutcome;
import org.xfrm4j.netlink.NetlinkException;
import org.xfrm4j.netlink.NetworkNamespace;

/** {@code migrate} in several network namespaces. */
final class MigrateSeveral {
    private final OutputCommand command;
    private final List<Place> places;
    private final PlanningOptions planning;
    private final RunningOptions running;
    private final AtomicBoolean cancelled = new AtomicBoolean();

    MigrateSeveral(OutputCommand command, List<Place> places, PlanningOptions planning, RunningOptions running) {
        this.command = command;
        this.places = places;
        this.planning = planning;
        this.running = running;
    }

    // ---- to plan ----

    /** Prints the plans, and does nothing. */
    int plan() throws IOException {
        if (!command.isJson()) {
            return plans(null);
        }
        try (JsonWriter json = command.json()) {
            json.beginObject();
            json.name("namespaces").beginList();
            int status = plans(json);
            json.endList();
            json.endObject();
            return status;
        }
    }

    private int plans(JsonWriter json) throws IOException {
        int status = ExitStatus.DONE;
        for (Place place : places) {
            try (Xfrm xfrm = command.root().open(place.namespace());
                    MigrationPlan plan = MigrationPlan.of(xfrm, planning.rule(), planning.options())) {
                print(json, place, plan);
                plan.problems().forEach(problem -> command.warn(place + ": " + problem));
                status = plan.problems().isEmpty() ? status : ExitStatus.NOT_ALL;
            }
        }
        return status;
    }

    private void print(JsonWriter json, Place place, MigrationPlan plan) throws IOException {
        if (json == null) {
            command.out().println(place);
            plan.print(command.out());
            command.out().flush();
        } else {
            json.beginObject();
            json.name("namespace").value(place.toString());
            Migrate.writePlan(json, plan);
            json.endObject();
        }
    }

    // ---- to run ----

    /** Migrates, and reports. */
    int migrate(boolean quiet) {
        places.forEach(this::check);
        MoveRule rule = planning.rule();
        List<NamespaceMigration> migrations = places.stream().map(place -> new NamespaceMigration(place.namespace(),
                rule, planning.options(), running.options(journal(place)))).toList();
        try (Interruption interruption = Interruption.await()) {
            Map<NetworkNamespace, NamespaceOutcome> outcomes = run(migrations, interruption, quiet);
            report(outcomes);
            if (cancelled.get()) {
                command.warn("interrupted between two groups: those that were begun are done, the others untouched. The"
                        + " same command goes on in all of them, or in one with its --netns alone"
                        + (running.journal() == null ? "." : ", with another journal: these are complete."));
            }
            return outcomes.values().stream().mapToInt(this::status).reduce(ExitStatus.DONE, MigrateSeveral::worse);
        }
    }

    /** What cannot be done in one of them is found before anything is touched in another. */
    private void check(Place place) {
        try (Xfrm xfrm = command.root().open(place.namespace())) {
            MigrateSupport support = xfrm.migrateSupport();
            if (support != MigrateSupport.SUPPORTED) {
                throw new NotDoneException(place + ": " + support.reason() + "; nothing was touched in any",
                        ExitStatus.UNSUPPORTED);
            }
        } catch (NetlinkException refused) {
            throw new NotDoneException(place + ": " + Failures.words(refused) + "; nothing was touched in any",
                    Failures.status(refused));
        }
    }

    private Path journal(Place place) {
        return running.journal() == null ? null : place.own(running.journal());
    }

    private Map<NetworkNamespace, NamespaceOutcome> run(List<NamespaceMigration> migrations,
            Interruption interruption, boolean quiet) {
        Progress progress = new Progress(command.err(), "group", !quiet && Progress.isTerminal(), System.nanoTime());
        Sum sum = new Sum(quiet ? null : progress);
        NamespaceMigrations[] all = new NamespaceMigrations[1];
        all[0] = new NamespaceMigrations(Runtime.getRuntime().availableProcessors(), (namespace, done, groups) -> {
            sum.show(namespace, done, groups);
            if (!interruption.isAsked()) {
                return true;
            }
            if (done < groups) {
                cancelled.set(true);
            }
            // The others, too, and those that are not yet begun.
            all[0].cancel();
            return false;
        });
        try {
            return all[0].run(migrations);
        } finally {
            progress.end();
        }
    }

    /** How far all are together; of those that are not planned yet nothing is known. */
    private static final class Sum {
        private final Progress progress;
        private final Map<NetworkNamespace, int[]> groups = new LinkedHashMap<>();

        Sum(Progress progress) {
            this.progress = progress;
        }

        synchronized void show(NetworkNamespace namespace, int done, int all) {
            groups.put(namespace, new int[] {done, all});
            if (progress != null) {
                progress.show(groups.values().stream().mapToInt(each -> each[0]).sum(),
                        groups.values().stream().mapToInt(each -> each[1]).sum(), System.nanoTime());
            }
        }
    }

    // ---- to tell ----

    private void report(Map<NetworkNamespace, NamespaceOutcome> outcomes) {
        if (outcomes.containsValue(new NamespaceOutcome.NotBegun())) {
            cancelled.set(true);
        }
        if (command.isJson()) {
            command.printed(json -> {
                json.beginObject();
                json.name("namespaces").beginList();
                outcomes.forEach(json::write);
                json.endList();
                json.name("interrupted").value(cancelled.get());
                json.endObject();
            });
        }
        for (Place place : places) {
            NamespaceOutcome outcome = outcomes.get(place.namespace());
            if (!command.isJson()) {
                print(place, outcome);
            }
            complain(place, outcome);
        }
    }

    private void print(Place place, NamespaceOutcome outcome) {
        command.out().println(place);
        switch (outcome) {
            case NamespaceOutcome.Ran ran -> new ReportText(command.out()).print(ran.report());
            case NamespaceOutcome.Refused refused -> command.out().println("untouched   the plan cannot run");
            case NamespaceOutcome.Failed failed -> command.out().println("failed      " + words(failed));
            case NamespaceOutcome.NotBegun notBegun -> command.out().println("untouched   not begun");
        }
        command.out().flush();
    }

    private void complain(Place place, NamespaceOutcome outcome) {
        switch (outcome) {
            case NamespaceOutcome.Ran ran -> {
                ran.report().stuck().forEach(stuck ->
                        command.warn(place + ": STUCK, and its outgoing packets blocked: " + stuck));
                if (cancelled.get() && !ran.report().isComplete()) {
                    command.warn(place + ": interrupted, goes on with --netns " + place.name());
                }
            }
            case NamespaceOutcome.Refused refused -> {
                refused.problems().forEach(problem -> command.warn(place + ": " + problem));
                command.warn(place + ": the plan cannot run, and nothing was touched there: see above");
            }
            case NamespaceOutcome.Failed failed -> {
                command.warn(place + ": " + words(failed));
                if (running.journal() != null) {
                    command.warn("what was begun is put in order by: xfrm4j recover --journal " + journal(place)
                            + " --netns " + place.name());
                }
            }
            case NamespaceOutcome.NotBegun notBegun ->
                    command.warn(place + ": not begun, goes on with --netns " + place.name());
        }
    }

    private static String words(NamespaceOutcome.Failed failed) {
        return failed.cause() instanceof Exception exception ? Failures.words(exception) : failed.cause().toString();
    }

    private int status(NamespaceOutcome outcome) {
        return switch (outcome) {
            case NamespaceOutcome.Ran ran -> status(ran.report());
            case NamespaceOutcome.Refused refused -> ExitStatus.NOT_ALL;
            case NamespaceOutcome.Failed failed -> failed.cause() instanceof NetlinkException refused
                    ? Failures.status(refused) : ExitStatus.NOT_ALL;
            case NamespaceOutcome.NotBegun notBegun -> ExitStatus.INTERRUPTED;
        };
    }

    private int status(MigrationReport report) {
        return Migrate.status(report, cancelled.get() && !report.isComplete());
    }

    /** Something that somebody has to look at counts more than what cannot be done, that more than an interruption. */
    private static int worse(int one, int another) {
        for (int status : new int[] {ExitStatus.NOT_ALL, ExitStatus.UNSUPPORTED, ExitStatus.INTERRUPTED}) {
            if (one == status || another == status) {
                return status;
            }
        }
        return ExitStatus.DONE;
    }
}
