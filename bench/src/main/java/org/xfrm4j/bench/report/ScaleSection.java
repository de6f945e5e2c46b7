package org.xfrm4j.bench.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.xfrm4j.bench.report.Block.Column;
import org.xfrm4j.bench.report.Block.Figure;
import org.xfrm4j.bench.report.Block.Table;
import org.xfrm4j.bench.report.Block.Text;
import org.xfrm4j.bench.report.Style.Dashes;

/** Whole migrations, end to end: time for each SA over how many there are, memory, blackout, namespaces side by side.
 * */
final class ScaleSection {
    private static final Axis SAS = new Axis("SAs", Axis.Scale.LOG_EACH);
    private static final double NANOS_IN_MICRO = 1e3;
    private static final double BYTES_IN_MEBIBYTE = 1 << 20;

    private final Results results;
    private final List<Block> blocks = new ArrayList<>();

    ScaleSection(Results results) {
        this.results = results;
    }

    Section section() {
        blocks.add(new Text("A gateway's SAs (AES-GCM with 256 bits, tunnel mode, extended sequence numbers) move "
                + "from one address to another and back, each way in a process of its own, one way after the other in "
                + "the same kernel. \"Engine\" is the whole of it: plan, policies that block meanwhile, journal, "
                + "verification; \"engine, no policies\" the same of SAs that no policy uses. With policies the kernel "
                + "has more to do: of each tunnel's two SAs and three policies the engine moves two, sets four "
                + "policies and asks for three, where the raw batch path only moves two SAs. So the engine is best compared "
                + "with \"C, with policies\", which sends the same moves and policies and does nothing else, and the "
                + "engine without policies with the raw batch path. \"spread\" SAs have an "
                + "address pair and a reqid for each tunnel; of \"per-cpu\" ones 64 share those, and the kernel's "
                + "hash chains are as long. Times are medians of the second half of the rounds, bars the quartiles."));
        List<Run> runs = results.runs().stream()
                .filter(run -> results.rows().stream().anyMatch(row -> row.run().equals(run))).toList();
        for (Run run : runs) {
            Map<String, List<Moves>> byShape = results.moves(run).stream()
                    .collect(Collectors.groupingBy(Moves::shape, LinkedHashMap::new, Collectors.toList()));
            int number = results.runs().indexOf(run) + 1;
            byShape.forEach((shape, moves) -> addMoves("scale-" + number + "-" + shape,
                    shape + ", " + run.kernel(), run, moves));
            addMemory(run);
            addBlackouts(run, "scale-" + number + "-blackout");
            addNamespaces(run);
        }
        if (runs.isEmpty()) {
            blocks.add(new Text("Not measured: there are no results of `bench/scale`."));
        }
        return new Section("End to end", blocks);
    }

    private void addMoves(String name, String subject, Run run, List<Moves> moves) {
        LineChart times = new LineChart("Time for an SA: " + subject, SAS, new Axis("µs for an SA", Axis.Scale.LOG10));
        LineChart own = new LineChart("Our own time: " + subject, SAS,
                new Axis("µs for an SA, outside the kernel", Axis.Scale.LINEAR));
        for (Moves move : moves) {
            add(times, move, move.nanosEach());
            move.ownNanosEach().ifPresent(each -> add(own, move, each));
        }
        addFigure(name + "-time", times);
        addFigure(name + "-own", own);
        blocks.add(timeTable(subject, run, moves));
        blocks.add(ourTable(subject, moves));
    }

    private void addFigure(String name, LineChart chart) {
        if (chart.isDrawn()) {
            blocks.add(new Figure(name, chart));
        }
    }

    private static void add(LineChart chart, Moves move, Samples nanos) {
        chart.add(Ways.style(move.way()), move.sas(), nanos.median() / NANOS_IN_MICRO,
                nanos.lowerQuartile() / NANOS_IN_MICRO, nanos.upperQuartile() / NANOS_IN_MICRO);
    }

    private static Table timeTable(String subject, Run run, List<Moves> moves) {
        List<Long> sizes = moves.stream().map(Moves::sas).distinct().sorted().toList();
        List<List<String>> rows = moves.stream().map(Moves::way).distinct().map(way -> Stream.concat(
                Stream.of(Ways.style(way).label()), sizes.stream().map(size -> moves.stream()
                        .filter(one -> one.way().equals(way) && one.sas() == size).findFirst()
                        .map(one -> micros(one.nanosEach())).orElse("–"))).toList()).toList();
        return new Table("µs for an SA, median (quartiles): " + subject + " (`" + run.file() + "`)", Stream.concat(
                Stream.of(Column.text("way")), sizes.stream().map(size -> Column.number(Format.count(size) + " SAs")))
                .toList(), rows);
    }

    private static String micros(Samples nanos) {
        return Format.number(nanos.median() / NANOS_IN_MICRO) + " (" + Format.number(nanos.lowerQuartile()
                / NANOS_IN_MICRO) + " to " + Format.number(nanos.upperQuartile() / NANOS_IN_MICRO) + ")";
    }

