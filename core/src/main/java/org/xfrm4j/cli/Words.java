package org.xfrm4j.cli;

import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.xfrm4j.sa.IpAddress;
import org.xfrm4j.sa.IpPrefix;
import org.xfrm4j.sa.Mark;

/** The words of a command in {@code ip}'s manner, read one after the other. Complaints name the word before. */
final class Words {
    private final List<String> words;
    private int next;

    Words(List<String> words) {
        this.words = words;
    }

    boolean hasNext() {
        return next < words.size();
    }

    /** The next word; it stays. Empty at the end. */
    String peek() {
        return hasNext() ? words.get(next) : "";
    }

    String next() {
        if (!hasNext()) {
            throw new UsageException(next == 0 ? "something is missing" : "'" + words.get(next - 1)
                    + "' lacks what has to follow it");
        }
        return words.get(next++);
    }

    /** Takes the next word if it is this one. */
    boolean take(String word) {
        boolean is = hasNext() && words.get(next).equals(word);
        next += is ? 1 : 0;
        return is;
    }

    /** Makes a value of the next word. */
    <T> T next(Function<String, T> parser) {
        String name = next == 0 ? "" : words.get(next - 1) + ": ";
        String word = next();
        try {
            return parser.apply(word);
        } catch (IllegalArgumentException | UsageException wrong) {
            throw new UsageException(name + wrong.getMessage());
        }
    }

    int u32() {
        return next(U32::parse).bits();
    }

    int number(int most) {
        return next(word -> (int) U32.parse(word, most));
    }

    long u64() {
        return next(word -> U32.parse(word, -1));
    }

    IpAddress address() {
        return next(IpAddress::parse);
    }

    IpPrefix prefix() {
        return next(IpPrefix::parse);
    }

    /** {@code VALUE}, {@code VALUE/MASK}, or {@code VALUE mask MASK}. */
    Mark mark() {
        Mark mark = next(Converters::mark);
        return take("mask") ? new Mark(mark.value(), u32()) : mark;
    }

    /** The bits of as many names as follow, or a number. */
    int flags(String what, java.util.Map<String, Integer> names) {
        if (!names.containsKey(peek())) {
            try {
                return u32();
            } catch (UsageException wrong) {
                throw new UsageException(what + ": '" + words.get(next - 1) + "' is neither a number nor one of "
                        + String.join(", ", names.keySet().stream().sorted().toList()));
            }
        }
        int bits = 0;
        while (names.containsKey(peek())) {
            bits |= names.get(next());
        }
        return bits;
    }

    /** Nothing else may follow. */
    UsageException unexpected(Set<String> known) {
        return new UsageException("'" + words.get(next - 1) + "' is not understood here; known are "
                + String.join(", ", known.stream().sorted().toList()));
    }
}
