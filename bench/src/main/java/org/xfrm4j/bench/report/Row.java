package org.xfrm4j.bench.report;

import java.util.Map;

/**
 * A line of the results of {@code bench/scale}: names with numbers and texts.
 *
 * @param run the run that it is of
 * @param values the names' values
 */
record Row(Run run, Map<String, Object> values) {
    boolean has(String name, Object value) {
        return value.equals(values.get(name));
    }

    String text(String name) {
        return String.valueOf(values.get(name));
    }

    /** A number; it is an error if there is none. */
    double number(String name) {
        if (values.get(name) instanceof Number number) {
            return number.doubleValue();
        }
        throw new IllegalArgumentException(run.file() + ": no number \"" + name + "\" in " + values);
    }

    boolean hasNumber(String name) {
        return values.get(name) instanceof Number;
    }

    /** Nanoseconds for each SA that moved. */
    double nanosEach() {
        return number("nanoseconds") / number("moved");
    }
}
