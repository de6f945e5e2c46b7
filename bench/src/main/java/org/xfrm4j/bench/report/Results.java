package org.xfrm4j.bench.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * All that was measured.
 *
 * @param runs the runs
 * @param measurements JMH's
 * @param rows those of {@code bench/scale}
 */
record Results(List<Run> runs, List<Measurement> measurements, List<Row> rows) {
    static Results empty() {
        return new Results(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
    }

    Stream<Measurement> of(String benchmark) {
        return measurements.stream().filter(measurement -> measurement.benchmark().equals(benchmark));
    }

    List<Measurement> of(Run run, String benchmark, String method, Map<String, String> parameters) {
        return of(benchmark).filter(measurement -> measurement.run().equals(run)
                && measurement.method().equals(method) && measurement.hasAll(parameters)).toList();
    }

    /** The same done in another way in the same run. */
    Optional<Measurement> partner(Measurement measurement, String method) {
        return partner(measurement, method, measurement.parameters());
    }

    /** The same done in another way and strategy in the same run; best that which was measured in turns with it. */
    Optional<Measurement> partner(Measurement measurement, String method, String strategy) {
        if (strategy.equals(Measurement.SINGLE)) {
            Optional<Measurement> inTurns = partner(measurement, Ways.single(method))
                    .filter(measurement::isInTurnsWith);
            if (inTurns.isPresent()) {
                return inTurns;
            }
        }
        Map<String, String> parameters = new LinkedHashMap<>(measurement.parameters());
        parameters.replace(Measurement.STRATEGY, strategy);
        return partner(measurement, method, parameters);
    }

    /** The same done in another way and with other parameters in the same run; of one message at a time, at any batch.
     * */
    Optional<Measurement> partner(Measurement measurement, String method, Map<String, String> parameters) {
        List<Measurement> same = of(measurement.run(), measurement.benchmark(), method, Map.of());
        Optional<Measurement> exact = same.stream().filter(one -> one.parameters().equals(parameters)).findFirst();
        if (exact.isPresent() || !Measurement.SINGLE.equals(parameters.get(Measurement.STRATEGY))) {
            return exact;
        }
        return same.stream().filter(one -> parameters.entrySet().stream().allMatch(entry ->
                entry.getKey().equals(Measurement.BATCH) || one.has(entry.getKey(), entry.getValue()))).findFirst();
    }

    /**
     * Bytes that a way itself allocates for each operation. JMH allocates some for each iteration, and iterations in
     * turns are short: what stands beside C, which allocates nothing, is JMH's, and as much in the time of this one.
     */
    Optional<Samples> allocated(Measurement measurement) {
        Optional<Measurement> c = Ways.counterpart(measurement.method())
                .flatMap(method -> partner(measurement, method)).filter(measurement::isInTurnsWith);
        return measurement.allocated().map(all -> c.flatMap(Measurement::allocated)
                .map(ofJmh -> all.less(ofJmh.median() * Ratio.of(measurement, c.get()).value())).orElse(all));
    }

    Stream<Row> rows(Run run, String measure) {
        return rows.stream().filter(row -> row.run().equals(run) && row.has("measure", measure));
    }

    /** The ways, shapes and numbers of SAs that were measured in a run, in the order of the file. */
    List<Moves> moves(Run run) {
        record Key(String way, String shape, long sas) {
        }
        return rows(run, "move").map(row -> new Key(row.text("way"), row.text("shape"), (long) row.number("sas")))
                .distinct().map(key -> new Moves(key.way, key.shape, key.sas, rows(run, "move").filter(row ->
                        row.has("way", key.way) && row.has("shape", key.shape) && row.number("sas") == key.sas)
                        .toList())).toList();
    }

    Optional<Moves> moves(Run run, String way, String shape, long sas) {
        return moves(run).stream().filter(moves -> moves.way().equals(way) && moves.shape().equals(shape)
                && moves.sas() == sas).findFirst();
    }
}
