package org.xfrm4j.bench.scale;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.xfrm4j.MigrateSupport;
import org.xfrm4j.Xfrm;

/**
 * Measures how long it takes to move 1 000 to 1 000 000 SAs in all the ways there are, one after the other in the same
 * kernel. Started by {@code bench/scale}, in a network namespace that has no SAs.
 */
public final class Scale {
    /** The most SAs that ways are given whose time for an SA is hundreds of microseconds. */
    private static final int MOST_OF_SLOW = 10_000;
    private static final int MOST_OF_SLOW_FOR_A_LOOK = 2_000;
    /** A run for a look has no more rounds. */
    private static final int FOR_A_LOOK = 2;
    private static final int FIRST = 1000;
    private static final int BLACKOUT_SAS = 8192;
    private static final int NAMESPACE_SAS = 10_000;
    private static final int MOVES_TOGETHER = 600_000;
    private static final int BLACKOUT_ROUNDS = 30;
    /** Of each number of namespaces, when the JVM is warm. */
    private static final int NAMESPACE_ROUNDS = 40;
    private static final int ATTEMPTS = 3;
    private static final int TURNS = 2;

    private final int max;
    private final int first;
    private final int mostRounds;
    private final Optional<Path> twin;
    private final Optional<Path> ip;
    private final Set<String> ways;
    private final Set<String> shapes;
    private final Set<String> parts;
    private final ResultFile results;

    private Scale(List<String> arguments) throws IOException {
        max = Integer.parseInt(arguments.get(0));
        first = Math.min(FIRST, max);
        results = new ResultFile(Path.of(arguments.get(1)));
        twin = Optional.of(Path.of(arguments.get(2))).filter(Files::isExecutable);
        mostRounds = Integer.parseInt(arguments.get(3));
        ways = Set.of(arguments.get(4).split(","));
        shapes = Set.of(arguments.get(5).split(","));
        parts = Set.of(arguments.get(6).split(","));
        ip = Stream.of("/usr/sbin/ip", "/sbin/ip", "/usr/bin/ip", "/bin/ip").map(Path::of)
                .filter(Files::isExecutable).findFirst();
    }

    /**
     * Measures.
     *
     * @param args the largest number of SAs; the file for the results; the C twin's program; how many rounds of a way
     *     at most; and, with commas between, which ways, shapes and parts
     * @throws Exception if something cannot be done
     */
    public static void main(String[] args) throws Exception {
        try (Xfrm xfrm = Xfrm.open()) {
            MigrateSupport support = xfrm.migrateSupport();
            if (support != MigrateSupport.SUPPORTED) {
                throw new IllegalStateException(support.reason());
            }
            if (Gateway.count(xfrm, Gateway.HERE) > 0) {
                throw new IllegalStateException("there are SAs in this network namespace");
            }
        }
        new Scale(List.of(args)).run();
    }

    private void run() throws IOException, InterruptedException {
        Table table = new Table(results);
        if (twin.isEmpty()) {
            System.out.println("no C compiler: nothing is compared with the C twin");
        }
        if (ip.isEmpty()) {
            System.out.println("no ip: nothing is compared with ip -batch");
        }
        long start = System.nanoTime();
        if (parts.contains("moves")) {
            measureMoves(table);
        }
        if (parts.contains("blackout")) {
            long before = System.nanoTime();
            measureBlackouts();
            took("blackout", before);
            table.printBlackouts();
        }
        if (parts.contains("namespaces") && Runtime.getRuntime().availableProcessors() > 1) {
            long before = System.nanoTime();
            measureNamespaces();
            took("namespaces", before);
            table.printNamespaces();
        }
        table.printRatios();
        System.out.printf("%nraw results: %s (%d s)%n", results.file(),
                Duration.ofNanos(System.nanoTime() - start).toSeconds());
    }

    /** Who waits wants to know how far it is. */
    private static void took(String what, long start) {
        System.err.printf("measured: %s (%d s)%n", what, Duration.ofNanos(System.nanoTime() - start).toSeconds());
    }

    private void measureMoves(Table table) throws IOException, InterruptedException {
        for (Shape shape : List.of(Shape.SPREAD, Shape.PER_CPU)) {
            if (shapes.contains(shape.name())) {
                for (int sas = first; sas <= max; sas = next(sas)) {
                    long start = System.nanoTime();
                    measure(shape, sas);
                    took(String.format("%s, %,d SAs", shape.name(), sas), start);
                }
                table.printTimes(shape);
            }
        }
        table.printMemory();
    }

    /** The sizes are powers of ten, and at the end what was asked for. */
    private int next(int sas) {
        return sas < max ? (int) Math.min(max, 10L * sas) : Integer.MAX_VALUE;
    }

