package org.xfrm4j.bench.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.xfrm4j.bench.report.Block.Figure;
import org.xfrm4j.bench.report.Block.Text;

/** What takes no kernel, or little: each benchmark beside C. */
final class MemorySection {
    /** Benchmarks that are drawn over the size of batches. */
    private static final Set<String> ELSEWHERE = Set.of("TransportBenchmark", "MigrateBenchmark");
    private static final SortedMap<String, String> TITLES = new TreeMap<>(Map.of(
            "FloorBenchmark", "The floor: calls that do next to nothing, each",
            "EncodeBenchmark", "Encoding XFRM_MSG_MIGRATE_STATE, not sent, each message",
            "EncodeDumpedBenchmark", "From a dump in memory to a batch, without a copy, each SA",
            "DecodeDumpBenchmark", "Decoding a dump of 10,000 SAs in memory, each SA",
            "DecodeAcksBenchmark", "Attributing acknowledgements to messages, each",
            "DumpBenchmark", "Dumping 10,000 policies or SAs from the kernel, each"));

    private final Results results;

    MemorySection(Results results) {
        this.results = results;
    }

    private void addTo(RatioChart chart, Measurement one) {
        boolean isFloor = one.benchmark().equals("FloorBenchmark");
        Ways.counterpart(one.method()).flatMap(method -> results.partner(one, method)).ifPresent(c ->
                chart.add(Ways.styleOfMethod(one.method()), isFloor ? one.method()
                        : (one.benchmark().replace("Benchmark", " ") + String.join(", ", one.parameters().values()))
                                .replace("ALL_ATTRIBUTES", "ALL").strip(),
                        Ratio.of(one, c)));
    }

    Section section() {
        List<Block> blocks = new ArrayList<>();
        List<String> benchmarks = results.measurements().stream().map(Measurement::benchmark)
                .filter(name -> !ELSEWHERE.contains(name)).distinct().toList();
        for (Run run : results.runs()) {
            RatioChart chart = new RatioChart("Time to that of C: " + run.kernel(),
                    new Axis("time : time of C (less is better)", Axis.Scale.LOG10));
            results.measurements().stream().filter(one -> one.run().equals(run)
                    && !ELSEWHERE.contains(one.benchmark())).forEach(one -> addTo(chart, one));
            if (chart.isDrawn()) {
                blocks.add(new Figure("memory-" + (results.runs().indexOf(run) + 1), chart));
            }
            for (String benchmark : benchmarks) {
                List<Measurement> measured = results.of(benchmark).filter(one -> one.run().equals(run)).toList();
                if (!measured.isEmpty()) {
                    blocks.add(new Comparison(results).table(TITLES.getOrDefault(benchmark, "`" + benchmark + "`")
                            + " (" + run.kernel() + ", `" + run.file() + "`)", measured.stream()));
                }
            }
        }
        TITLES.forEach((benchmark, title) -> {
            if (!benchmarks.contains(benchmark)) {
                blocks.add(new Text("Not measured: " + title + " (`" + benchmark + "`)."));
            }
        });
        return new Section("Encoding, decoding, dumps and the floor", blocks);
    }
}
