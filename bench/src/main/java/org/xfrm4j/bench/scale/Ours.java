package org.xfrm4j.bench.scale;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.xfrm4j.SaDump;
import org.xfrm4j.SaFilter;
import org.xfrm4j.Xfrm;
import org.xfrm4j.migrate.MigrateOptions;
import org.xfrm4j.migrate.Migration;
import org.xfrm4j.migrate.MigrationListener;
import org.xfrm4j.migrate.MigrationPlan;
import org.xfrm4j.migrate.MigrationReport;
import org.xfrm4j.migrate.Migrator;
import org.xfrm4j.migrate.Outcome;
import org.xfrm4j.migrate.RunOptions;
import org.xfrm4j.netlink.KernelTimer;
import org.xfrm4j.sa.IpAddress;

/**
 * Moves a gateway's SAs there and back by this library, in a process of its own, so that its memory is that of one way
 * of doing it. Prints a line for each move of all. Ends sooner than after all rounds where that takes more than twenty
 * seconds.
 *
 * <pre>
 *   stream SHAPE SAS ROUNDS       moves them by Migrator.stream: the raw batch path
 *   engine-sas SHAPE SAS ROUNDS   moves all by MigrationPlan and Migration, with journal; there are no policies
 *   engine SHAPE SAS ROUNDS       the same with policies, which it adds before and removes afterwards
 *   namespaces SHAPE SAS ROUNDS COUNT   as stream, in one network namespace and in up to so many side by side, by turns
 *   namespace-engines SHAPE SAS ROUNDS COUNT   as engine, in as many, by NamespaceMigrations
 * </pre>
 */
public final class Ours {
    /** So long a way goes on with its rounds, where these take long: all of them would take hours. */
    private static final long MOST_NANOS = 20_000_000_000L;

    /** Of so many the later half counts, so that what is typical is not half of it how a cold JVM does. */
    private static final int LEAST_ROUNDS = 4;

    private static final int CLOCK_READINGS = 1000;

    private final Shape shape;
    private final int sas;
    private final int rounds;
    private final long start = System.nanoTime();

    private Ours(List<String> arguments) {
        shape = Shape.named(arguments.get(1));
        sas = Integer.parseInt(arguments.get(2));
        rounds = Integer.parseInt(arguments.get(3));
    }

    /**
     * Does one of these.
     *
     * @param args which, and what it needs
     * @throws Exception if it cannot be done
     */
    public static void main(String[] args) throws Exception {
        List<String> arguments = List.of(args);
        Ours ours = new Ours(arguments);
        if (arguments.getFirst().equals("namespaces")) {
            new SideBySide(ours.shape, ours.sas, Integer.parseInt(arguments.get(4))).run(ours.rounds);
            return;
        }
        if (arguments.getFirst().equals("namespace-engines")) {
            new EnginesSideBySide(ours.shape, ours.sas, Integer.parseInt(arguments.get(4))).run(ours.rounds);
            return;
        }
        try (Xfrm xfrm = Xfrm.open()) {
            switch (arguments.getFirst()) {
                case "stream" -> ours.stream(xfrm);
                case "engine-sas" -> ours.engine(xfrm);
                case "engine" -> ours.engineWithPolicies(xfrm);
                default -> throw new IllegalArgumentException(arguments.getFirst());
            }
        }
    }

    /** At least there and back, once while the JVM is cold and once more; and always back. */
    private boolean goesOn(int round) {
        return round < rounds && (round < LEAST_ROUNDS || round % 2 == 1 || System.nanoTime() - start < MOST_NANOS);
    }

    static IpAddress from(int round) {
        return round % 2 == 0 ? Gateway.HERE : Gateway.THERE;
    }

    private void stream(Xfrm xfrm) throws IOException {
        Migrator migrator = new Migrator(xfrm);
        for (int round = 0; goesOn(round); round++) {
            Meter meter = new Meter();
            long moved = move(xfrm, migrator, Gateway.HERE, Gateway.THERE);
            Result cost = meter.stop();
            print(cost.put("round", round).put("moved", moved)
                    .put("own_nanoseconds", ownNanosOfTheWayBack(xfrm, migrator))
                    .put("batch", MigrateOptions.DEFAULT.batchSize()));
        }
        System.out.println(Meter.memory());
    }

