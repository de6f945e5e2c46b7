package org.xfrm4j.bench.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.xfrm4j.bench.report.Block.Column;
import org.xfrm4j.bench.report.Block.Table;

/** A table of measurements, each beside what C needs for the same. */
final class Comparison {
    private final Results results;

    Comparison(Results results) {
        this.results = results;
    }

    Table table(String caption, Stream<Measurement> measurements) {
        List<List<String>> rows = new ArrayList<>();
        measurements.filter(one -> Ways.counterpart(one.method()).isPresent() || counterpartOf(one).isEmpty())
                .forEach(one -> rows.add(row(one)));
        return new Table(caption, List.of(Column.text("way"), Column.text("of"), Column.number("median"),
                Column.number("quartiles"), Column.number("C, median"), Column.number("time to C's (spread)"),
                Column.number("allocated")), rows);
    }

    /** What this one is the counterpart of, and is shown beside. */
    private Optional<Measurement> counterpartOf(Measurement c) {
        return results.of(c.benchmark()).filter(one -> one.run().equals(c.run())
                && Ways.counterpart(one.method()).filter(c.method()::equals).isPresent()
                && one.parameters().equals(c.parameters())).findFirst();
    }

    private List<String> row(Measurement one) {
        Optional<Measurement> c = Ways.counterpart(one.method()).flatMap(method -> results.partner(one, method));
        return List.of(Ways.name(one.method()), one.parameterText(), Format.nanos(one.nanos().median()),
                Format.number(one.nanos().lowerQuartile()) + " to " + Format.number(one.nanos().upperQuartile()),
                c.map(other -> Format.nanos(other.nanos().median())).orElse("–"),
                c.map(other -> Format.ratio(Ratio.of(one, other))).orElse("–"),
                results.allocated(one).map(bytes -> Format.bytes(bytes.median())).orElse("–"));
    }
}
