package org.xfrm4j.bench.report;

import java.util.ArrayList;
import java.util.List;
import org.xfrm4j.bench.report.Block.Column;
import org.xfrm4j.bench.report.Block.Table;
import org.xfrm4j.bench.report.Block.Text;

/** On what machine, and by what command, each run was made. */
final class RunsSection {
    private final Results results;

    RunsSection(Results results) {
        this.results = results;
    }

    Section section() {
        List<Block> blocks = new ArrayList<>();
        blocks.add(new Text("Each run is a file of raw results, which lies beside this report. Only figures of the "
                + "same run are compared with one another."));
        for (Run run : results.runs()) {
            long figures = results.measurements().stream().filter(one -> one.run().equals(run)).count()
                    + results.rows().stream().filter(one -> one.run().equals(run)).count();
            List<List<String>> rows = new ArrayList<>();
            rows.add(List.of("measured on", run.kernel().toString()));
            run.facts().forEach((name, value) -> rows.add(List.of(name,
                    name.equals("command") ? "`" + value + "`" : value)));
            rows.add(List.of("measurements", Format.count(figures)));
            if (run.kernel() == Kernel.UNKNOWN) {
                rows.add(List.of("machine", "not recorded: these figures count for no target"));
            }
            if (run.isForNothing()) {
                rows.add(List.of("made", "only to see that all runs: these figures count for no target"));
            }
            blocks.add(new Table("`" + run.file() + "`", List.of(Column.text("fact"), Column.text("as recorded")),
                    rows));
        }
        return new Section("Where and how it was measured", blocks);
    }
}
