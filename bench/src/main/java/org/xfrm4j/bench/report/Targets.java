package org.xfrm4j.bench.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.xfrm4j.bench.report.Target.Bound;
import org.xfrm4j.bench.report.Target.Case;
import org.xfrm4j.bench.report.Target.Unit;

/** The targets, each with what was measured of it. Only limits stand here; all figures come from the results. */
final class Targets {
    private static final String ENCODE = "EncodeBenchmark";
    private static final String ENCODE_DUMPED = "EncodeDumpedBenchmark";
    private static final String TRANSPORT = "TransportBenchmark";
    private static final String MIGRATE = "MigrateBenchmark";
    private static final String JAVA = "java";
    private static final String C = "c";
    private static final Map<String, String> LAST_ACKED = Map.of(Measurement.STRATEGY, Measurement.LAST_ACKED);
    private static final Map<String, String> LAST_ACKED_SPREAD =
            Map.of(Measurement.STRATEGY, Measurement.LAST_ACKED, "layout", "SPREAD");
    /** Fewer end to end say little: they take milliseconds. */
    private static final long LEAST_SAS = 10_000;
    private static final long SAS_OF_ENGINE = 100_000;
    private static final long MANY_SAS = 1_000_000;
    /** What the instrument allocates beside a message, such as JMH's own objects of each iteration. */
    private static final double ALLOCATED_BY_JMH = 0.1;
    private static final double BYTES_IN_MEBIBYTE = 1 << 20;

    private final Results results;
    private final List<Target> targets = new ArrayList<>();

    private Targets(Results results) {
        this.results = results;
    }

    static List<Target> of(Results results) {
        Targets targets = new Targets(results);
        targets.inMemory();
        targets.transport();
        targets.migrate(Kernel.EMBEDDED);
        targets.migrate(Kernel.FULL);
        targets.fullOnly();
        targets.scale();
        return targets.targets;
    }

    private void atMost(String what, String where, double limit, List<Case> cases) {
        targets.add(new Target(what, where, Bound.AT_MOST, limit, 0, Unit.TIMES, cases));
    }

    private void atLeast(String what, String where, double limit, List<Case> cases) {
        targets.add(new Target(what, where, Bound.AT_LEAST, limit, 0, Unit.TIMES, cases));
    }

    private void inMemory() {
        String where = "memory only";
        Map<String, String> bare = Map.of("kind", "BARE");
        atMost("encode a bare MIGRATE_STATE message: time to C's", where, 1.1,
                timesToC(inMemory(ENCODE, bare)));
        noneAllocated("encode a bare MIGRATE_STATE message: bytes allocated", where, inMemory(ENCODE, bare));
        atMost("from a dump to a batch without a copy, per SA: time to C's", where, 1.3,
                timesToC(inMemory(ENCODE_DUMPED, Map.of())));
        noneAllocated("from a dump to a batch without a copy, per SA: bytes allocated", where,
                inMemory(ENCODE_DUMPED, Map.of()));
    }

    /** On the host if it was measured there: no kernel takes part. */
    private List<Measurement> inMemory(String benchmark, Map<String, String> parameters) {
        List<Measurement> all = ours(benchmark, parameters).toList();
        List<Measurement> host = all.stream().filter(one -> one.run().kernel() == Kernel.HOST).toList();
        return host.isEmpty() ? all : host;
    }

    private Stream<Measurement> ours(String benchmark, Map<String, String> parameters) {
        return results.of(benchmark).filter(one -> one.method().equals(JAVA) && one.hasAll(parameters)
                && !one.run().isForNothing());
    }

    private Stream<Measurement> ours(Kernel kernel, String benchmark, Map<String, String> parameters, int least,
                                     int most) {
        return ours(benchmark, parameters).filter(one -> one.run().kernel() == kernel
                && one.batch() >= least && one.batch() <= most);
    }

    private List<Case> timesToC(List<Measurement> measurements) {
        return measurements.stream().flatMap(one -> results.partner(one, C).stream().map(c ->
                new Case(label(one), Ratio.of(one, c), from(one, c)))).toList();
    }

