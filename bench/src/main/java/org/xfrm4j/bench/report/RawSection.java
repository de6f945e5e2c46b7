package org.xfrm4j.bench.report;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.xfrm4j.bench.report.Block.Column;
import org.xfrm4j.bench.report.Block.Details;
import org.xfrm4j.bench.report.Block.Table;
import org.xfrm4j.bench.report.Block.Text;

/** Every measurement with its spread, down to each iteration and round. */
final class RawSection {
    private static final int MOST_ITERATIONS = 10;

    private final Results results;

    RawSection(Results results) {
        this.results = results;
    }

    Section section() {
        List<Block> blocks = new ArrayList<>();
        blocks.add(new Text("JMH's mean and error (half of its 99.9 % confidence interval), percentiles, and the "
                + "median of each iteration, or how many there are, their median and quartiles, JVMs apart; of "
                + "`bench/scale` each round. The files of raw results have "
                + "it all."));
        for (Run run : results.runs()) {
            List<List<String>> jmh = results.measurements().stream().filter(one -> one.run().equals(run))
                    .map(RawSection::row).toList();
            if (!jmh.isEmpty()) {
                blocks.add(new Details("`" + run.file() + "`: " + jmh.size() + " benchmarks, ns", new Table("", List.of(
                        Column.text("benchmark"), Column.text("of"), Column.number("values"), Column.number("median"),
                        Column.number("mean ± error"), Column.number("1 %"), Column.number("99 %"),
                        Column.text("iterations")), jmh)));
            }
            List<List<String>> moves = results.moves(run).stream().map(RawSection::row).toList();
            if (!moves.isEmpty()) {
                blocks.add(new Details("`" + run.file() + "`: " + moves.size() + " migrations end to end, µs for an SA",
                        new Table("", List.of(Column.text("way"), Column.text("shape"), Column.number("SAs"),
                                Column.number("median of the second half"), Column.text("rounds")), moves)));
            }
        }
        return new Section("Every measurement", blocks);
    }

    private static List<String> row(Measurement one) {
        return List.of(one.benchmark() + "." + one.method(), one.parameterText(), Format.count(one.nanos().count()),
                Format.number(one.nanos().median()), Format.number(one.mean())
                        + (one.error().isPresent() ? " ± " + Format.number(one.error().getAsDouble()) : ""),
                Format.number(one.nanos().quantile(0.01)), Format.number(one.nanos().quantile(0.99)),
                one.iterations().stream().map(RawSection::iterations).collect(Collectors.joining("; ")));
    }

    /** Each, or where they are many, as where Java and C take turns, how they lie. */
    private static String iterations(List<Double> fork) {
        if (fork.size() <= MOST_ITERATIONS) {
            return fork.stream().map(Format::number).collect(Collectors.joining(" "));
        }
        Samples medians = Samples.of(fork.stream().mapToDouble(Double::doubleValue));
        return "%d: %s (%s to %s)".formatted(fork.size(), Format.number(medians.median()),
                Format.number(medians.lowerQuartile()), Format.number(medians.upperQuartile()));
    }

    private static List<String> row(Moves one) {
        return List.of(one.way(), one.shape(), Format.count(one.sas()), Format.number(one.nanosEach().median() / 1e3),
                one.rounds().stream().map(row -> Format.number(row.nanosEach() / 1e3))
                        .collect(Collectors.joining(" ")));
    }
}
