package org.xfrm4j.bench.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
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

    Section section() {
        List<Block> blocks = new ArrayList<>();
        List<String> benchmarks = results.measurements().stream().map(Measurement::benchmark)
                .filter(name -> !ELSEWHERE.contains(name)).distinct().toList();
        for (Run run : results.runs()) {
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
