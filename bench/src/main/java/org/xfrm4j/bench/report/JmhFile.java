package org.xfrm4j.bench.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import tools.jackson.databind.JsonNode;

/** JMH's own form of results, with {@code -rf json}. */
final class JmhFile {
    private static final Map<String, Double> NANOS_OF_UNIT =
            Map.of("ns/op", 1.0, "us/op", 1e3, "ms/op", 1e6, "s/op", 1e9);

    /** The parameter that tells how many an invocation does, where that is more than the one that JMH takes it for. */
    private static final String EACH = "each";

    /** The parameter that names the ways that were measured in turns. */
    private static final String WAYS = "ways";

    private JmhFile() {
    }

    static void read(String file, Optional<JsonNode> machine, JsonNode content, Results results) {
        Map<String, String> facts = new LinkedHashMap<>();
        machine.ifPresent(record -> facts.putAll(ResultsReader.facts(record)));
        if (!content.isEmpty()) {
            facts.putAll(settings(content.get(0)));
        }
        Run run = Run.of(file, facts);
        results.runs().add(run);
        for (JsonNode entry : content) {
            results.measurements().add(measurement(run, entry));
        }
    }

    /** What JMH itself tells of the first benchmark; others differ from it by what a run of them takes. */
    private static Map<String, String> settings(JsonNode entry) {
        return Map.of("the first benchmark", "%d JVMs (%s %s), each %s times %s to warm up, %s times %s measured%s".formatted(
                iterations(entry.required("primaryMetric"), 1).size(), entry.path("vmName").asString(""),
                entry.path("vmVersion").asString(""), entry.path("warmupIterations").asString(""),
                entry.path("warmupTime").asString(""), entry.path("measurementIterations").asString(""),
                entry.path("measurementTime").asString(""), entry.path("params").path(WAYS).asString("").isEmpty()
                        ? "" : " in turns"));
    }

    private static Measurement measurement(Run run, JsonNode entry) {
        String name = entry.required("benchmark").asString();
        String[] parts = name.split("\\.");
        if (parts.length < 2) {
            throw new IllegalArgumentException("\"" + name + "\" names no class and method");
        }
        JsonNode metric = entry.required("primaryMetric");
        String unit = metric.required("scoreUnit").asString();
        if (!NANOS_OF_UNIT.containsKey(unit)) {
            throw new IllegalArgumentException(name + " is in " + unit + ", and not in time an operation");
        }
        Map<String, String> parameters = ResultsReader.facts(entry.path("params"));
        int each = Integer.parseInt(Optional.ofNullable(parameters.remove(EACH)).orElse("1"));
        Optional<String> ways = Optional.ofNullable(parameters.remove(WAYS)).filter(names -> !names.isEmpty());
        double nanos = NANOS_OF_UNIT.get(unit) / each;
        JsonNode allocated = entry.path("secondaryMetrics").path("gc.alloc.rate.norm");
        return new Measurement(run, parts[parts.length - 2], parts[parts.length - 1],
                parameters, ways,
                Samples.of(all(iterations(metric, nanos))), metric.required("score").doubleValue() * nanos,
                number(metric.path("scoreError"), nanos),
                allocated.isMissingNode() ? Optional.empty()
                        : Optional.of(Samples.of(all(iterations(allocated, 1.0 / each)))),
                iterations(metric, nanos).stream().map(fork -> fork.stream()
                        .map(iteration -> Samples.of(iteration).median()).toList()).toList());
    }

    /** JMH writes "NaN" where there is none. */
    private static OptionalDouble number(JsonNode node, double unit) {
        return node.isNumber() ? OptionalDouble.of(node.doubleValue() * unit) : OptionalDouble.empty();
    }

    private static List<Samples.Counted> all(List<List<List<Samples.Counted>>> forks) {
        return forks.stream().flatMap(List::stream).flatMap(List::stream).toList();
    }

    /**
     * The values by fork and iteration. Of a mean time an iteration has one; of single times a histogram.
     */
    private static List<List<List<Samples.Counted>>> iterations(JsonNode metric, double unit) {
        boolean histogram = metric.has("rawDataHistogram");
        List<List<List<Samples.Counted>>> forks = new ArrayList<>();
        for (JsonNode fork : metric.required(histogram ? "rawDataHistogram" : "rawData")) {
            List<List<Samples.Counted>> iterations = new ArrayList<>();
            for (JsonNode iteration : fork) {
                List<Samples.Counted> values = new ArrayList<>();
                if (histogram) {
                    iteration.forEach(bucket -> values.add(
                            new Samples.Counted(bucket.get(0).doubleValue() * unit, bucket.get(1).longValue())));
                } else {
                    values.add(new Samples.Counted(iteration.doubleValue() * unit, 1));
                }
                if (!values.isEmpty()) {
                    iterations.add(values);
                }
            }
            forks.add(iterations);
        }
        return forks;
    }
}
