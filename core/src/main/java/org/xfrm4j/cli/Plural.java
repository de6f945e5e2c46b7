package org.xfrm4j.cli;

import java.util.Locale;

/** Nouns behind a number. */
final class Plural {
    private Plural() {
    }

    /** The noun, as it stands behind so many: {@code policy}, {@code policies}. */
    static String of(long count, String noun) {
        if (count == 1) {
            return noun;
        }
        return noun.endsWith("y") ? noun.substring(0, noun.length() - 1) + "ies" : noun + "s";
    }

    /** The number, in groups of three digits, and the noun behind it. */
    static String count(long count, String noun) {
        return String.format(Locale.ROOT, "%,d ", count) + of(count, noun);
    }
}
