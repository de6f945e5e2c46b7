package org.xfrm4j.bench.report;

import java.util.ArrayList;
import java.util.List;
import org.xfrm4j.bench.report.Block.Column;
import org.xfrm4j.bench.report.Block.Details;
import org.xfrm4j.bench.report.Block.Points;
import org.xfrm4j.bench.report.Block.Table;
import org.xfrm4j.bench.report.Block.Text;
import org.xfrm4j.bench.report.Target.Bound;
import org.xfrm4j.bench.report.Target.Case;

/** What was aimed at, and what became of it. */
final class TargetsSection {
    private final List<Target> targets;
    private final List<Run> runs;
    private final Remarks remarks;

    TargetsSection(List<Target> targets, List<Run> runs, Remarks remarks) {
        this.targets = targets;
        this.runs = runs;
        this.remarks = remarks;
    }

    Section section() {
        List<Block> blocks = new ArrayList<>(List.of(new Text(summary()), table()));
        if (count(Verdict.MISSED) > 0) {
            blocks.add(new Text("What is missed, and why:"));
            blocks.add(new Points(targets.stream().filter(target -> target.verdict() == Verdict.MISSED)
                    .map(this::reason).toList()));
        }
        blocks.add(new Text("Where a target has several figures, the worst one is shown and decides. What `bench/jmh` "
                + "has measured in turns, a short iteration of Java and one of C after each other, again and again in "
                + "the same JVM: the ratio of each two that followed each other was taken, and the figure is the "
                + "median of those, in brackets their quartiles. All else: a median divided by another of the same "
                + "run, in brackets the quartiles of the one by the opposite quartiles of the other. Of the bytes "
                + "allocated those are taken away that JMH allocates for an iteration, as C's show; less than 0.1 B "
                + "counts as nothing."));
        blocks.add(details());
        return new Section("Targets", blocks);
    }

    /** A missed target, how far it is missed, and why. */
    private String reason(Target target) {
        return target.name() + ": " + target.worst().map(worst -> figure(target, worst)).orElseThrow() + " where "
                + limit(target) + " is aimed at. " + remarks.of(target).orElse("No reason is given.");
    }

    private long count(Verdict verdict) {
        return targets.stream().filter(target -> target.verdict() == verdict).count();
    }

    private String summary() {
        List<String> looks = runs.stream().filter(Run::isForALook).map(run -> "`" + run.file() + "`").toList();
        return "Of " + targets.size() + " targets " + count(Verdict.REACHED) + " are reached, " + count(Verdict.MISSED)
                + " missed, " + count(Verdict.NOT_MEASURED) + " not measured in the runs of this report."
                + (looks.isEmpty() ? "" : " Made for a look, not for a claim: " + String.join(", ", looks) + ".");
    }

    private static String limit(Target target) {
        return (target.bound() == Bound.AT_MOST ? "≤ " : "≥ ") + Format.number(target.limit()) + " " + target.unit();
    }

    private Table table() {
        return new Table("", List.of(Column.text("what"), Column.text("where"), Column.number("target"),
                Column.number("measured (spread)"), Column.text("verdict")), targets.stream().map(target -> List.of(
                target.what(), target.where(), limit(target),
                target.worst().map(worst -> figure(target, worst)).orElse("–"), verdict(target))).toList());
    }

    private static String figure(Target target, Case one) {
        return switch (target.unit()) {
            case BYTES -> Format.bytes(one.value().value());
            case MEBIBYTES -> Format.number(one.value().value()) + " MiB";
            case TIMES -> Format.ratio(one.value()) + " ×";
        };
    }

    private static String verdict(Target target) {
        return target.verdict() + (target.isClose() ? ", within the spread" : "");
    }

    private Details details() {
        List<List<String>> rows = new ArrayList<>();
        for (Target target : targets) {
            for (Case one : target.cases()) {
                rows.add(List.of(target.what(), one.label(), figure(target, one), limit(target), one.from(),
                        (target.keeps(one.value().value()) ? Verdict.REACHED : Verdict.MISSED).toString()));
            }
        }
        return new Details("All figures behind the targets", new Table("", List.of(Column.text("what"),
                Column.text("of"), Column.number("measured (spread)"), Column.number("target"),
                Column.text("from"), Column.text("verdict")), rows));
    }
}
