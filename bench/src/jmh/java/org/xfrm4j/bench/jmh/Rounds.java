package org.xfrm4j.bench.jmh;

import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.BenchmarkResult;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.format.OutputFormat;
import org.openjdk.jmh.runner.format.OutputFormatFactory;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * Measures comparisons, each in a JVM of its own {@linkplain InTurns in turns}, and then all of them again: what else
 * the machine does hits both alike. JMH by itself would measure all of Java and after it all of C.
 */
final class Rounds {
    private final Effort effort;
    private final Pace.Processor processor;
    private final boolean withC;
    private final OutputFormat log;
    private final Map<String, BenchmarkParams> parameters = new LinkedHashMap<>();
    private final Map<String, List<BenchmarkResult>> results = new LinkedHashMap<>();
    private final List<String> failures = new ArrayList<>();
    private boolean complete = true;

    /**
     * None measured yet.
     *
     * @param withC false where the C twin is not built
     * @param log gets what JMH has to say
     * @throws IOException if it cannot be found out on what processor this runs
     */
    Rounds(Effort effort, boolean withC, PrintStream log) throws IOException {
        this.effort = effort;
        this.processor = Pace.Processor.here();
        this.withC = withC;
        this.log = OutputFormatFactory.createFormatInstance(log, VerboseMode.NORMAL);
    }

    /** What will be measured in a round. */
    List<String> names(List<Comparison> comparisons) {
        return comparisons.stream().flatMap(comparison -> comparison.combinations(effort, processor).stream()
                .flatMap(combination -> order(comparison).ways().stream()
                        .map(way -> comparison.benchmark().getSimpleName() + "." + way + " " + combination))).toList();
    }

    /** How long all of it will take, about. */
    Duration estimate(List<Comparison> comparisons) {
        return Duration.ofMillis(effort.rounds() * comparisons.stream().filter(this::isPossible)
                .mapToLong(comparison -> comparison.combinations(effort, processor).size()
                        * pace(comparison).millis(processor, order(comparison))).sum());
    }

    private boolean isPossible(Comparison comparison) {
        return !order(comparison).ways().isEmpty();
    }

    private Pace pace(Comparison comparison) {
        return effort.pace(processor, comparison.runMillis());
    }

    private Order order(Comparison comparison) {
        return new Order(comparison.methods().stream().filter(method -> withC || !Order.isOfC(method)).toList());
    }

    void measure(List<Comparison> comparisons) {
        for (int round = 1; round <= effort.rounds(); round++) {
            for (Comparison comparison : comparisons.stream().filter(this::isPossible).toList()) {
                for (Map<String, String> combination : comparison.combinations(effort, processor)) {
                    measure(comparison, combination, round);
                }
            }
        }
    }

    private void measure(Comparison comparison, Map<String, String> combination, int round) {
        String name = "%d/%d %s.%s %s".formatted(round, effort.rounds(), comparison.benchmark().getSimpleName(),
                order(comparison), combination);
        System.err.println(name);
        measure(comparison, combination, name);
    }

    /**
     * Does it again where it fails, which costs a minute where all the others would be lost after half an hour: JVMs
     * have crashed on an emulated processor. How often that was is told.
     */
    private void measure(Comparison comparison, Map<String, String> combination, String name) {
        for (int attempt = 1; attempt <= effort.attempts(); attempt++) {
            try {
                keep(run(comparison, combination), new ByWay(order(comparison), pace(comparison)));
                return;
            } catch (RunnerException failed) {
                failures.add(name + (attempt < effort.attempts() ? ", done again" : ", left out"));
                complete &= attempt < effort.attempts();
                System.err.println("bench/jmh: failed: " + failures.getLast());
            }
        }
    }

    /** What failed, and whether it was measured all the same. */
    List<String> failures() {
        return failures;
    }

    /** Whether everything was measured in the end. */
    boolean isComplete() {
        return complete;
    }

    private Collection<RunResult> run(Comparison comparison, Map<String, String> combination) throws RunnerException {
        Order order = order(comparison);
        Pace pace = pace(comparison);
        ChainedOptionsBuilder options = new OptionsBuilder()
                .include("^" + comparison.benchmark().getName().replace(".", "\\.") + "\\." + InTurns.METHOD + "$")
                .forks(effort.forks())
                .warmupIterations(order.warmUps(pace.warmups())).warmupTime(pace.iteration())
                .measurementIterations(order.ways().size() * pace.measurements()).measurementTime(pace.iteration())
                .param(InTurns.WAYS, order.toString())
                .addProfiler(GCProfiler.class)
                .shouldFailOnError(true);
        combination.forEach(options::param);
        return new Runner(options.build(), log).run();
    }

    private void keep(Collection<RunResult> measured, ByWay byWay) {
        for (RunResult result : measured.stream().flatMap(inTurns -> byWay.of(inTurns).stream()).toList()) {
            String key = result.getParams().id();
            parameters.putIfAbsent(key, result.getParams());
            results.computeIfAbsent(key, unused -> new ArrayList<>()).addAll(result.getBenchmarkResults());
        }
    }

    /** Of each benchmark and combination one result, of all rounds. */
    List<RunResult> results() {
        return parameters.entrySet().stream()
                .map(entry -> new RunResult(entry.getValue(), results.get(entry.getKey())))
                .toList();
    }
}
