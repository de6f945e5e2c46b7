package org.xfrm4j.bench.report;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.DoubleStream;

/** Measured values, of which some may have been seen several times. */
final class Samples {
    private final double[] values;
    /** How many values there are up to and with each of these. */
    private final long[] ranks;

    /** A value, and how often it was measured. */
    record Counted(double value, long count) {
    }

    private Samples(double[] values, long[] ranks) {
        this.values = values;
        this.ranks = ranks;
    }

    private Samples(List<Counted> counted) {
        if (counted.isEmpty()) {
            throw new IllegalArgumentException("no values");
        }
        List<Counted> sorted = counted.stream().sorted(Comparator.comparingDouble(Counted::value)).toList();
        values = sorted.stream().mapToDouble(Counted::value).toArray();
        ranks = sorted.stream().mapToLong(Counted::count).toArray();
        Arrays.parallelPrefix(ranks, Long::sum);
    }

    static Samples of(List<Counted> counted) {
        return new Samples(counted);
    }

    static Samples of(DoubleStream values) {
        return new Samples(values.mapToObj(value -> new Counted(value, 1)).toList());
    }

    /** All of them less this, but none less than nothing. */
    Samples less(double part) {
        double[] rest = Arrays.stream(values).map(value -> Math.max(0, value - part)).toArray();
        return new Samples(rest, ranks);
    }

    long count() {
        return ranks[ranks.length - 1];
    }

    double median() {
        return quantile(0.5);
    }

    /** A quarter of the values is below it. */
    double lowerQuartile() {
        return quantile(0.25);
    }

    /** A quarter of the values is above it. */
    double upperQuartile() {
        return quantile(0.75);
    }

    /** Between two values what lies between them, in proportion. */
    double quantile(double part) {
        double at = part * (count() - 1);
        long below = (long) Math.floor(at);
        double low = value(below);
        return low + (at - below) * (value(Math.min(below + 1, count() - 1)) - low);
    }

    private double value(long index) {
        int found = Arrays.binarySearch(ranks, index + 1);
        return values[found >= 0 ? found : -found - 1];
    }
}
