package org.xfrm4j.bench.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;
import org.xfrm4j.bench.report.Samples.Counted;

class SamplesTest {
    @Test
    void theMedianIsTheMiddleOneOrLiesBetweenTheMiddleTwo() {
        assertEquals(2, Samples.of(DoubleStream.of(3, 1, 2)).median());
        assertEquals(2.5, Samples.of(DoubleStream.of(4, 3, 1, 2)).median());
        assertEquals(7, Samples.of(DoubleStream.of(7)).median());
    }

    @Test
    void aValueSeenOftenCountsAsOften() {
        Samples counted = Samples.of(List.of(new Counted(10, 1), new Counted(1, 5), new Counted(4, 2)));
        Samples apart = Samples.of(DoubleStream.of(1, 1, 1, 1, 1, 4, 4, 10));

        assertEquals(8, counted.count());
        for (double part : new double[] {0, 0.1, 0.25, 0.5, 0.6, 0.75, 0.9, 0.99, 1}) {
            assertEquals(apart.quantile(part), counted.quantile(part), "at " + part);
        }
    }

    @Test
    void quartilesLieBetweenTheValuesBesideThem() {
        Samples samples = Samples.of(DoubleStream.of(1, 2, 3, 4, 5, 6));

        assertEquals(2.25, samples.lowerQuartile());
        assertEquals(4.75, samples.upperQuartile());
    }

    @Test
    void ofNoValuesThereIsNoMedian() {
        assertThrows(IllegalArgumentException.class, () -> Samples.of(List.of()));
    }
}
