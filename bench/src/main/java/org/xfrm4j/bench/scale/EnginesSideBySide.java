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

    /** Prints a line for each round: the time until the last namespace is done; see {@link Turns}. */
    void run(int rounds) throws Exception {
        Path journals = Files.createTempDirectory(Path.of("/dev/shm"), "scale");
        List<Process> keepers = new ArrayList<>();
        try {
            List<NetworkNamespace> namespaces = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                keepers.add(SideBySide.keepNamespace());
                namespaces.add(NetworkNamespace.ofProcess(keepers.getLast().pid()));
                install(namespaces.getLast());
            }
            int[] turns = new int[count];
            new Turns(count, rounds).run(sas, taking -> round(namespaces.subList(0, taking), turns, journals));
        } finally {
            keepers.forEach(Process::destroy);
        }
        Files.delete(journals);
    }

    /** Moves the SAs of these, each of which has taken so many turns before. */
    private long round(List<NetworkNamespace> namespaces, int[] turns, Path journals) throws IOException {
        List<NamespaceMigration> migrations = new ArrayList<>();
        for (NetworkNamespace namespace : namespaces) {
            int number = migrations.size();
            migrations.add(new NamespaceMigration(namespace,
                    Gateway.moving(Ours.from(turns[number]), Ours.from(turns[number] + 1)), PlanOptions.DEFAULT,
                    RunOptions.DEFAULT.withJournal(journals.resolve("journal-" + number))));
            turns[number]++;
        }
        long start = System.nanoTime();
        Map<NetworkNamespace, NamespaceOutcome> outcomes =
                new NamespaceMigrations(namespaces.size(), NamespaceListener.NONE).run(migrations);
        long nanos = System.nanoTime() - start;
        check(outcomes);
        for (NamespaceMigration migration : migrations) {
            Files.delete(migration.running().journal().orElseThrow());
        }
        return nanos;
    }

    private void install(NetworkNamespace namespace) {
        try (Xfrm xfrm = Xfrm.open(namespace)) {
            gateway.installSas(xfrm, sas);
            gateway.installPolicies(xfrm, sas);
        }
    }

    private void check(Map<NetworkNamespace, NamespaceOutcome> outcomes) {
        for (NamespaceOutcome outcome : outcomes.values()) {
            if (!(outcome instanceof NamespaceOutcome.Ran(MigrationReport report)) || !report.isComplete()
                    || report.outcomes().getOrDefault(Outcome.MOVED, 0) != sas) {
                throw new IllegalStateException(outcome.toString());
            }
        }
    }
}
