package org.xfrm4j.bench.report;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class NamespacesTest {
    /** Rounds of one namespace with one SA, that took 4, 3, 2 and 1 ns. */
    private static List<Row> rounds(Map<String, Object> more) {
        return IntStream.range(0, 4).mapToObj(round -> {
            Map<String, Object> values = new LinkedHashMap<>(Map.of("measure", "namespaces", "namespaces", 1.0,
                    "round", (double) round, "nanoseconds", 4.0 - round, "moved", 1.0));
            values.putAll(more);
            return new Row(null, values);
        }).toList();
    }

    private static double median(List<Row> rows) {
        return new Namespaces(Map.of(1L, rows)).nanosEach(1).orElseThrow().median();
    }

    @Test
    void countsTheSecondHalfOfTheRounds() {
        assertEquals(1.5, median(rounds(Map.of())));
    }

    @Test
    void countsAllRoundsOfAProcessThatWarmedUpBefore() {
        assertEquals(2.5, median(rounds(Map.of("warm_up_rounds", 17.0))));
    }

    @Test
    void tellsHowMuchOfACpuTheCompilerTook() {
        assertEquals(OptionalDouble.of(0.2), new Namespaces(Map.of(1L,
                rounds(Map.of("compiler_nanoseconds", 0.5)))).compiling(1));
        assertEquals(OptionalDouble.empty(), new Namespaces(Map.of(1L, rounds(Map.of()))).compiling(1));
    }
}
