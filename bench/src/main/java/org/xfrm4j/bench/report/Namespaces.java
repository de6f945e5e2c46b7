package org.xfrm4j.bench.report;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * SAs of several network namespaces, moved side by side.
 *
 * @param byCount the rounds, by how many namespaces there were
 */
record Namespaces(Map<Long, List<Row>> byCount) {
    private static final String WARM_UP = "warm_up_rounds";
    private static final String COMPILER = "compiler_nanoseconds";

    /** Those that moved in this way. */
    static Namespaces of(Results results, Run run, String way) {
        return new Namespaces(results.rows(run, "namespaces").filter(row -> row.has("way", way))
                .collect(Collectors.groupingBy(row -> (long) row.number("namespaces"), TreeMap::new,
                        Collectors.toList())));
    }

    /**
     * Nanoseconds for each SA of any of them. As elsewhere the first half of the rounds of each process does not count,
     * unless it warmed up before them.
     */
    Optional<Samples> nanosEach(long count) {
        List<Row> rows = byCount.getOrDefault(count, List.of());
        double rounds = 1 + rows.stream().mapToDouble(row -> row.number("round")).max().orElse(-1);
        List<Row> warm = rows.stream().filter(row -> rounds <= 2 || row.hasNumber(WARM_UP)
                || row.number("round") >= Math.floor(rounds / 2)).toList();
        return warm.isEmpty() ? Optional.empty() : Optional.of(Samples.of(warm.stream().mapToDouble(Row::nanosEach)));
    }

    /** The rate of so many to that of one. */
    Optional<Ratio> rateOf(long count) {
        return nanosEach(1).flatMap(one -> nanosEach(count).map(many -> Ratio.of(one, many)));
    }

    /** So much of a CPU the JVM's compiler took meanwhile; of our ways. */
    OptionalDouble compiling(long count) {
        List<Row> rows = byCount.getOrDefault(count, List.of()).stream()
                .filter(row -> row.hasNumber(COMPILER)).toList();
        return rows.isEmpty() ? OptionalDouble.empty()
                : OptionalDouble.of(rows.stream().mapToDouble(row -> row.number(COMPILER)).sum()
                        / rows.stream().mapToDouble(row -> row.number("nanoseconds")).sum());
    }
}
