package org.xfrm4j.bench.scale;

import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/** Prints what was measured. */
final class Table {
    private static final int LABEL_WIDTH = 26;
    private static final double NANOS_IN_MICRO = 1e3;
    private static final double BYTES_IN_MEGABYTE = 1 << 20;

    private final ResultFile results;

    Table(ResultFile results) {
        this.results = results;
    }

    private Stream<Result> moves(Shape shape, String way, int sas) {
        return results.of("move").filter(result -> result.text("shape").equals(shape.name())
                && result.text("way").equals(way) && result.number("sas") == sas);
    }

    private List<Integer> sizes(Shape shape) {
        return results.of("move").filter(result -> result.text("shape").equals(shape.name()))
                .map(result -> (int) result.number("sas")).distinct().sorted().toList();
    }

    private List<String> ways() {
        return results.of("move").map(result -> result.text("way")).distinct().toList();
    }

    static OptionalDouble median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int half = sorted.length / 2;
        return sorted.length == 0 ? OptionalDouble.empty() : OptionalDouble.of(
                sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2);
    }

    /** The median of all rounds but those in which the JVM was cold; of two rounds alone, of both. */
    private OptionalDouble typical(Shape shape, String way, int sas, ToDoubleFunction<Result> value) {
        double[] all = moves(shape, way, sas).mapToDouble(value).toArray();
        return median(all.length <= 2 ? all : Arrays.copyOfRange(all, all.length / 2, all.length));
    }

    private static void row(String label, Stream<String> cells) {
        StringBuilder line = new StringBuilder(String.format("%-" + LABEL_WIDTH + "s", label));
        cells.forEach(cell -> line.append(String.format("%12s", cell)));
        System.out.println(line);
    }

    private static String text(OptionalDouble value, double unit) {
        return value.isEmpty() ? "-" : String.format(value.getAsDouble() / unit < 100 ? "%.2f" : "%.0f",
                value.getAsDouble() / unit);
    }

    void printTimes(Shape shape) {
        List<Integer> sizes = sizes(shape);
        System.out.printf("%nµs for each SA, median; %d SA(s) of a direction to a tunnel%n", shape.sasOfDirection());
        row("SAs", sizes.stream().map(sas -> String.format("%,d", sas)));
        for (String way : ways()) {
            row(way, sizes.stream().map(sas -> text(typical(shape, way, sas, Result::nanosEach), NANOS_IN_MICRO)));
            if (way.startsWith("xfrm4j")) {
                row("  while the JVM is cold", sizes.stream().map(sas -> text(
                        moves(shape, way, sas).limit(1).mapToDouble(Result::nanosEach).max(), NANOS_IN_MICRO)));
                row("  outside the kernel", sizes.stream().map(sas -> text(own(shape, way, sas), NANOS_IN_MICRO)));
                row("  garbage, bytes an SA", sizes.stream().map(sas -> text(typical(shape, way, sas,
                        result -> (double) result.number("allocated_bytes") / result.number("moved")), 1)));
            }
        }
    }

    /** The time outside of system calls. */
    private OptionalDouble own(Shape shape, String way, int sas) {
        return typical(shape, way, sas, result -> (double) result.number("own_nanoseconds") / result.number("moved"));
    }

    void printMemory() {
        System.out.println("\nmemory of the JVM, MiB");
        row("way, SAs", Stream.of("heap in use", "heap limit", "resident"));
        results.of("memory").filter(result -> result.text("shape").equals(Shape.SPREAD.name())).forEach(result ->
                row(result.text("way") + String.format(" %,d", result.number("sas")),
                        Stream.of("heap_used_bytes", "heap_max_bytes", "resident_peak_bytes").map(name ->
                                text(OptionalDouble.of(result.number(name)), BYTES_IN_MEGABYTE))));
    }

    void printBlackouts() {
        System.out.println("\nhow long an outgoing flow is blocked, µs, by the SAs that move together");
        row("SAs of a direction", Stream.of("median", "99 %", "longest"));
        results.of("blackout").map(result -> result.number("sas_of_group")).distinct().forEach(group ->
                row(Long.toString(group), Stream.of("median", "p99", "longest").map(which -> {
                    double[] all = results.of("blackout").filter(result -> result.number("sas_of_group") == group)
                            .mapToDouble(result -> result.number("blackout_" + which + "_nanoseconds")).toArray();
                    return text(median(Arrays.copyOfRange(all, all.length / 2, all.length)), NANOS_IN_MICRO);
                })));
    }

    private OptionalDouble inNamespaces(String way, long count) {
        long rounds = 1 + results.of("namespaces").mapToLong(result -> result.number("round")).max().orElse(0);
        return median(results.of("namespaces").filter(result -> result.text("way").equals(way)
                && result.number("namespaces") == count
                && 2 * result.number("round") >= rounds).mapToDouble(Result::nanosEach).toArray());
    }

    void printNamespaces() {
        System.out.println("\nnetwork namespaces side by side, of as many SAs each:"
                + " µs for each SA, rate to that of one");
        for (String way : results.of("namespaces").map(result -> result.text("way")).distinct().toList()) {
            results.of("namespaces").filter(result -> result.text("way").equals(way))
                    .map(result -> result.number("namespaces")).distinct().sorted().forEach(count ->
                            row(way + " " + count, Stream.of(text(inNamespaces(way, count), NANOS_IN_MICRO),
                                    String.format("%.2f", inNamespaces(way, 1).orElse(0)
                                            / inNamespaces(way, count).orElse(1)))));
        }
    }

    /** What is aimed at, and what it came to. */
    void printRatios() {
        Shape spread = Shape.SPREAD;
        List<Integer> sizes = sizes(spread);
        System.out.println("\nratios");
        for (int sas : sizes) {
            String of = String.format(" of %,d SAs", sas);
            ratio("time, engine to raw batch path" + of, time(spread, "xfrm4j-engine", sas),
                    time(spread, "xfrm4j-stream", sas), "at most 2 (100,000 SAs)");
            ratio("time, engine without policies, to raw batch path" + of, time(spread, "xfrm4j-engine-sas", sas),
                    time(spread, "xfrm4j-stream", sas), "at most 2 (100,000 SAs)");
            ratio("time, engine to C with the same policies" + of, time(spread, "xfrm4j-engine", sas),
                    time(spread, "c-gateway", sas), "at most 2 (100,000 SAs)");
            ratio("rate, raw batch path to C, same work" + of, time(spread, "c-stream", sas),
                    time(spread, "xfrm4j-stream", sas), "at least 0.95");
            ratio("rate, to C, one message at a time" + of, time(spread, "c-single", sas),
                    time(spread, "xfrm4j-stream", sas), "at least 1.4 (full kernel)");
            ratio("rate, to strongSwan's four calls" + of, time(spread, "strongswan", sas),
                    time(spread, "xfrm4j-stream", sas), "at least 3 (full kernel)");
            ratio("rate, to ip -batch" + of, time(spread, "ip-batch", sas), time(spread, "xfrm4j-stream", sas), "-");
            ratio("own time, raw batch path, to 10,000 SAs" + of, own(spread, "xfrm4j-stream", sas),
                    own(spread, "xfrm4j-stream", 10_000), "at most 1.5 (1,000,000 SAs)");
            ratio("own time, engine, to 10,000 SAs" + of, own(spread, "xfrm4j-engine", sas),
                    own(spread, "xfrm4j-engine", 10_000), "at most 1.5 (1,000,000 SAs)");
        }
    }

    private OptionalDouble time(Shape shape, String way, int sas) {
        return typical(shape, way, sas, Result::nanosEach);
    }

    private static void ratio(String what, OptionalDouble one, OptionalDouble other, String target) {
        if (one.isPresent() && other.isPresent() && other.getAsDouble() > 0) {
            System.out.printf("%-70s%8.2f   aim: %s%n", what, one.getAsDouble() / other.getAsDouble(), target);
        }
    }
}
