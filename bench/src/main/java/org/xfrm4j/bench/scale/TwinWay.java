package org.xfrm4j.bench.scale;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.xfrm4j.Xfrm;
import org.xfrm4j.migrate.MigrateOptions;

/**
 * The C twin.
 *
 * @param name what it is called
 * @param program the program's file
 * @param command what it is to do
 * @param strategy how it sends
 * @param batch so many messages a system call at most
 * @param most of how many SAs
 */
record TwinWay(String name, Path program, String command, String strategy, int batch, int most) implements Way {
    static final String STREAM = "c-stream";
    private static final String GATEWAY = "gateway";
    private static final String LAST_ACKED = "last-acked";
    private static final int ALL = Integer.MAX_VALUE;
    private static final int BATCH = MigrateOptions.DEFAULT.batchSize();
    /** Of messages, as the engine's: two of three are about policies. */
    private static final int GATEWAY_BATCH = 256;

    /** All that the C twin can do; {@code slow} of so many SAs at most. */
    static List<Way> all(Path program, int slow) {
        return List.of(new TwinWay(STREAM, program, "stream", LAST_ACKED, BATCH, ALL),
                new TwinWay("c-gateway", program, GATEWAY, LAST_ACKED, GATEWAY_BATCH, ALL),
                new TwinWay("c-last-acked", program, "migrate", LAST_ACKED, BATCH, ALL),
                new TwinWay("c-all-acked", program, "migrate", "all-acked", BATCH, slow),
                new TwinWay("c-single", program, "migrate", "single", BATCH, slow),
                new TwinWay("strongswan", program, "strongswan", "single", BATCH, slow));
    }

    /** As {@code c-stream}, in one new network namespace and in up to so many side by side, by turns. */
    static List<Result> sideBySide(Path program, int sas, int rounds, int namespaces)
            throws IOException, InterruptedException {
        return Child.run(List.of(program.toString(), "beside", "--batch", Integer.toString(BATCH), "--sas",
                Integer.toString(sas), "--rounds", Integer.toString(rounds), "--namespaces",
                Integer.toString(namespaces))).stream().map(Result::parse).toList();
    }

    @Override
    public int mostRounds() {
        return most == Integer.MAX_VALUE ? 20 : 4;
    }

    /** With policies, the twin knows tunnels of one SA in each direction only. */
    @Override
    public boolean knows(Shape shape) {
        return !hasPolicies() || shape.equals(Shape.SPREAD);
    }

    private boolean hasPolicies() {
        return command.equals(GATEWAY);
    }

    @Override
    public List<Result> run(Shape shape, int sas, int rounds) throws IOException, InterruptedException {
        if (hasPolicies()) {
            try (Xfrm xfrm = Xfrm.open()) {
                new Gateway(shape).installPolicies(xfrm, sas);
            }
        }
        List<Result> results = new ArrayList<>();
        for (int round = 0; round < rounds; round++) {
            results.add(once(shape, Math.min(sas, most), round));
        }
        if (hasPolicies()) {
            try (Xfrm xfrm = Xfrm.open()) {
                xfrm.policies().flush();
            }
        }
        return results;
    }

    private Result once(Shape shape, int sas, int round) throws IOException, InterruptedException {
        String here = Gateway.HERE.toString();
        String there = Gateway.THERE.toString();
        Result printed = Result.parse(Child.run(List.of(program.toString(), command, "--strategy", strategy,
                "--batch", Integer.toString(batch), "--layout", shape.name(), "--sas", Integer.toString(sas),
                "--from", round % 2 == 0 ? here : there, "--to", round % 2 == 0 ? there : here)).getFirst());
        return new Result().put("nanoseconds", printed.number("nanoseconds")).put("round", round)
                .put("moved", printed.number("done")).put("batch", printed.number("batch"));
    }
}
