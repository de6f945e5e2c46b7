package org.xfrm4j.bench.report;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * One of JMH's measurements.
 *
 * @param run the run that it is of
 * @param benchmark the class
 * @param method the method, which names the way of doing it
 * @param parameters the parameters
 * @param turns with which others this was measured in turns, an iteration of each after the other in the same JVM; empty
 *     if it was measured alone
 * @param nanos nanoseconds for each operation, over all forks
 * @param mean their mean, as JMH computes it
 * @param error half of JMH's 99.9 % confidence interval of the mean; empty where there are too few values for one
 * @param allocated bytes allocated for each operation, if that was measured, JMH's own among them
 * @param iterations the median of each iteration, in nanoseconds, by fork
 */
record Measurement(Run run, String benchmark, String method, Map<String, String> parameters, Optional<String> turns,
                   Samples nanos, double mean, OptionalDouble error, Optional<Samples> allocated,
                   List<List<Double>> iterations) {
    static final String BATCH = "batch";
    static final String STRATEGY = "strategy";
    static final String SINGLE = "SINGLE";
    static final String LAST_ACKED = "LAST_ACKED";

    /** Whether iterations of the same number followed each other. */
    boolean isInTurnsWith(Measurement other) {
        return turns.isPresent() && turns.equals(other.turns) && run.equals(other.run)
                && benchmark.equals(other.benchmark) && parameters.equals(other.parameters);
    }

    boolean has(String name, String value) {
        return value.equals(parameters.get(name));
    }

    boolean hasAll(Map<String, String> some) {
        return parameters.entrySet().containsAll(some.entrySet());
    }

    /** The number of messages a system call; 0 if it has none. */
    int batch() {
        return Integer.parseInt(parameters.getOrDefault(BATCH, "0"));
    }

    /** Operations a second. */
    double rate() {
        return 1e9 / nanos.median();
    }

    /** The parameters in words. */
    String parameterText() {
        return String.join(", ", parameters.entrySet().stream()
                .map(entry -> entry.getKey() + " " + entry.getValue()).toList());
    }
}
