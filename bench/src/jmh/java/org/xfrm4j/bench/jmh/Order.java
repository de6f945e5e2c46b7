package org.xfrm4j.bench.jmh;

import java.util.List;
import java.util.regex.Pattern;

/**
 * Whose turn an iteration is.
 *
 * @param ways ways of doing the same, by the names of their methods, as they follow each other
 */
record Order(List<String> ways) {
    private static final String SEPARATOR = "+";
    /** Iterations for what no JVM has to compile: for caches, and for the way from Java to it. */
    private static final int WARM_UPS_OF_C = 2;

    /** What {@link #toString} has written. */
    static Order of(String written) {
        return new Order(List.of(written.split(Pattern.quote(SEPARATOR))));
    }

    /** As one value of a parameter of JMH, which separates several by commas. */
    @Override
    public String toString() {
        return String.join(SEPARATOR, ways);
    }

    /** Methods that call C have names that say so. */
    static boolean isOfC(String method) {
        return method.equals("c") || method.matches("c[A-Z].*") || method.endsWith("OfC");
    }

    /** How many iterations warm a way up, if one in Java takes {@code each}. */
    int warmUpsOf(String way, int each) {
        return isOfC(way) ? Math.min(WARM_UPS_OF_C, each) : each;
    }

    /** How many iterations warm all of them up. */
    int warmUps(int each) {
        return ways.stream().mapToInt(way -> warmUpsOf(way, each)).sum();
    }

    /** Who warms up in an iteration: all in turns, until C is warm, and then the others. */
    String warmUp(int iteration) {
        int together = WARM_UPS_OF_C * ways.size();
        List<String> inJava = ways.stream().filter(way -> !isOfC(way)).toList();
        return iteration < together || inJava.isEmpty() ? measured(iteration)
                : inJava.get((iteration - together) % inJava.size());
    }

    /** Who is measured in an iteration. */
    String measured(int iteration) {
        return ways.get(iteration % ways.size());
    }
}