    private List<Way> ways() {
        List<Way> all = new ArrayList<>(List.of(JavaWay.STREAM));
        twin.ifPresent(program -> all.addAll(TwinWay.all(program, mostOfSlow())));
        all.add(JavaWay.ENGINE_SAS);
        all.add(JavaWay.ENGINE);
        // Last, since what it adds is not quite what was there.
        ip.ifPresent(program -> all.add(new IpWay(program, mostOfSlow())));
        return all.stream().filter(way -> ways.contains(way.name())).toList();
    }

    private int mostOfSlow() {
        return mostRounds <= FOR_A_LOOK ? MOST_OF_SLOW_FOR_A_LOOK : MOST_OF_SLOW;
    }

    private void measure(Shape shape, int sas) throws IOException, InterruptedException {
        install(shape, sas);
        for (Way way : ways()) {
            if (way.knows(shape)) {
                measure(way, shape, sas);
            }
        }
        flush();
    }

    private static void install(Shape shape, int sas) {
        try (Xfrm xfrm = Xfrm.open()) {
            new Gateway(shape).installSas(xfrm, sas);
        }
    }

    private static void flush() {
        try (Xfrm xfrm = Xfrm.open()) {
            xfrm.sas().flush();
        }
    }

    private void measure(Way way, Shape shape, int sas) throws IOException, InterruptedException {
        int rounds = rounds(way, Math.min(sas, way.most()));
        for (Result result : way.run(shape, sas, rounds)) {
            results.add(new Result().put("measure", result.has("moved") ? "move" : "memory").put("way", way.name())
                    .put("shape", shape.name()).put("sas", sas).putAll(result));
        }
    }

    /** Of few SAs often: the JVM has to get warm, and a single time says little. */
    private int rounds(Way way, int sas) {
        return 2 * Math.clamp(MOVES_TOGETHER / 2 / sas, 1, Math.min(mostRounds, way.mostRounds()) / 2);
    }

    private void measureBlackouts() throws IOException, InterruptedException {
        int sas = Math.min(max, BLACKOUT_SAS);
        for (int group = 1; 2 * group <= sas; group *= 4) {
            Shape shape = Shape.ofGroups(group);
            install(shape, sas);
            for (Result result : JavaWay.ENGINE.run(shape, sas, Math.min(mostRounds, BLACKOUT_ROUNDS))) {
                if (result.has("moved")) {
                    results.add(new Result().put("measure", "blackout").put("way", JavaWay.ENGINE.name())
                            .put("shape", shape.name()).put("sas_of_group", group).put("sas", sas).putAll(result));
                }
            }
            flush();
        }
    }

    private void measureNamespaces() throws IOException, InterruptedException {
        int most = Runtime.getRuntime().availableProcessors();
        int sas = Math.min(max, NAMESPACE_SAS);
        int rounds = Math.min(mostRounds, NAMESPACE_ROUNDS);
        // In turns, since other work on the machine changes the speed of all.
        for (int turn = 0; turn < TURNS; turn++) {
            for (JavaWay way : List.of(JavaWay.NAMESPACES, JavaWay.NAMESPACE_ENGINES)) {
                measureNamespaces(way.name(), sas, turn, () -> way.run(Shape.SPREAD, sas,
                        List.of(Integer.toString(rounds), Integer.toString(most))));
            }
            if (twin.isPresent()) {
                measureNamespaces(TwinWay.STREAM, sas, turn,
                        () -> TwinWay.sideBySide(twin.orElseThrow(), sas, rounds, most));
            }
        }
    }

    private void measureNamespaces(String way, int sas, int turn, Isolated isolated)
            throws IOException, InterruptedException {
        if (!ways.contains(way)) {
            return;
        }
        for (Result result : again(isolated)) {
            results.add(new Result().put("measure", "namespaces").put("way", way)
                    .put("shape", Shape.SPREAD.name()).put("sas", sas).put("turn", turn).putAll(result));
        }
    }

    /** A run in namespaces of its own. */
    private interface Isolated {
        List<Result> run() throws IOException, InterruptedException;
    }

    /**
     * Does it again where it fails. Processors that qemu emulates are several only in this part, and JVMs crash on them
     * now and then: qemu reads an instruction byte by byte while the JVM patches it on another one.
     */
    private static List<Result> again(Isolated isolated) throws IOException, InterruptedException {
        for (int attempt = 1; ; attempt++) {
            try {
                return isolated.run();
            } catch (IOException failed) {
                if (attempt == ATTEMPTS) {
                    throw failed;
                }
                System.err.println("done again, since it failed: " + failed.getMessage().lines().findFirst().orElse(""));
            }
        }
    }
}
