package org.xfrm4j.bench.jmh;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Methods of one class that are measured in turns, with the same parameters: Java, and C beside it. No method is in two
 * comparisons with the same parameters: there would be two figures for the same.
 *
 * @param benchmark the class
 * @param methods in this order; one alone where its code would share what a JVM compiles with the others' code, and
 *     change it
 * @param quick values of each parameter, for a look
 * @param full values of each parameter, for a claim
 * @param emulated the same where the processor is an emulated one, on which a benchmark takes a minute
 * @param runMillis iterations are no shorter than this: what a run takes may be longer
 */
record Comparison(Class<?> benchmark, List<String> methods, Map<String, List<String>> quick,
                  Map<String, List<String>> full, Map<String, List<String>> emulated, int runMillis) {

    static Comparison of(Class<?> benchmark, String... methods) {
        return new Comparison(benchmark, List.of(methods), new LinkedHashMap<>(), new LinkedHashMap<>(),
                new LinkedHashMap<>(), 1);
    }

    Comparison taking(int longest) {
        return new Comparison(benchmark, methods, quick, full, emulated, longest);
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

    /** Every combination of the parameters' values; the first of each alone for a smoke run. */
    List<Map<String, String>> combinations(Effort effort, Pace.Processor processor) {
        Map<String, List<String>> ofClaim = processor == Pace.Processor.EMULATED ? emulated : full;
        List<Map<String, String>> all = new ArrayList<>(List.of(Map.of()));
        (effort == Effort.FULL ? ofClaim : quick).forEach((parameter, values) -> {
            List<String> taken = effort == Effort.SMOKE ? values.subList(0, Math.min(1, values.size())) : values;
            List<Map<String, String>> before = List.copyOf(all);
            all.clear();
            for (Map<String, String> combination : before) {
                for (String value : taken) {
                    Map<String, String> longer = new LinkedHashMap<>(combination);
                    longer.put(parameter, value);
                    all.add(longer);
                }
            }
        });
        return all;
    }
}
