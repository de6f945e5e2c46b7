package org.xfrm4j.sa;

import java.util.Locale;

/** Direction of an SA ({@code XFRMA_SA_DIR}); newer kernels check more where it is told. */
public enum Direction {
    /** Not told. */
    UNSPECIFIED,
    /** For packets that come in. */
    IN,
    /** For packets that go out. */
    OUT;

    /** {@return the kernel's number: 0, {@code XFRM_SA_DIR_IN}, {@code XFRM_SA_DIR_OUT}} */
    public int number() {
        return ordinal();
    }

    /**
     * {@return the direction of the kernel's number}
     *
     * @throws IllegalArgumentException if it is none of these
     */
    public static Direction of(int number) {
        return values()[Check.range("dir", number, 0, 2)];
    }

    /** {@return the name that {@code ip xfrm} has for it} */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
