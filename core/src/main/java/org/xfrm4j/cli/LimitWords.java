package org.xfrm4j.cli;

import java.util.Set;
import org.xfrm4j.sa.Lifetime;

/** Reads limits: {@code limit time-soft 3600 limit byte-hard 1000000 …}. */
final class LimitWords {
    private static final Set<String> KNOWN = Set.of("time-soft", "time-hard", "time-use-soft", "time-use-hard",
            "byte-soft", "byte-hard", "packet-soft", "packet-hard");

    private Lifetime limits = Lifetime.UNLIMITED;

    void take(Words words) {
        switch (words.next()) {
            case "time-soft" -> limits = limits.withSecondsSinceAdded(words.u64(), limits.hardAddSeconds());
            case "time-hard" -> limits = limits.withSecondsSinceAdded(limits.softAddSeconds(), words.u64());
            case "time-use-soft" -> limits = limits.withSecondsSinceUsed(words.u64(), limits.hardUseSeconds());
            case "time-use-hard" -> limits = limits.withSecondsSinceUsed(limits.softUseSeconds(), words.u64());
            case "byte-soft" -> limits = limits.withBytes(words.u64(), limits.hardBytes());
            case "byte-hard" -> limits = limits.withBytes(limits.softBytes(), words.u64());
            case "packet-soft" -> limits = limits.withPackets(words.u64(), limits.hardPackets());
            case "packet-hard" -> limits = limits.withPackets(limits.softPackets(), words.u64());
            default -> throw words.unexpected(KNOWN);
        }
    }

    Lifetime limits() {
        return limits;
    }
}
