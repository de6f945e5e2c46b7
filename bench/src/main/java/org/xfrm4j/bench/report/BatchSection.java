package org.xfrm4j.bench.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.xfrm4j.bench.report.Block.Column;
import org.xfrm4j.bench.report.Block.Details;
import org.xfrm4j.bench.report.Block.Figure;
import org.xfrm4j.bench.report.Block.Table;
import org.xfrm4j.bench.report.Block.Text;

/** What goes to the kernel in batches: throughput over the size of the batch, and its ratio to C. */
final class BatchSection {
    private static final List<String> STRATEGIES =
            List.of(Measurement.LAST_ACKED, "ALL_ACKED", Measurement.SINGLE);
    private static final Axis BATCH = new Axis("messages a batch", Axis.Scale.LOG_EACH);

    private final Results results;
    private final String title;
    private final String benchmark;
    private final String thing;
    private final List<Block> blocks = new ArrayList<>();

    /**
     * Of a benchmark.
     *
     * @param thing what one message does, for the axes
     */
    BatchSection(Results results, String title, String benchmark, String thing) {
        this.results = results;
        this.title = title;
        this.benchmark = benchmark;
        this.thing = thing;
    }

    Section section(String explanation) {
        blocks.add(new Text(explanation));
        int number = 0;
        for (Run run : results.runs()) {
            // What the messages are about, and then the batches and strategies of that.
            Map<String, List<Measurement>> bySubject = results.of(benchmark).filter(one -> one.run().equals(run))
                    .collect(Collectors.groupingBy(BatchSection::subject, LinkedHashMap::new, Collectors.toList()));
            for (Map.Entry<String, List<Measurement>> subject : bySubject.entrySet()) {
                String name = benchmark.replace("Benchmark", "").toLowerCase(Locale.ROOT) + "-" + ++number;
                add(name, (subject.getKey().isEmpty() ? "" : subject.getKey() + ", ") + run.kernel(), run,
                        subject.getValue());
            }
        }
        if (number == 0) {
            blocks.add(new Text("Not measured: there are no results of `" + benchmark + "`."));
        }
        return new Section(title, blocks);
    }

    private static String subject(Measurement one) {
        Map<String, String> rest = new TreeMap<>(one.parameters());
        rest.remove(Measurement.BATCH);
        rest.remove(Measurement.STRATEGY);
        return rest.entrySet().stream().map(entry -> entry.getKey() + " " + entry.getValue())
                .collect(Collectors.joining(", "));
    }

    private void add(String name, String subject, Run run, List<Measurement> measured) {
        LineChart rates = new LineChart("Throughput: " + subject, BATCH,
                new Axis(thing + " a second", Axis.Scale.LINEAR));
        LineChart ratios = new LineChart("Rate to that of C: " + subject, BATCH,
                new Axis("rate of xfrm4j : rate of C", Axis.Scale.AROUND_ONE)).level(1);
        for (String strategy : STRATEGIES) {
            for (String method : List.of("java", "c")) {
                Style style = Ways.style(method, strategy);
                for (Measurement one : sorted(measured, method, strategy)) {
                    for (int batch : strategy.equals(Measurement.SINGLE) ? ends(measured) : List.of(one.batch())) {
                        rates.add(style, batch, one.rate(), 1e9 / one.nanos().upperQuartile(),
                                1e9 / one.nanos().lowerQuartile());
                    }
                }
            }
            sorted(measured, "java", strategy).forEach(one -> results.partner(one, "c").ifPresent(c -> {
                Ratio ratio = Ratio.of(c, one);
                ratios.add(Ways.style("java", strategy), one.batch(), ratio.value(), ratio.low(), ratio.high());
            }));
        }
        addFigure(name + "-rate", rates);
        addFigure(name + "-ratio", ratios);
        blocks.add(table(subject, run, measured));
        blocks.add(new Details("All ways and strategies: " + subject,
                new Comparison(results).table("", measured.stream())));
    }

    /** One message at a time is the same whatever the batch: a level line. */
    private static List<Integer> ends(List<Measurement> measured) {
        return measured.stream().map(Measurement::batch).filter(batch -> batch > 0).sorted().distinct()
                .collect(Collectors.collectingAndThen(Collectors.toList(),
                        all -> all.size() <= 1 ? all : List.of(all.getFirst(), all.getLast())));
    }

    private void addFigure(String name, LineChart chart) {
        if (chart.isDrawn()) {
            blocks.add(new Figure(name, chart));
        }
    }

    private static List<Measurement> sorted(List<Measurement> measured, String method, String strategy) {
        return measured.stream().filter(one -> one.method().equals(method)
                && one.has(Measurement.STRATEGY, strategy) && one.batch() > 0)
                .sorted(Comparator.comparingInt(Measurement::batch)).toList();
    }

    private Table table(String subject, Run run, List<Measurement> measured) {
        List<List<String>> rows = sorted(measured, "java", Measurement.LAST_ACKED).stream().map(one -> List.of(
                Integer.toString(one.batch()), Format.number(one.rate()),
                results.partner(one, "c").map(c -> Format.number(c.rate())).orElse("–"),
                rateTo(one, "c", Measurement.LAST_ACKED), rateTo(one, "c", Measurement.SINGLE),
                rateTo(one, "naive", Measurement.SINGLE), rateTo(one, "cStrongswan", Measurement.SINGLE))).toList();
        return new Table(capital(thing) + " a second, errors and last ACK only: " + subject + " (`" + run.file() + "`)",
                List.of(Column.number("messages a batch"), Column.number("xfrm4j"), Column.number("C twin"),
                        Column.number("rate to C's (spread)"), Column.number("to C, one at a time"),
                        Column.number("to naive FFM"), Column.number("to strongSwan's calls")), rows);
    }

    private static String capital(String text) {
        return Character.toUpperCase(text.charAt(0)) + text.substring(1);
    }

    private String rateTo(Measurement one, String method, String strategy) {
        return results.partner(one, method, strategy).map(partner -> Format.ratio(Ratio.of(partner, one))).orElse("–");
    }
}
