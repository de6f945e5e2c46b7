package org.xfrm4j.bench.report;

import java.util.Map;
import java.util.Optional;
import org.xfrm4j.bench.report.Style.Dashes;

/** What the methods of benchmarks, and the ways of {@code bench/scale}, are called; and what each is compared with. */
final class Ways {
    private static final Map<String, String> NAMES = Map.ofEntries(
            Map.entry("java", "xfrm4j"),
            Map.entry("javaChecked", "xfrm4j, each move checked"),
            Map.entry("values", "xfrm4j, as objects"),
            Map.entry("stream", "xfrm4j, from a dump"),
            Map.entry("naive", "naive FFM"),
            Map.entry("c", "C twin"),
            Map.entry("cSingle", "C twin, one at a time"),
            Map.entry("cPatched", "C twin, patches a full batch"),
            Map.entry("cStream", "C twin, from a dump"),
            Map.entry("cStrongswan", "strongSwan's four calls, in C"),
            Map.entry("emptyCallOfC", "Java: an empty function of C"),
            Map.entry("getppid", "Java: getppid"),
            Map.entry("cGetppid", "C: getppid"),
            Map.entry("noop", "Java: a send of one NOOP"),
            Map.entry("cNoop", "C: a send of one NOOP"));

    private static final Map<String, String> COUNTERPARTS = Map.ofEntries(
            Map.entry("java", "c"),
            Map.entry("javaChecked", "c"),
            Map.entry("values", "c"),
            Map.entry("naive", "c"),
            Map.entry("cPatched", "c"),
            Map.entry("cSingle", "c"),
            Map.entry("cStrongswan", "c"),
            Map.entry("stream", "cStream"),
            Map.entry("getppid", "cGetppid"),
            Map.entry("noop", "cNoop"));

    private static final Map<String, Style> STYLES = Map.of(
            Moves.STREAM, new Style("xfrm4j, from a dump", Style.OURS, 16, Dashes.SOLID),
            Moves.ENGINE, new Style("xfrm4j, engine", Style.OURS, 1, Dashes.DASHED),
            Moves.ENGINE_SAS, new Style("xfrm4j, engine, no policies", Style.OURS, 5, Dashes.DOTTED),
            Moves.C_STREAM, new Style("C, from a dump", Style.C, 15, Dashes.SOLID),
            Moves.C_GATEWAY, new Style("C, with policies", Style.C, 3, Dashes.LONGDASH),
            "c-last-acked", new Style("C, errors and last ACK", Style.C, 0, Dashes.DASHED),
            "c-all-acked", new Style("C, all ACKed", Style.C, 2, Dashes.DOTTED),
            "c-single", new Style("C, one at a time", Style.C, 4, Dashes.LONGDASH),
            "strongswan", new Style("strongSwan's four calls, in C", Style.OTHER, 17, Dashes.SOLID),
            "ip-batch", new Style("ip -batch, deletes and adds", Style.NAIVE, 15, Dashes.SOLID));

    private Ways() {
    }

    static String name(String method) {
        return NAMES.getOrDefault(method, method);
    }

    /** The method of C that does the same. */
    static Optional<String> counterpart(String method) {
        return Optional.ofNullable(COUNTERPARTS.get(method));
    }

    /** The method that sends one message at a time whatever the strategy, in turns with those that do not. */
    static String single(String method) {
        return method.equals("c") ? "cSingle" : method;
    }

    /** How a method is drawn beside others of its benchmark. */
    static Style styleOfMethod(String method) {
        return switch (method) {
            case "naive" -> new Style(name(method), Style.NAIVE, 17, Dashes.SOLID);
            case "values" -> new Style(name(method), Style.OURS, 5, Dashes.SOLID);
            case "javaChecked" -> new Style(name(method), Style.OURS, 1, Dashes.SOLID);
            case "cPatched" -> new Style(name(method), Style.C, 15, Dashes.SOLID);
            default -> Style.XFRM4J;
        };
    }

    /** How a way of {@code bench/scale} is drawn. */
    static Style style(String way) {
        return STYLES.getOrDefault(way, new Style(way, Style.PLAIN, 16, Dashes.SOLID));
    }

    /** How a method is drawn that sends messages in a strategy. */
    static Style style(String method, String strategy) {
        String family = method.startsWith("c") ? "C twin" : "xfrm4j";
        String colour = method.startsWith("c") ? Style.C : Style.OURS;
        return switch (strategy) {
            case Measurement.LAST_ACKED -> new Style(family + ", errors and last ACK", colour,
                    method.startsWith("c") ? 15 : 16, Dashes.SOLID);
            case "ALL_ACKED" -> new Style(family + ", all ACKed", colour, method.startsWith("c") ? 0 : 1,
                    Dashes.DASHED);
            case Measurement.SINGLE -> new Style(family + ", one at a time", colour, method.startsWith("c") ? 4 : 3,
                    Dashes.DOTTED);
            default -> new Style(family + ", " + strategy, colour, 16, Dashes.LONGDASH);
        };
    }
}
