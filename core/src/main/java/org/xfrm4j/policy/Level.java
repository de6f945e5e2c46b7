package org.xfrm4j.policy;

/**
 * Whether a packet needs the SA of a template.
 *
 * @param number the template's {@code optional}: 0 for needed; the kernel keeps any other number
 */
public record Level(int number) {
    /** Needed: without it a packet does not pass. */
    public static final Level REQUIRED = new Level(0);
    /** Used if it is there. */
    public static final Level USE = new Level(1);

    /**
     * Checks the number.
     *
     * @throws IllegalArgumentException if it is not between 0 and 255
     */
    public Level {
        Check.range("level", number, 0, 255);
    }

    /** {@return whether packets pass without the SA} */
    public boolean isOptional() {
        return number != 0;
    }

    /** {@return the name that {@code ip xfrm} has for it, or the number} */
    @Override
    public String toString() {
        return switch (number) {
            case 0 -> "required";
            case 1 -> "use";
            default -> Integer.toString(number);
        };
    }
}
