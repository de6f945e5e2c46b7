package org.xfrm4j.bench.report;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * An axis of a chart.
 *
 * @param name what it shows, with the unit
 * @param scale how values are laid on it
 */
record Axis(String name, Scale scale) {
    private static final double ROOM = 0.04;

    enum Scale {
        /** From 0 on. */
        LINEAR,
        /** Ratios: 1 is on it, 0 need not be. */
        AROUND_ONE,
        /** By powers, each value marked. */
        LOG_EACH,
        /** By powers of 10. */
        LOG10
    }

    /** What lets-plot calls a scale, for these values. */
    Map<String, Object> spec(String aesthetic, Stream<Double> values) {
        Map<String, Object> spec = new LinkedHashMap<>();
        spec.put("aesthetic", aesthetic);
        spec.put("name", name);
        TreeSet<Double> all = new TreeSet<>(values.toList());
        switch (scale) {
            case LINEAR -> {
                spec.put("limits", List.of(0.0, all.last() * 1.04));
                spec.put("format", all.last() >= 10 ? ",.0f" : ".2f");
            }
            case AROUND_ONE -> {
                double low = Math.min(0.9, all.first() - 0.02);
                double high = Math.max(1.1, all.last() + 0.02);
                spec.put("limits", List.of(low, high));
                spec.put("format", ".2f");
            }
            case LOG_EACH -> {
                spec.put("trans", "log2");
                spec.put("limits", around(all));
                marks(spec, all.stream().toList());
            }
            case LOG10 -> {
                spec.put("trans", "log10");
                spec.put("limits", around(all));
                marks(spec, steps(all.first(), all.last()));
            }
            default -> throw new IllegalStateException();
        }
        return spec;
    }

    /** How many times the least of these values the greatest is. */
    double span(Stream<Double> values) {
        TreeSet<Double> all = new TreeSet<>(values.toList());
        return all.last() / all.first();
    }

    /** With some room for the signs at the ends. */
    private static List<Double> around(TreeSet<Double> values) {
        double room = Math.pow(values.last() / values.first(), ROOM) * 1.02;
        return List.of(values.first() / room, values.last() * room);
    }

    private static void marks(Map<String, Object> spec, List<Double> marks) {
        spec.put("breaks", marks);
        spec.put("labels", marks.stream().map(Format::mark).toList());
    }

    /** Powers of 10; where those are few, 2 and 5 of each as well. */
    private static List<Double> steps(double least, double most) {
        boolean few = most / least < 300;
        return Stream.iterate(Math.floor(Math.log10(least)), power -> power <= Math.log10(most), power -> power + 1)
                .flatMap(power -> (few ? Stream.of(1, 2, 5) : Stream.of(1)).map(step -> step * Math.pow(10, power)))
                .filter(mark -> mark >= least * 0.999 && mark <= most * 1.001).toList();
    }
}