    private static Table ourTable(String subject, List<Moves> moves) {
        List<List<String>> rows = moves.stream().filter(one -> one.ownNanosEach().isPresent()).map(one -> List.of(
                Ways.style(one.way()).label(), Format.count(one.sas()),
                Format.number(one.coldNanosEach() / NANOS_IN_MICRO),
                one.ownNanosEach().map(ScaleSection::micros).orElse("–"),
                text(one.allocatedEach()), Format.number(one.warm().stream().mapToDouble(row ->
                        row.number("collections")).sum() / one.warm().size()))).toList();
        return new Table("The JVM's own part: " + subject, List.of(Column.text("way"), Column.number("SAs"),
                Column.number("µs for an SA, JVM cold"), Column.number("own µs for an SA, warm (quartiles)"),
                Column.number("bytes allocated for an SA"), Column.number("collections a round")), rows);
    }

    private static String text(OptionalDouble value) {
        return value.isEmpty() ? "–" : Format.number(value.getAsDouble());
    }

    private void addMemory(Run run) {
        Function<String, Function<Row, String>> mebibytes = name -> row ->
                Format.number(row.number(name) / BYTES_IN_MEBIBYTE);
        List<List<String>> rows = results.rows(run, "memory").map(row -> List.of(Ways.style(row.text("way")).label(),
                row.text("shape"), Format.count((long) row.number("sas")),
                mebibytes.apply("heap_used_bytes").apply(row), mebibytes.apply("heap_max_bytes").apply(row),
                mebibytes.apply("resident_peak_bytes").apply(row))).toList();
        if (!rows.isEmpty()) {
            blocks.add(new Table("Memory of the JVM, MiB: " + run.kernel(), List.of(Column.text("way"),
                    Column.text("shape"), Column.number("SAs"), Column.number("heap in use, garbage collected"),
                    Column.number("heap's limit"), Column.number("most resident")), rows));
        }
    }

    private void addBlackouts(Run run, String name) {
        Map<Double, List<Row>> byGroup = results.rows(run, "blackout").collect(Collectors.groupingBy(
                row -> row.number("sas_of_group"), TreeMap::new, Collectors.toList()));
        if (byGroup.isEmpty()) {
            blocks.add(new Text("Not measured on " + run.kernel() + ": blackout over the size of a group."));
            return;
        }
        LineChart chart = new LineChart("Blackout of a flow: " + run.kernel(),
                new Axis("SAs of a direction that move together", Axis.Scale.LOG_EACH),
                new Axis("µs that an outgoing flow is blocked", Axis.Scale.LOG10));
        Map<String, Style> figures = new LinkedHashMap<>();
        figures.put("median", new Style("median", Style.OURS, 16, Dashes.SOLID));
        figures.put("p99", new Style("99 % are shorter", Style.OTHER, 17, Dashes.DASHED));
        figures.put("longest", new Style("longest", Style.PLAIN, 15, Dashes.DOTTED));
        List<List<String>> rows = new ArrayList<>();
        byGroup.forEach((group, all) -> {
            List<String> row = new ArrayList<>(List.of(Format.count(group.longValue())));
            figures.forEach((figure, style) -> {
                Samples nanos = Samples.of(Moves.warm(all).stream().mapToDouble(one ->
                        one.number("blackout_" + figure + "_nanoseconds")));
                chart.add(style, group, nanos.median() / NANOS_IN_MICRO, nanos.lowerQuartile() / NANOS_IN_MICRO,
                        nanos.upperQuartile() / NANOS_IN_MICRO);
                row.add(micros(nanos));
            });
            rows.add(row);
        });
        addFigure(name, chart);
        blocks.add(new Table("µs that an outgoing flow is blocked, median over the rounds (quartiles): " + run.kernel(),
                Stream.concat(Stream.of(Column.number("SAs of a direction that move together")),
                        figures.values().stream().map(style -> Column.number(style.label()))).toList(), rows));
    }

    private void addNamespaces(Run run) {
        List<String> ways = results.rows(run, "namespaces").map(row -> row.text("way")).distinct().toList();
        if (ways.isEmpty()) {
            blocks.add(new Text("Not measured on " + run.kernel() + ": namespaces side by side, which needs "
                    + "several CPUs."));
            return;
        }
        List<List<String>> rows = ways.stream().flatMap(way -> {
            Namespaces namespaces = Namespaces.of(results, run, way);
            return namespaces.byCount().keySet().stream().map(count -> List.of(Ways.style(way).label(),
                    Long.toString(count), namespaces.nanosEach(count).map(ScaleSection::micros).orElse("–"),
                    namespaces.rateOf(count).map(Format::ratio).orElse("–"),
                    percent(namespaces.compiling(count))));
        }).toList();
        blocks.add(new Table("Network namespaces side by side, as many SAs in each, a thread for each: "
                + run.kernel(), List.of(Column.text("way"), Column.number("namespaces"),
                Column.number("µs for an SA of any (quartiles)"), Column.number("rate to that of one (spread)"),
                Column.number("of a CPU, the JVM's compiler")), rows));
    }

    private static String percent(OptionalDouble part) {
        return part.isEmpty() ? "–" : Format.number(100 * part.getAsDouble()) + " %";
    }
}
