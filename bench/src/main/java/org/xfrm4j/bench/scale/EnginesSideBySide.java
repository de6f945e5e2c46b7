package org.xfrm4j.bench.scale;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.xfrm4j.Xfrm;
import org.xfrm4j.migrate.MigrationReport;
import org.xfrm4j.migrate.NamespaceListener;
import org.xfrm4j.migrate.NamespaceMigration;
import org.xfrm4j.migrate.NamespaceMigrations;
import org.xfrm4j.migrate.NamespaceOutcome;
import org.xfrm4j.migrate.Outcome;
import org.xfrm4j.migrate.PlanOptions;
import org.xfrm4j.migrate.RunOptions;
import org.xfrm4j.netlink.NetworkNamespace;

/**
 * Moves the SAs of several network namespaces with their policies by {@link NamespaceMigrations}: planned, journalled
 * and verified, a thread for each. What it takes to start the threads and to open the sockets counts as well.
 */
final class EnginesSideBySide {
    private final Gateway gateway;
    private final int sas;
    private final int count;

    EnginesSideBySide(Shape shape, int sas, int count) {
        this.gateway = new Gateway(shape);
        this.sas = sas;
        this.count = count;
    }

    /** Prints a line for each round: the time until the last namespace is done. */
    void run(int rounds) throws IOException {
        Path journals = Files.createTempDirectory(Path.of("/dev/shm"), "scale");
        List<Process> keepers = new ArrayList<>();
        try {
            List<NetworkNamespace> namespaces = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                keepers.add(SideBySide.keepNamespace());
                namespaces.add(NetworkNamespace.ofProcess(keepers.getLast().pid()));
                install(namespaces.getLast());
            }
            for (int round = 0; round < rounds; round++) {
                List<NamespaceMigration> migrations = migrations(namespaces, round, journals);
                Meter meter = new Meter();
                Map<NetworkNamespace, NamespaceOutcome> outcomes =
                        new NamespaceMigrations(count, NamespaceListener.NONE).run(migrations);
                long nanos = meter.stop().number("nanoseconds");
                System.out.println(new Result().put("round", round).put("namespaces", count).put("nanoseconds", nanos)
                        .put("moved", moved(outcomes)));
                for (NamespaceMigration migration : migrations) {
                    Files.delete(migration.running().journal().orElseThrow());
                }
            }
        } finally {
            keepers.forEach(Process::destroy);
        }
        Files.delete(journals);
    }

    private void install(NetworkNamespace namespace) {
        try (Xfrm xfrm = Xfrm.open(namespace)) {
            gateway.installSas(xfrm, sas);
            gateway.installPolicies(xfrm, sas);
        }
    }

    private static List<NamespaceMigration> migrations(List<NetworkNamespace> namespaces, int round, Path journals) {
        List<NamespaceMigration> migrations = new ArrayList<>();
        for (NetworkNamespace namespace : namespaces) {
            migrations.add(new NamespaceMigration(namespace,
                    Gateway.moving(Ours.from(round), Ours.from(round + 1)), PlanOptions.DEFAULT,
                    RunOptions.DEFAULT.withJournal(journals.resolve("journal-" + migrations.size()))));
        }
        return migrations;
    }

    private long moved(Map<NetworkNamespace, NamespaceOutcome> outcomes) {
        long moved = 0;
        for (NamespaceOutcome outcome : outcomes.values()) {
            if (!(outcome instanceof NamespaceOutcome.Ran(MigrationReport report)) || !report.isComplete()) {
                throw new IllegalStateException(outcome.toString());
            }
            moved += report.outcomes().getOrDefault(Outcome.MOVED, 0);
        }
        if (moved != (long) count * sas) {
            throw new IllegalStateException(moved + " of " + (long) count * sas + " SAs moved");
        }
        return moved;
    }
}
