package org.xfrm4j.bench.report;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class FormatTest {
    @Test
    void numbersHaveThreeDigitsThatMeanSomething() {
        assertEquals(List.of("0", "0.0013", "0.10", "0.95", "1.10", "12.3", "123", "1,234,568"),
                DoubleStream.of(0, 0.00134, 0.1, 0.9514, 1.0999, 12.345, 123.4, 1234567.8)
                        .mapToObj(Format::number).toList());
    }

    @Test
    void timesHaveTheUnitThatSuits() {
        assertEquals(List.of("14.2 ns", "9,999 ns", "12.3 µs", "9,900 µs", "12.3 ms"),
                DoubleStream.of(14.2, 9999, 12_345, 9.9e6, 12.3e6).mapToObj(Format::nanos).toList());
    }

    @Test
    void anAxisThatMarksEachValueNamesItExactly() {
        Axis axis = new Axis("messages a batch", Axis.Scale.LOG_EACH);

        assertEquals(List.of("1", "64", "1024", "4096", "10,000"),
                axis.spec("x", Stream.of(1.0, 4096.0, 64.0, 1024.0, 10_000.0)).get("labels"));
    }

    @Test
    void anAxisByPowersOfTenHasMarksWithinItsValues() {
        Axis axis = new Axis("µs for an SA", Axis.Scale.LOG10);

        assertEquals(List.of("0.5", "1", "2", "5", "10", "20"), axis.spec("y", Stream.of(0.4, 30.0)).get("labels"));
        assertEquals(List.of("1", "10", "100", "1000"), axis.spec("y", Stream.of(0.4, 3000.0)).get("labels"));
    }
}
