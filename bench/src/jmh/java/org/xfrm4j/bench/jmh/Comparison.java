package org.xfrm4j.bench.jmh;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Methods of one class that are measured in turns, with the same parameters: Java, and C beside it. But for smoke runs no
 * method is in two comparisons with the same parameters: there would be two figures for the same.
 *
 * @param benchmark the class
 * @param methods in this order; one alone where its code would share what a JVM compiles with the others' code, and
 *     change it
 * @param quick values of each parameter, for a look
 * @param full values of each parameter, for a claim
 * @param emulated the same, for either, where the processor is an emulated one, on which a benchmark takes a minute
 * @param runMillis iterations are no shorter than this: what a run takes may be longer
 */
record Comparison(Class<?> benchmark, List<String> methods, Map<String, List<String>> quick,
                  Map<String, List<String>> full, Map<String, List<String>> emulated, int runMillis) {

    static Comparison of(Class<?> benchmark, String... methods) {
        return new Comparison(benchmark, List.of(methods), new LinkedHashMap<>(), new LinkedHashMap<>(),
                new LinkedHashMap<>(), 1);
    }

    /** The same in iterations of so many milliseconds at least. */
    Comparison taking(int millis) {
        return new Comparison(benchmark, methods, quick, full, emulated, millis);
    }

    /** A parameter with the same values for a look and for a claim. */
    Comparison with(String parameter, String... values) {
        return with(parameter, List.of(values), List.of(values));
    }

    Comparison with(String parameter, List<String> quickValues, List<String> fullValues) {
        return with(parameter, quickValues, fullValues, fullValues);
    }

    /** Where one has no values, there is no combination. */
    Comparison with(String parameter, List<String> quickValues, List<String> fullValues, List<String> emulatedValues) {
        quick.put(parameter, quickValues);
        full.put(parameter, fullValues);
        emulated.put(parameter, emulatedValues);
        return this;
    }

    /**
     * Every combination of the parameters' values. For a smoke run the first of each alone, of those for a look or, where
     * there are none, of others: everything shall run.
     */
    List<Map<String, String>> combinations(Effort effort, Pace.Processor processor) {
        List<Map<String, String>> all = new ArrayList<>(List.of(Map.of()));
        for (String parameter : quick.keySet()) {
            List<String> values = effort == Effort.SMOKE ? first(parameter)
                    : (processor == Pace.Processor.EMULATED ? emulated : effort == Effort.FULL ? full : quick)
                            .get(parameter);
            List<Map<String, String>> before = List.copyOf(all);
            all.clear();
            for (Map<String, String> combination : before) {
                for (String value : values) {
                    Map<String, String> longer = new LinkedHashMap<>(combination);
                    longer.put(parameter, value);
                    all.add(longer);
                }
            }
        }
        return all;
    }

    private List<String> first(String parameter) {
        return Stream.of(quick, full, emulated).flatMap(some -> some.get(parameter).stream()).limit(1).toList();
    }
}
