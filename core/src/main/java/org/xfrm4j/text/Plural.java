package org.xfrm4j.text;

import java.util.Locale;

/** Nouns behind a number. */
public final class Plural {
    private Plural() {
    }

    /** {@return the noun, as it stands behind so many: {@code policy}, {@code policies}} */
    public static String of(long count, String noun) {
        if (count == 1) {
            return noun;
        }
        return noun.endsWith("y") ? noun.substring(0, noun.length() - 1) + "ies" : noun + "s";
    }

    /** {@return the number, and the noun behind it} */
    public static String count(long count, String noun) {
        return count + " " + of(count, noun);
    }

    /** {@return the number, in groups of three digits for people, and the noun behind it} */
    public static String grouped(long count, String noun) {
        return String.format(Locale.ROOT, "%,d ", count) + of(count, noun);
    }
}