    /**
     * The time outside of system calls. Measured on a way of its own: where to ask for the time is a system call, as in the
     * embedded kernel, that takes longer than all that is measured here. What it cost inside is taken off.
     */
    private static long ownNanosOfTheWayBack(Xfrm xfrm, Migrator migrator) {
        long dumping = dumpKernelNanos(xfrm);
        long clock = clockNanos();
        try (KernelTimer requests = xfrm.requests().timeKernel()) {
            long begin = System.nanoTime();
            long moved = move(xfrm, migrator, Gateway.THERE, Gateway.HERE);
            long all = System.nanoTime() - begin;
            long batches = Math.ceilDiv(moved, MigrateOptions.DEFAULT.batchSize());
            return Math.max(0, all - requests.nanos() - dumping - batches * clock);
        }
    }

    /** What it costs to ask for the time once: so much of the two times for each batch is not in what they measure. */
    private static long clockNanos() {
        long begin = System.nanoTime();
        for (int i = 1; i < CLOCK_READINGS; i++) {
            System.nanoTime();
        }
        return (System.nanoTime() - begin) / CLOCK_READINGS;
    }

    /** What the kernel takes for a dump alone: that of a move runs over another socket, whose time nobody tells. */
    private static long dumpKernelNanos(Xfrm xfrm) {
        try (KernelTimer kernel = xfrm.requests().timeKernel(); SaDump dump = xfrm.sas().dump(SaFilter.ALL)) {
            while (dump.next()) {
                // Only the kernel's part is of interest.
            }
            return kernel.nanos();
        }
    }

    static long move(Xfrm xfrm, Migrator migrator, IpAddress from, IpAddress to) {
        return migrator.stream(SaFilter.ALL, Gateway.moving(from, to), report -> { }).moved();
    }

    private void engineWithPolicies(Xfrm xfrm) throws IOException {
        new Gateway(shape).installPolicies(xfrm, sas);
        engine(xfrm);
        xfrm.policies().flush();
    }

    private void engine(Xfrm xfrm) throws IOException {
        Path folder = Files.createTempDirectory(Path.of("/dev/shm"), "scale");
        for (int round = 0; goesOn(round); round++) {
            Path journal = folder.resolve("journal");
            Meter meter = new Meter();
            Result result = engineRound(xfrm, from(round), from(round + 1), journal);
            print(meter.stop().put("round", round).putAll(result));
            Files.delete(journal);
        }
        Files.delete(folder);
        System.out.println(Meter.memory());
    }

    private static Result engineRound(Xfrm xfrm, IpAddress from, IpAddress to, Path journal) throws IOException {
        long start = System.nanoTime();
        try (MigrationPlan plan = MigrationPlan.of(xfrm, Gateway.moving(from, to))) {
            long planned = System.nanoTime() - start;
            MigrationReport report = Migration.run(xfrm, plan, RunOptions.DEFAULT.withJournal(journal),
                    MigrationListener.NONE);
            if (!report.isComplete()) {
                throw new IllegalStateException(report.toString());
            }
            return new Result().put("moved", report.outcomes().getOrDefault(Outcome.MOVED, 0))
                    .put("plan_nanoseconds", planned)
                    .put("own_nanoseconds", own(report.times().planning()) + own(report.times().total()))
                    .putAll(phases(report.times()))
                    .put("journal_bytes", Files.size(journal))
                    .put("policies", plan.policies()).put("groups", plan.groups())
                    .putAll(traffic(report));
        }
    }

    private static long own(MigrationReport.Spent spent) {
        return spent.time().minus(spent.kernel()).toNanos();
    }

    private static Result phases(MigrationReport.Times times) {
        Result result = new Result();
        times.phases().forEach((phase, spent) -> {
            String name = phase.name().toLowerCase(Locale.ROOT);
            result.put(name + "_nanoseconds", spent.time().toNanos())
                    .put(name + "_kernel_nanoseconds", spent.kernel().toNanos());
        });
        return result;
    }

    private static Result traffic(MigrationReport report) {
        MigrationReport.Traffic traffic = report.traffic();
        MigrationReport.Blackout blackout = report.blackout();
        return new Result().put("messages", traffic.messages()).put("transmissions", traffic.transmissions())
                .put("longest_hold_nanoseconds", traffic.longest().toNanos())
                .put("blackout_median_nanoseconds", blackout.median().toNanos())
                .put("blackout_p99_nanoseconds", blackout.percentile99().toNanos())
                .put("blackout_longest_nanoseconds", blackout.longest().toNanos());
    }

    private void print(Result result) {
        if (result.number("moved") != sas) {
            throw new IllegalStateException(result.number("moved") + " of " + sas + " SAs moved");
        }
        System.out.println(result);
    }
}
