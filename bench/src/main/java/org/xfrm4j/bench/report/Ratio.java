package org.xfrm4j.bench.report;

import java.util.List;
import java.util.stream.IntStream;

/**
 * One measurement's time divided by another's.
 *
 * @param value median by median; of what was measured in turns the median of the iterations' ratios
 * @param low the lower quartile of the one by the upper quartile of the other; or the lower quartile of the ratios
 * @param high the upper quartile of the one by the lower quartile of the other; or the upper quartile of the ratios
 */
record Ratio(double value, double low, double high) {
    /** Of two that were measured in turns each iteration of the one is divided by that of the other beside it. */
    static Ratio of(Measurement one, Measurement other) {
        if (!one.isInTurnsWith(other)) {
            return of(one.nanos(), other.nanos());
        }
        List<Double> ours = one.iterations().stream().flatMap(List::stream).toList();
        List<Double> others = other.iterations().stream().flatMap(List::stream).toList();
        Samples ratios = Samples.of(IntStream.range(0, ours.size()).mapToDouble(i -> ours.get(i) / others.get(i)));
        return new Ratio(ratios.median(), ratios.lowerQuartile(), ratios.upperQuartile());
    }

    static Ratio of(Samples one, Samples other) {
        return new Ratio(one.median() / other.median(), one.lowerQuartile() / other.upperQuartile(),
                one.upperQuartile() / other.lowerQuartile());
    }
}
