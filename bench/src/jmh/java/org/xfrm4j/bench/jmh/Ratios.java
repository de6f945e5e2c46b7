package org.xfrm4j.bench.jmh;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.util.ListStatistics;
import org.openjdk.jmh.util.Statistics;

/**
 * The results in a table: medians, and each beside C's in the same run.
 *
 * <p>{@code rate to C}: how many times C's rate (1.00 is as fast) with the same parameters. {@code to C, single}: how
 * many times the rate of C that sends one message at a time. Of what was measured in turns, the ratios of iterations
 * that followed each other: their median, and in brackets their quartiles; else a median by another.
 */
final class Ratios {
    private static final String EACH = "each";
    private static final String ALLOCATED = "gc.alloc.rate.norm";
    private static final String FORMAT = "%-22s %-14s %-44s %12s %9s %19s %19s %8s%n";

    private final List<RunResult> results;
    private final Map<String, RunResult> byKey = new HashMap<>();

    Ratios(Collection<RunResult> results) {
        this.results = List.copyOf(results);
        for (RunResult result : results) {
            byKey.put(key(className(result), method(result), parameters(result)), result);
        }
    }

    @Override
    public String toString() {
        StringBuilder table = new StringBuilder(String.format(FORMAT, "benchmark", "method", "parameters", "median ns",
                "spread", "rate to C", "to C, single", "bytes"));
        for (RunResult result : results) {
            table.append(row(result));
        }
        return table.toString();
    }

    private String row(RunResult result) {
        String benchmark = className(result);
        String method = method(result);
        Map<String, String> parameters = parameters(result);
        double median = median(result);
        return String.format(FORMAT, benchmark, method,
                parameters.entrySet().stream().map(Object::toString).collect(Collectors.joining(" ")),
                median < 100 ? String.format("%.2f", median) : String.format("%.0f", median),
                spread(result),
                ratio(byKey.get(key(benchmark, ofC(benchmark, method, parameters), parameters)), result),
                ratio(single(benchmark, parameters), result),
                allocated(result));
    }

    /** C's method of the same name, or the one that is called c. */
    private String ofC(String benchmark, String method, Map<String, String> parameters) {
        String same = "c" + Character.toUpperCase(method.charAt(0)) + method.substring(1);
        return byKey.containsKey(key(benchmark, same, parameters)) ? same : "c";
    }

    /** C that sends one message at a time, at best in turns with the others; none where nothing is sent. */
    private RunResult single(String benchmark, Map<String, String> parameters) {
        RunResult inTurns = byKey.get(key(benchmark, "cSingle", parameters));
        return inTurns != null ? inTurns : byKey.get(key(benchmark, "c", single(parameters)));
    }

    private static Map<String, String> single(Map<String, String> parameters) {
        Map<String, String> single = new TreeMap<>(parameters);
        if (single.replace("strategy", "SINGLE") != null) {
            single.replace("batch", "1");
            return single;
        }
        return Map.of("no", "strategy");
    }

    private static String ratio(RunResult ofC, RunResult result) {
        if (ofC == null) {
            return "";
        }
        return ways(result).isEmpty() || !ways(result).equals(ways(ofC))
                ? String.format("%.2f", median(ofC) / median(result))
                : ratio(iterations(ofC), iterations(result));
    }

    private static String ratio(double[] ofC, double[] ours) {
        Statistics ratios = new ListStatistics(
                IntStream.range(0, ours.length).mapToDouble(i -> ofC[i] / ours[i]).toArray());
        return String.format("%.2f (%.2f to %.2f)", ratios.getPercentile(50), ratios.getPercentile(25),
                ratios.getPercentile(75));
    }

    /** The median of each iteration. */
    private static double[] iterations(RunResult result) {
        return result.getBenchmarkResults().stream().flatMap(fork -> fork.getIterationResults().stream())
                .mapToDouble(iteration -> iteration.getPrimaryResult().getStatistics().getPercentile(50)).toArray();
    }

    private static String ways(RunResult result) {
        String ways = result.getParams().getParam(InTurns.WAYS);
        return ways == null ? "" : ways;
    }

    /** Of all samples, per message or what else is counted. */
    private static double median(RunResult result) {
        return statistics(result).getPercentile(50) / each(result);
    }

    /** How many an invocation does that JMH takes for one. */
    private static int each(RunResult result) {
        String each = result.getParams().getParam(EACH);
        return each == null ? 1 : Integer.parseInt(each);
    }

    private static String spread(RunResult result) {
        Statistics statistics = statistics(result);
        double low = statistics.getPercentile(25);
        double high = statistics.getPercentile(75);
        return String.format("±%.0f %%", 50 * (high - low) / statistics.getPercentile(50));
    }

    private static Statistics statistics(RunResult result) {
        return result.getPrimaryResult().getStatistics();
    }

    private static String allocated(RunResult result) {
        Result<?> allocated = result.getSecondaryResults().get(ALLOCATED);
        return allocated == null ? "" : String.format("%.2f", allocated.getScore() / each(result));
    }

    private static String className(RunResult result) {
        String name = result.getParams().getBenchmark();
        String withoutMethod = name.substring(0, name.lastIndexOf('.'));
        return withoutMethod.substring(withoutMethod.lastIndexOf('.') + 1).replace("Benchmark", "");
    }

    private static String method(RunResult result) {
        String name = result.getParams().getBenchmark();
        return name.substring(name.lastIndexOf('.') + 1);
    }

    private static Map<String, String> parameters(RunResult result) {
        BenchmarkParams params = result.getParams();
        Map<String, String> parameters = new TreeMap<>();
        params.getParamsKeys().stream().filter(key -> !key.equals(EACH) && !key.equals(InTurns.WAYS))
                .forEach(key -> parameters.put(key, params.getParam(key)));
        return parameters;
    }

    private static String key(String benchmark, String method, Map<String, String> parameters) {
        return benchmark + "." + method + " " + new TreeMap<>(parameters);
    }
}
