package org.xfrm4j.bench.report;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * What is aimed at, and what was measured of it.
 *
 * @param what what is measured
 * @param where on which kernel, and by which program
 * @param bound whether the figure shall be at most or at least so much
 * @param limit how much
 * @param tolerance what more, or less, counts as that: for what the instrument itself adds
 * @param unit the figure's unit
 * @param cases the figures; all of them shall keep the bound
 */
record Target(String what, String where, Bound bound, double limit, double tolerance, Unit unit, List<Case> cases) {
    enum Bound {
        AT_MOST, AT_LEAST
    }

    enum Unit {
        TIMES("×"), BYTES("B"), MEBIBYTES("MiB");

        private final String text;

        Unit(String text) {
            this.text = text;
        }

        @Override
        public String toString() {
            return text;
        }
    }

    /**
     * A figure.
     *
     * @param label of what: parameters, and the run
     * @param value the figure, with its spread
     * @param from what it was computed from
     */
    record Case(String label, Ratio value, String from) {
    }

    /** What it is called where it stands alone. */
    String name() {
        return what + " (" + where + ")";
    }

    Verdict verdict() {
        if (cases.isEmpty()) {
            return Verdict.NOT_MEASURED;
        }
        return cases.stream().allMatch(one -> keeps(one.value().value())) ? Verdict.REACHED : Verdict.MISSED;
    }

    boolean keeps(double value) {
        return bound == Bound.AT_MOST ? value <= limit + tolerance : value >= limit - tolerance;
    }

    /** The figure that is farthest from the aim, or least on its good side. */
    Optional<Case> worst() {
        Comparator<Case> byValue = Comparator.comparingDouble(one -> one.value().value());
        return bound == Bound.AT_MOST ? cases.stream().max(byValue) : cases.stream().min(byValue);
    }

    /** Whether the verdict would be another one within the spread: then it says little. */
    boolean isClose() {
        return worst().filter(one -> keeps(one.value().low()) != keeps(one.value().high())).isPresent();
    }
}
