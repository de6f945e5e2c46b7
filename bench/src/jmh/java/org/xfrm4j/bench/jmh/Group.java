package org.xfrm4j.bench.jmh;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The benchmarks by name, as {@code bench/jmh} takes them. */
enum Group {
    ENCODE("messages written, not sent; ns a message"),
    DECODE("what the kernel sends, in memory; ns an SA or acknowledgement"),
    FLOOR("calls that do nothing; ns a call"),
    TRANSPORT("requests of any kernel, with their answers; ns a message"),
    DUMP("dumps from the kernel; ns an entry"),
    MIGRATE("real SAs moved; ns an SA");

    private static final List<String> NONE = List.of();
    /** Where a message goes alone, batches have no size. */
    private static final List<String> ONE = List.of("1");
    /** What the targets are about. */
    private static final List<String> CLAIMED = List.of("64", "256");
    /** What the library takes by itself. */
    private static final List<String> ONE_SIZE = List.of("128");

    private final String what;

    Group(String what) {
        this.what = what;
    }

    String what() {
        return what;
    }

    String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    List<Comparison> comparisons() {
        return switch (this) {
            case ENCODE -> encode();
            case DECODE -> List.of(
                    Comparison.of(DecodeDumpBenchmark.class, "java", "c"),
                    Comparison.of(DecodeDumpBenchmark.class, "values"),
                    Comparison.of(DecodeAcksBenchmark.class, "java", "c").with("refused", "256", "1"));
            case FLOOR -> List.of(Comparison.of(FloorBenchmark.class, "emptyCallOfC", "getppid", "cGetppid", "noop",
                    "cNoop"));
            case TRANSPORT -> transport();
            case DUMP -> dumps("POLICIES");
            case MIGRATE -> migrate();
        };
    }

    /** What is dumped where the kernel has ESP. */
    static List<Comparison> dumpsOfSas() {
        return dumps("SAS");
    }

    private static List<Comparison> dumps(String what) {
        return List.of(Comparison.of(DumpBenchmark.class, "java", "c").with("what", what),
                Comparison.of(DumpBenchmark.class, "values").with("what", what));
    }

    private static List<Comparison> encode() {
        return List.of(
                Comparison.of(EncodeBenchmark.class, "java", "c", "cPatched")
                        .with("kind", "BARE")
                        .with("batch", List.of("1", "64"), List.of("1", "64", "256")),
                Comparison.of(EncodeBenchmark.class, "java", "c")
                        .with("kind", "ENCAP", "ALL_ATTRIBUTES")
                        .with("batch", "1", "64"),
                // A message after the other, whatever the batch.
                Comparison.of(EncodeBenchmark.class, "naive")
                        .with("kind", "BARE", "ENCAP", "ALL_ATTRIBUTES")
                        .with("batch", List.of("1", "64"), List.of("64")),
                Comparison.of(EncodeDumpedBenchmark.class, "java", "c")
                        .with("batch", List.of("64"), List.of("64", "256")),
                Comparison.of(EncodeDumpedBenchmark.class, "javaChecked")
                        .with("batch", List.of("64"), List.of("64", "256")));
    }

    private static List<Comparison> transport() {
        List<Comparison> all = new ArrayList<>();
        for (String work : List.of("POLICIES", "LOOKUPS")) {
            all.add(transport(work, "SINGLE", ONE, ONE, "java", "c", "naive"));
            all.add(transport(work, "ALL_ACKED", CLAIMED, CLAIMED, "java", "c"));
            all.add(transport(work, "LAST_ACKED", NONE, List.of("1", "4", "16", "1024"), "java", "c"));
            all.add(transport(work, "LAST_ACKED", CLAIMED, CLAIMED, "java", "c", "cSingle"));
        }
        return all;
    }

    private static Comparison transport(String work, String strategy, List<String> quick, List<String> full,
                                        String... methods) {
        return Comparison.of(TransportBenchmark.class, methods)
                .with("work", work).with("strategy", strategy).with("batch", quick, full);
    }

    /** On an emulated processor less of it, for else it would take an hour and a half. */
    private static List<Comparison> migrate() {
        List<Comparison> all = new ArrayList<>();
        all.add(migration("SPREAD", "SINGLE", ONE, ONE, ONE, "java", "c", "naive", "cStrongswan").taking(200));
        all.add(migration("SPREAD", "ALL_ACKED", List.of("64"), List.of("64"), List.of("64"), "java", "c"));
        all.add(migration("SPREAD", "LAST_ACKED", CLAIMED, List.of("1", "8", "32", "64", "128", "256", "1024"),
                List.of("8"), "java", "c"));
        // In the embedded kernel a run of single messages takes a third of a second, for which nothing waits.
        all.add(migration("SPREAD", "LAST_ACKED", NONE, NONE, CLAIMED, "java", "c", "cSingle", "cStrongswan"));
        all.add(migration("SPREAD", "LAST_ACKED", ONE_SIZE, ONE_SIZE, ONE_SIZE, "stream", "cStream"));
        for (String layout : List.of("SHARED", "IN_STEP")) {
            // Where SAs share chains of the kernel's tables is what counts; how chains come about does not.
            List<String> large = layout.equals("SHARED") ? List.of("256") : NONE;
            all.add(migration(layout, "LAST_ACKED", List.of("256"), List.of("256"), NONE, "java", "c"));
            all.add(migration(layout, "LAST_ACKED", NONE, NONE, large, "java", "c", "cSingle"));
            all.add(migration(layout, "LAST_ACKED", ONE_SIZE, ONE_SIZE, large.isEmpty() ? NONE : ONE_SIZE,
                    "stream", "cStream"));
        }
        return all;
    }

    private static Comparison migration(String layout, String strategy, List<String> quick, List<String> full,
                                        List<String> emulated, String... methods) {
        return Comparison.of(MigrateBenchmark.class, methods)
                .with("layout", layout).with("strategy", strategy).with("batch", quick, full, emulated);
    }
}
