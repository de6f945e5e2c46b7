package org.xfrm4j.cli;

import java.util.function.IntFunction;

/**
 * What numbers of 8 bits stand for, and the names of that: each made once, since a list of SAs prints the same few
 * again and again.
 */
final class ByNumber<T> {
    private static final int COUNT = 256;

    private final IntFunction<T> value;
    private final Object[] values = new Object[COUNT];
    private final String[] names = new String[COUNT];

    /** {@code value} makes of a number what it stands for, whose text is the name. */
    ByNumber(IntFunction<T> value) {
        this.value = value;
    }

    @SuppressWarnings("unchecked")
    T value(int number) {
        if (values[number] == null) {
            values[number] = value.apply(number);
            names[number] = values[number].toString();
        }
        return (T) values[number];
    }

    String name(int number) {
        return names[number] == null ? value(number).toString() : names[number];
    }
}
