package org.xfrm4j.bench.scale;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The C twin.
 *
 * @param name what it is called
 * @param program the program's file
 * @param command what it is to do
 * @param strategy how it sends
 * @param most of how many SAs
 */
record TwinWay(String name, Path program, String command, String strategy, int most) implements Way {
    /** All that the C twin can do; {@code slow} of so many SAs at most. */
    static List<Way> all(Path program, int slow) {
        return List.of(new TwinWay("c-stream", program, "stream", "last-acked", Integer.MAX_VALUE),
                new TwinWay("c-last-acked", program, "migrate", "last-acked", Integer.MAX_VALUE),
                new TwinWay("c-all-acked", program, "migrate", "all-acked", slow),
                new TwinWay("c-single", program, "migrate", "single", slow),
                new TwinWay("strongswan", program, "strongswan", "single", slow));
    }

    @Override
    public int mostRounds() {
        return most == Integer.MAX_VALUE ? 20 : 4;
    }

    @Override
    public List<Result> run(Shape shape, int sas, int rounds) throws IOException, InterruptedException {
        List<Result> results = new ArrayList<>();
        for (int round = 0; round < rounds; round++) {
            // A dump brings all, so that --sas only says how many are expected.
            results.add(once(shape, command.equals("stream") ? sas : Math.min(sas, most), round));
        }
        return results;
    }

    private Result once(Shape shape, int sas, int round) throws IOException, InterruptedException {
        String here = Gateway.HERE.toString();
        String there = Gateway.THERE.toString();
        Result printed = Result.parse(Child.run(List.of(program.toString(), command, "--strategy", strategy,
                "--layout", shape.name(), "--sas", Integer.toString(sas), "--from", round % 2 == 0 ? here : there,
                "--to", round % 2 == 0 ? there : here)).getFirst());
        return new Result().put("nanoseconds", printed.number("nanoseconds")).put("round", round)
                .put("moved", printed.number("done")).put("batch", printed.number("batch"));
    }
}