    private static String label(Measurement measurement) {
        return measurement.parameterText() + " (" + measurement.run().file() + ")";
    }

    private static String from(Measurement one, Measurement other) {
        return Format.nanos(one.nanos().median()) + " : " + Format.nanos(other.nanos().median());
    }

    private void noneAllocated(String what, String where, List<Measurement> measurements) {
        targets.add(new Target(what, where, Bound.AT_MOST, 0, ALLOCATED_BY_JMH, Unit.BYTES, measurements.stream()
                .flatMap(one -> results.allocated(one).stream().map(bytes -> new Case(label(one), new Ratio(bytes.median(),
                        bytes.lowerQuartile(), bytes.upperQuartile()), bytes.count() + " iterations"))).toList()));
    }

    private void transport() {
        String where = Kernel.HOST + ", batches of 64 and 256";
        List<Measurement> ours = Stream.of("64", "256").flatMap(batch -> ours(Kernel.HOST, TRANSPORT,
                Map.of(Measurement.STRATEGY, Measurement.LAST_ACKED, Measurement.BATCH, batch), 1, 1024)).toList();
        atLeast("transport, errors and last acknowledgement only: rate to C's", where, 0.97,
                ratesTo(ours.stream(), C, Measurement.LAST_ACKED));
        atLeast("transport, errors and last acknowledgement only: rate to C with one message at a time",
                where, 2.5,
                ratesTo(ours.stream(), C, Measurement.SINGLE));
    }

    private List<Case> ratesTo(Stream<Measurement> measurements, String method, String strategy) {
        return measurements.flatMap(one -> results.partner(one, method, strategy).stream()
                .map(other -> new Case(label(one), Ratio.of(other, one), from(other, one)))).toList();
    }

    private Stream<Measurement> migrations(Kernel kernel) {
        return ours(kernel, MIGRATE, LAST_ACKED_SPREAD, 64, 256);
    }

    private void migrate(Kernel kernel) {
        atLeast("MIGRATE_STATE in batches: rate to C's with the same strategy", kernel + ", batches of 64 to 256", 0.95,
                ratesTo(migrations(kernel), C, Measurement.LAST_ACKED));
        atLeast("MIGRATE_STATE end to end, from the kernel's dump: rate to C's", kernel + ", 10,000 SAs and more", 0.95,
                ratesEndToEnd(kernel, Moves.C_STREAM));
    }

    private void fullOnly() {
        Kernel kernel = Kernel.FULL;
        String batches = kernel + ", batches of 64 to 256";
        String endToEnd = kernel + ", 10,000 SAs and more";
        atLeast("MIGRATE_STATE in batches: rate to C with one message at a time", batches, 1.4,
                ratesTo(migrations(kernel), C, Measurement.SINGLE));
        atLeast("MIGRATE_STATE end to end: rate to C with one message at a time", endToEnd, 1.4,
                ratesEndToEnd(kernel, "c-single"));
        atLeast("MIGRATE_STATE in batches: rate to strongSwan's four calls", batches, 3,
                ratesTo(migrations(kernel), "cStrongswan", Measurement.SINGLE));
        atLeast("MIGRATE_STATE end to end: rate to strongSwan's four calls", endToEnd, 3,
                ratesEndToEnd(kernel, "strongswan"));
        atLeast("two namespaces on two CPUs: rate to that of one", kernel.toString(), 1.8, onRuns(kernel,
                run -> Stream.of(Moves.STREAM, Moves.ENGINE).flatMap(way -> Namespaces.of(results, run, way).rateOf(2)
                        .map(ratio -> new Case(way + " (" + run.file() + ")", ratio, "SAs of both a second"
                                + ofTwo(run))).stream())));
    }

    /** What the kernel leaves: C's own ratio. */
    private String ofTwo(Run run) {
        return Namespaces.of(results, run, Moves.C_STREAM).rateOf(2)
                .map(ratio -> "; C's ratio: " + Format.ratio(ratio)).orElse("");
    }

