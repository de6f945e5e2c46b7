package org.xfrm4j.bench.jmh;

import java.util.Collection;
import java.util.List;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.infra.IterationParams;
import org.openjdk.jmh.results.BenchmarkResult;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.WorkloadParams;

/**
 * Takes results apart of what was measured {@linkplain InTurns in turns}: to each way the iterations that were its
 * own, as if JMH had measured its method. The parameter {@code ways} stays, and tells that iterations of the same number
 * followed each other.
 */
final class ByWay {
    private final Order order;
    private final Pace pace;

    ByWay(Order order, Pace pace) {
        this.order = order;
        this.pace = pace;
    }

    List<RunResult> of(RunResult inTurns) {
        return order.ways().stream().map(way -> {
            BenchmarkParams params = params(inTurns.getParams(), way);
            return new RunResult(params, inTurns.getBenchmarkResults().stream()
                    .map(fork -> new BenchmarkResult(params, iterations(fork, way))).toList());
        }).toList();
    }

    private Collection<IterationResult> iterations(BenchmarkResult fork, String way) {
        int number = order.ways().indexOf(way);
        List<IterationResult> own = fork.getIterationResults().stream().filter(iteration ->
                iteration.getSecondaryResults().get(InTurns.WAY).getScore() == number).toList();
        Same.number("iterations of " + way, pace.measurements(), own.size());
        return own;
    }

    private BenchmarkParams params(BenchmarkParams of, String way) {
        String name = of.getBenchmark();
        return new BenchmarkParams(name.substring(0, name.lastIndexOf('.') + 1) + way, of.generatedBenchmark(),
                of.shouldSynchIterations(), of.getThreads(), of.getThreadGroups(), of.getThreadGroupLabels(),
                of.getForks(), of.getWarmupForks(), iterations(of.getWarmup(),
                        order.warmUpsOf(way, pace.warmups())),
                iterations(of.getMeasurement(), pace.measurements()), of.getMode(), workload(of), of.getTimeUnit(),
                of.getOpsPerInvocation(), of.getJvm(), of.getJvmArgs(), of.getJdkVersion(), of.getVmName(),
                of.getVmVersion(), of.getJmhVersion(), of.getTimeout());
    }

    private static IterationParams iterations(IterationParams of, int count) {
        return new IterationParams(of.getType(), count, of.getTime(), of.getBatchSize());
    }

    private static WorkloadParams workload(BenchmarkParams of) {
        WorkloadParams workload = new WorkloadParams();
        int order = 0;
        for (String key : of.getParamsKeys()) {
            workload.put(key, of.getParam(key), order++);
        }
        return workload;
    }
}
