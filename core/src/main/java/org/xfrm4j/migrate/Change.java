package org.xfrm4j.migrate;

import java.util.Objects;

/**
 * What becomes of an optional property of an SA when it moves. Three cases, so that 0 or absence can never be mistaken
 * for "keep". A value: any thread may have it.
 *
 * @param <T> the property's type
 */
public sealed interface Change<T> {

    /**
     * The property stays as it is.
     *
     * @param <T> the property's type
     */
    record Inherit<T>() implements Change<T> {
    }

    /**
     * The property gets a value.
     *
     * @param value the new value
     * @param <T> the property's type
     */
    record Set<T>(T value) implements Change<T> {
        /** Checks that there is a value. */
        public Set {
            Objects.requireNonNull(value, "value");
        }
    }

    /**
     * The property is removed.
     *
     * @param <T> the property's type
     */
    record Clear<T>() implements Change<T> {
    }

    /**
     * The property stays as it is.
     *
     * @param <T> the property's type
     * @return the case of no change
     */
    static <T> Change<T> inherit() {
        return new Inherit<>();
    }

    /**
     * The property gets a value.
     *
     * @param value the new value
     * @param <T> the property's type
     * @return the case of a new value
     */
    static <T> Change<T> to(T value) {
        return new Set<>(value);
    }

    /**
     * The property is removed.
     *
     * @param <T> the property's type
     * @return the case of removal
     */
    static <T> Change<T> clear() {
        return new Clear<>();
    }
}
