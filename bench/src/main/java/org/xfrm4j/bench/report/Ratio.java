package org.xfrm4j.bench.report;

/**
 * One measurement's time divided by another's.
 *
 * @param value median by median
 * @param low the lower quartile of the one by the upper quartile of the other
 * @param high the upper quartile of the one by the lower quartile of the other
 */
record Ratio(double value, double low, double high) {
    static Ratio of(Samples one, Samples other) {
        return new Ratio(one.median() / other.median(), one.lowerQuartile() / other.upperQuartile(),
                one.upperQuartile() / other.lowerQuartile());
    }
}
