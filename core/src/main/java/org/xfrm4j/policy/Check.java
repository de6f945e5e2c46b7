package org.xfrm4j.policy;

import java.util.Objects;

/** Checks of fields, whose messages name the field. */
final class Check {
    private Check() {
    }

    static int range(String field, int value, int lowest, int highest) {
        if (value < lowest || value > highest) {
            throw new IllegalArgumentException(
                    field + ": " + value + " is not between " + lowest + " and " + highest);
        }
        return value;
    }

    static <T> T notNull(String field, T value) {
        return Objects.requireNonNull(value, () -> field + ": missing");
    }

    static void refuse(boolean wrong, String message, Object... arguments) {
        if (wrong) {
            throw new IllegalArgumentException(String.format(message, arguments));
        }
    }
}
