package org.xfrm4j.bench.report;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Locale;

/** Numbers for readers: three digits that mean something. */
final class Format {
    private Format() {
    }

    /** Three digits, and all of those before the point; thousands in groups. */
    static String number(double value) {
        double size = Math.abs(value);
        if (size >= 100) {
            return String.format(Locale.ROOT, "%,.0f", value);
        }
        if (size >= 10) {
            return String.format(Locale.ROOT, "%.1f", value);
        }
        return size == 0 ? "0" : String.format(Locale.ROOT, size >= 0.095 ? "%.2f" : "%.2g", value);
    }

    /** A mark on an axis: 0.05, 1024, 10,000. */
    static String mark(double value) {
        if (value < 100) {
            return BigDecimal.valueOf(value).round(new MathContext(3)).stripTrailingZeros().toPlainString();
        }
        return value < 10_000 ? Long.toString(Math.round(value)) : count(Math.round(value));
    }

    static String count(long count) {
        return String.format(Locale.ROOT, "%,d", count);
    }

    /** Nanoseconds, in the unit that suits. */
    static String nanos(double nanos) {
        if (nanos < 1e4) {
            return number(nanos) + " ns";
        }
        return nanos < 1e7 ? number(nanos / 1e3) + " µs" : number(nanos / 1e6) + " ms";
    }

    /** Bytes; a hundredth of one comes from what measures. */
    static String bytes(double bytes) {
        return (bytes < 0.1 ? "0" : number(bytes)) + " B";
    }

    static String ratio(Ratio ratio) {
        return number(ratio.value()) + " (" + number(ratio.low()) + " to " + number(ratio.high()) + ")";
    }
}