    /** The rate of the streaming path to that of another way, which may have been given fewer SAs. */
    private List<Case> ratesEndToEnd(Kernel kernel, String way) {
        return onRuns(kernel, run -> results.moves(run).stream()
                .filter(ours -> ours.way().equals(Moves.STREAM) && ours.shape().equals(Moves.SPREAD)
                        && ours.sas() >= LEAST_SAS)
                .flatMap(ours -> results.moves(run, way, ours.shape(), ours.sas()).stream()
                        .map(other -> timeTo(other, ours, run))));
    }

    private static Case timeTo(Moves one, Moves other, Run run) {
        return new Case(Format.count(one.sas()) + " SAs (" + run.file() + ")",
                Ratio.of(one.nanosEach(), other.nanosEach()), Format.nanos(one.nanosEach().median()) + " : "
                        + Format.nanos(other.nanosEach().median()));
    }

    private List<Case> onRuns(Kernel kernel, Function<Run, Stream<Case>> cases) {
        return results.runs().stream().filter(run -> run.kernel() == kernel).flatMap(cases).toList();
    }

    private void scale() {
        for (Kernel kernel : List.of(Kernel.EMBEDDED, Kernel.FULL)) {
            atMost("engine (plan, policies, journal, verification), per SA: time to the raw batch path's",
                    kernel + ", 100,000 SAs", 2, onRuns(kernel, engine(Moves.ENGINE, Moves.STREAM)));
            atMost("the engine of SAs without policies, per SA: time to the raw batch path's",
                    kernel + ", 100,000 SAs", 2, onRuns(kernel, engine(Moves.ENGINE_SAS, Moves.STREAM)));
            atMost("the engine, per SA: time to C's that sends as many moves and policies, and does nothing else",
                    kernel + ", 100,000 SAs", 2, onRuns(kernel, engine(Moves.ENGINE, Moves.C_GATEWAY)));
        }
        for (String way : List.of(Moves.STREAM, Moves.ENGINE)) {
            atMost("our own time per SA at 1,000,000 SAs to that at 10,000, " + way,
                    Kernel.EMBEDDED.toString(), 1.5, onRuns(Kernel.EMBEDDED, run -> ownTime(run, way)));
        }
        targets.add(new Target("heap for 1,000,000 SAs by the streaming path", Kernel.EMBEDDED.toString(),
                Bound.AT_MOST, 32, 0, Unit.MEBIBYTES, onRuns(Kernel.EMBEDDED, this::heap)));
    }

    private Function<Run, Stream<Case>> engine(String way, String other) {
        return run -> results.moves(run, way, Moves.SPREAD, SAS_OF_ENGINE).stream()
                .flatMap(one -> results.moves(run, other, Moves.SPREAD, SAS_OF_ENGINE).stream()
                        .map(it -> timeTo(one, it, run)));
    }

    private Stream<Case> ownTime(Run run, String way) {
        return own(run, way, MANY_SAS).flatMap(many -> own(run, way, LEAST_SAS).map(few ->
                new Case("(" + run.file() + ")", Ratio.of(many, few),
                        Format.nanos(many.median()) + " : " + Format.nanos(few.median()))));
    }

    private Stream<Samples> own(Run run, String way, long sas) {
        return results.moves(run, way, Moves.SPREAD, sas).stream().flatMap(moves -> moves.ownNanosEach().stream())
                .filter(nanos -> nanos.median() > 0);
    }

    private Stream<Case> heap(Run run) {
        return results.rows(run, "memory").filter(row -> row.has("way", Moves.STREAM) && row.number("sas") == MANY_SAS)
                .map(row -> {
                    double limit = row.number("heap_max_bytes") / BYTES_IN_MEBIBYTE;
                    return new Case(row.text("shape") + " (" + run.file() + ")", new Ratio(limit, limit, limit),
                            "the heap's limit, with which it ran; in use after a collection: "
                                    + Format.number(row.number("heap_used_bytes") / BYTES_IN_MEBIBYTE) + " MiB");
                });
    }
}
