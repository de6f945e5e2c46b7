package org.xfrm4j.bench.report;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * How long it took to move SAs end to end, in several rounds. Of more than two rounds only the second half counts: the
 * JVM
 * is cold in the first; all ways are treated alike.
 *
 * @param way the way of doing it
 * @param shape how the SAs share addresses and reqids
 * @param sas how many SAs there were
 * @param rounds each time that they moved
 */
record Moves(String way, String shape, long sas, List<Row> rounds) {
    static final String STREAM = "xfrm4j-stream";
    static final String ENGINE = "xfrm4j-engine";
    static final String ENGINE_SAS = "xfrm4j-engine-sas";
    static final String C_STREAM = "c-stream";
    static final String C_GATEWAY = "c-gateway";
    static final String SPREAD = "spread";
    private static final String OWN = "own_nanoseconds";

    List<Row> warm() {
        return warm(rounds);
    }

    static List<Row> warm(List<Row> rounds) {
        return rounds.size() <= 2 ? rounds : rounds.subList(rounds.size() / 2, rounds.size());
    }

    /** Nanoseconds for each SA. */
    Samples nanosEach() {
        return Samples.of(warm().stream().mapToDouble(Row::nanosEach));
    }

    /** Nanoseconds for each SA the first time. */
    double coldNanosEach() {
        return rounds.getFirst().nanosEach();
    }

    /** Nanoseconds for each SA outside of the kernel; of our ways. */
    Optional<Samples> ownNanosEach() {
        return rounds.getFirst().hasNumber(OWN)
                ? Optional.of(Samples.of(warm().stream().mapToDouble(row -> row.number(OWN) / row.number("moved"))))
                : Optional.empty();
    }

    /** Bytes allocated on the heap for each SA; of our ways. */
    OptionalDouble allocatedEach() {
        return rounds.getFirst().hasNumber("allocated_bytes") ? OptionalDouble.of(Samples.of(warm().stream()
                .mapToDouble(row -> row.number("allocated_bytes") / row.number("moved"))).median())
                : OptionalDouble.empty();
    }
}
