package org.xfrm4j.bench.jmh;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.results.format.ResultFormatFactory;
import org.openjdk.jmh.results.format.ResultFormatType;
import org.xfrm4j.MigrateSupport;
import org.xfrm4j.Xfrm;
import org.xfrm4j.XfrmException;

/**
 * Measures the groups that are named, or all; see {@code bench/jmh}, which starts this in a network namespace of its
 * own: all SAs and policies of the namespace that it runs in are deleted.
 *
 * <p>Writes into a folder: {@code jmh.json} (JMH's raw results), {@code environment.json}, {@code ratios.txt} and
 * {@code jmh.log}. No file tells the folders of the machine.
 */
public final class Benchmarks {
    private static final int WRONG_USAGE = 2;

    private Effort effort = Effort.FULL;
    private boolean onlyList;
    private Path folder = Path.of("jmh-results");
    private final Set<Group> groups = EnumSet.noneOf(Group.class);

    private Benchmarks(String... arguments) {
        for (int i = 0; i < arguments.length; i++) {
            switch (arguments[i]) {
                case "--quick" -> effort = Effort.QUICK;
                case "--list" -> onlyList = true;
                case "--smoke" -> effort = Effort.SMOKE;
                case "--to" -> {
                    if (++i == arguments.length) {
                        throw new IllegalArgumentException("--to needs a folder");
                    }
                    folder = Path.of(arguments[i]);
                }
                default -> groups.add(group(arguments[i]));
            }
        }
        if (groups.isEmpty()) {
            groups.addAll(EnumSet.allOf(Group.class));
        }
    }

    private static Group group(String word) {
        return Arrays.stream(Group.values()).filter(group -> group.word().equals(word)).findFirst()
                .orElseThrow(() -> new IllegalArgumentException("there is no group or option " + word + "; groups are "
                        + Arrays.stream(Group.values()).map(Group::word).toList()));
    }

    /**
     * Measures.
     *
     * @param arguments {@code [--quick | --smoke] [--list] [--to FOLDER] [GROUP...]}
     * @throws IOException if the results cannot be written
     */
    public static void main(String... arguments) throws IOException {
        // More than one may run: each is in a network namespace of its own. What they do to each other's figures is
        // another matter, and the load is written down.
        System.setProperty("jmh.ignoreLock", "true");
        System.setProperty(Jvm.LOG_LEVEL, "warn");
        Benchmarks benchmarks;
        try {
            benchmarks = new Benchmarks(arguments);
        } catch (IllegalArgumentException wrong) {
            System.err.println("bench/jmh: " + wrong.getMessage());
            System.exit(WRONG_USAGE);
            return;
        }
        System.exit(benchmarks.run() ? 0 : 1);
    }

    private boolean run() throws IOException {
        Loopback.up();
        List<Comparison> comparisons = comparisons();
        if (comparisons.isEmpty()) {
            System.err.println("bench/jmh: nothing to measure");
            return false;
        }
        boolean withC = Twin.isBuilt();
        if (!withC) {
            System.err.println("bench/jmh: there is no " + Twin.library() + ": nothing is compared with C");
        }
        if (onlyList) {
            Rounds rounds = new Rounds(effort, withC, System.err);
            rounds.names(comparisons).forEach(System.out::println);
            System.out.println(effort.rounds() + " round(s), " + duration(rounds.estimate(comparisons)));
            return true;
        }
        Files.createDirectories(folder);
        Environment environment = new Environment(effort);
        Path logFile = folder.resolve("jmh.log");
        Rounds rounds;
        try (PrintStream log = new PrintStream(logFile.toFile())) {
            rounds = new Rounds(effort, withC, log);
            System.err.println("bench/jmh: this will take " + duration(rounds.estimate(comparisons)));
            rounds.measure(comparisons);
        }
        MachinePaths.takeOutOf(logFile);
        environment.ended(rounds.failures());
        write(rounds.results(), environment);
        if (!rounds.isComplete()) {
            System.err.println("bench/jmh: not all was measured; see " + logFile);
        }
        return rounds.isComplete();
    }

    private static String duration(Duration estimate) {
        return "about " + (estimate.toSeconds() + 59) / 60 + " minute(s) on a machine that does nothing else";
    }

    private List<Comparison> comparisons() {
        List<Comparison> all = new ArrayList<>();
        try (Xfrm xfrm = Xfrm.open()) {
            for (Group group : groups) {
                if (group != Group.MIGRATE || canMigrate(xfrm)) {
                    all.addAll(group.comparisons());
                }
                if (group == Group.DUMP && hasEsp(xfrm)) {
                    all.addAll(Group.dumpsOfSas());
                }
            }
        }
        return all;
    }

    private static boolean canMigrate(Xfrm xfrm) {
        MigrateSupport support = xfrm.migrateSupport();
        if (support != MigrateSupport.SUPPORTED) {
            System.err.println("bench/jmh: migrate is left out here: " + support.reason());
        }
        return support == MigrateSupport.SUPPORTED;
    }

    private static boolean hasEsp(Xfrm xfrm) {
        try {
            SampleSas.add(xfrm, 1, Sample.Layout.SPREAD);
            xfrm.sas().flush();
            return true;
        } catch (IllegalStateException | XfrmException refused) {
            System.err.println("bench/jmh: dumps of SAs are left out here: " + refused.getMessage());
            return false;
        }
    }

    private void write(List<RunResult> results, Environment environment) throws IOException {
        Path json = folder.resolve("jmh.json");
        ResultFormatFactory.getInstance(ResultFormatType.JSON, json.toString()).writeOut(results);
        MachinePaths.takeOutOf(json);
        Files.writeString(folder.resolve("environment.json"), MachinePaths.takenOutOf(environment.json()));
        String ratios = new Ratios(results).toString();
        Files.writeString(folder.resolve("ratios.txt"), ratios);
        System.out.print(ratios);
        System.out.println("written to " + folder);
    }
}
