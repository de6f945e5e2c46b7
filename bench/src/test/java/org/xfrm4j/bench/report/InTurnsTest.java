package org.xfrm4j.bench.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;

/** What was measured an iteration of each after the other. */
class InTurnsTest {
    private static final Run RUN = Run.of("host/jmh.json", Map.of("cpu", "any"));
    private static final String WAYS = "java+c+cSingle";
    /** A machine that becomes four times as slow, and recovers. */
    private static final double[] OURS = {20, 88, 44, 21, 22};
    private static final double[] OF_C = {10, 40, 22, 10, 10};

    private static Measurement measured(String method, String strategy, String ways, double allocated,
                                        double... iterations) {
        Map<String, String> parameters = new LinkedHashMap<>(Map.of(Measurement.BATCH, "64"));
        parameters.put(Measurement.STRATEGY, strategy);
        return new Measurement(RUN, "TransportBenchmark", method, parameters, Optional.of(ways), samples(iterations), 0,
                OptionalDouble.empty(), Optional.of(samples(allocated)),
                List.of(DoubleStream.of(iterations).limit(2).boxed().toList(),
                        DoubleStream.of(iterations).skip(2).boxed().toList()));
    }

    private static Samples samples(double... values) {
        return Samples.of(DoubleStream.of(values));
    }

    private static Results results(Measurement... measured) {
        Results results = Results.empty();
        results.runs().add(RUN);
        results.measurements().addAll(List.of(measured));
        return results;
    }

    @Test
    void eachIterationIsComparedWithTheOneBesideIt() {
        Ratio ratio = Ratio.of(measured("java", "LAST_ACKED", WAYS, 0, OURS),
                measured("c", "LAST_ACKED", WAYS, 0, OF_C));

        // 2.0 2.2 2.0 2.1 2.2, where the medians are 22 and 10.
        assertEquals(2.1, ratio.value(), 1e-9);
        assertEquals(2.0, ratio.low(), 1e-9);
        assertEquals(2.2, ratio.high(), 1e-9);
    }

    @Test
    void whatWasMeasuredAtAnotherTimeIsComparedAsAWhole() {
        Ratio ratio = Ratio.of(measured("java", "LAST_ACKED", WAYS, 0, OURS),
                measured("c", "LAST_ACKED", "c", 0, OF_C));

        assertEquals(2.2, ratio.value(), 1e-9);
        assertEquals(21.0 / 22, ratio.low(), 1e-9);
        assertEquals(4.4, ratio.high(), 1e-9);
    }

    @Test
    void singleMessagesThatTookTheirTurnGoBeforeThoseMeasuredElsewhere() {
        Measurement ours = measured("java", "LAST_ACKED", WAYS, 0, OURS);
        Measurement elsewhere = measured("c", "SINGLE", "java+c", 0, 30, 30, 30, 30, 30);
        Measurement inTurns = measured("cSingle", "LAST_ACKED", WAYS, 0, 60, 240, 132, 63, 66);

        assertEquals(Optional.of(inTurns), results(ours, elsewhere, inTurns).partner(ours, "c", "SINGLE"));
        assertEquals(Optional.of(elsewhere), results(ours, elsewhere).partner(ours, "c", "SINGLE"));
        assertEquals(3.0, Ratio.of(inTurns, ours).value(), 1e-9);
    }

    @Test
    void whatJmhAllocatesForAnIterationIsNotOurs() {
        Measurement ours = measured("java", "LAST_ACKED", WAYS, 9.3, OURS);
        Measurement c = measured("c", "LAST_ACKED", WAYS, 4, OF_C);
        Measurement alone = measured("java", "LAST_ACKED", "java", 9.3, OURS);

        // 4 B beside each of C's; in the time of one of ours 8.4.
        assertEquals(0.9, results(ours, c).allocated(ours).orElseThrow().median(), 1e-9);
        assertEquals(9.3, results(alone, c).allocated(alone).orElseThrow().median(), 1e-9);
        assertEquals(0, results(measured("java", "LAST_ACKED", WAYS, 8, OURS), c)
                .allocated(measured("java", "LAST_ACKED", WAYS, 8, OURS)).orElseThrow().median(), 1e-9);
    }

    @Test
    void thatTheyWereIsNoParameterOfTheirs() throws Exception {
        Measurement recorded = Recorded.results().of("EncodeBenchmark").findFirst().orElseThrow();

        assertTrue(recorded.turns().isEmpty(), "measured alone");
        assertFalse(recorded.isInTurnsWith(recorded));
    }
}
