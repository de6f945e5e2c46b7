package org.xfrm4j.bench.scale;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * {@code ip -batch}, which cannot migrate: each SA is deleted and added at its new place. What it costs to find out
 * what is to be added, with its keys and sequence numbers, is not counted; the replay window is lost.
 *
 * @param program where ip is
 * @param most of how many SAs
 */
record IpWay(Path program, int most) implements Way {
    @Override
    public String name() {
        return "ip-batch";
    }

    @Override
    public int mostRounds() {
        return 2;
    }

    @Override
    public List<Result> run(Shape shape, int sas, int rounds) throws IOException, InterruptedException {
        int count = Math.min(sas, most);
        Path lines = Files.createTempFile(Path.of("/dev/shm"), "ip", ".batch");
        List<Result> results = new ArrayList<>();
        for (int round = 0; round < rounds; round++) {
            write(lines, shape, count, round % 2 == 0 ? Gateway.HERE.toString() : Gateway.THERE.toString(),
                    round % 2 == 0 ? Gateway.THERE.toString() : Gateway.HERE.toString());
            long start = System.nanoTime();
            // Any line that fails ends it with an error.
            Child.run(List.of(program.toString(), "-batch", lines.toString()));
            results.add(new Result().put("nanoseconds", System.nanoTime() - start).put("round", round)
                    .put("moved", count).put("batch", 1));
        }
        Files.delete(lines);
        return results;
    }

    private static void write(Path file, Shape shape, int sas, String from, String to) throws IOException {
        try (BufferedWriter out = Files.newBufferedWriter(file)) {
            for (int index = 0; index < sas; index++) {
                Sample sample = Sample.of(index, shape);
                boolean in = sample.incoming();
                String id = " proto esp spi 0x" + Integer.toHexString(sample.spi());
                out.write("xfrm state delete src " + (in ? sample.peer() : from) + " dst " + (in ? from : sample.peer())
                        + id + "\n");
                out.write("xfrm state add src " + (in ? sample.peer() : to) + " dst " + (in ? to : sample.peer()) + id
                        + " reqid " + sample.reqid() + " mode tunnel flag esn replay-window 128"
                        + (in ? " replay-seq " : " replay-oseq ") + "0x" + Integer.toHexString(index)
                        + " aead rfc4106(gcm(aes)) 0x" + HexFormat.of().formatHex(Gateway.key(index)) + " 128"
                        + " sel src " + (in ? sample.inner() + "/32" : "0.0.0.0/0")
                        + " dst " + (in ? "0.0.0.0/0" : sample.inner() + "/32") + "\n");
            }
        }
    }
}
