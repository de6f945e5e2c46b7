package org.xfrm4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.xfrm4j.EmbeddedKernel;
import org.xfrm4j.NoPolicies;
import org.xfrm4j.TestSas;
import org.xfrm4j.sa.SecurityAssociation;

/** Events, as {@code xfrm4j monitor} tells them. */
class MonitorIT {
    @RegisterExtension
    final NoPolicies clean = new NoPolicies();
    @RegisterExtension
    final EmbeddedKernel kernel = new EmbeddedKernel();

    /** Runs the command in a thread of its own; does something when it listens; gives what was printed. */
    private static List<String> monitor(String options, Runnable changes) throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        CountDownLatch listening = new CountDownLatch(1);
        OutputStream err = new ByteArrayOutputStream() {
            @Override
            public synchronized void write(byte[] bytes, int offset, int length) {
                super.write(bytes, offset, length);
                listening.countDown();
            }
        };
        CompletableFuture<Integer> status = CompletableFuture.supplyAsync(
                () -> Main.run(out, err, Stream.concat(Stream.of("monitor"), Batch.words(options).stream())
                        .toArray(String[]::new)));
        status.thenRun(listening::countDown);
        listening.await();
        changes.run();
        assertEquals(ExitStatus.DONE, status.get(), err::toString);
        return out.toString(StandardCharsets.UTF_8).lines().toList();
    }

    private static List<String> withoutTimes(List<String> lines) {
        return lines.stream().map(line -> line.replaceFirst("^\\d\\d:\\d\\d:\\d\\d\\.\\d{3} ", "")).toList();
    }

    private void changes() {
        SecurityAssociation sa = kernel.add(TestSas.esp(7).reqid(17).build());
        Run.done("policy add src 10.1.0.0/16 dst 10.2.0.0/16 dir out tmpl src 192.0.2.1 dst 198.51.100.1 proto esp"
                + " mode tunnel");
        Run.done("migrate-state dst " + sa.destination() + " proto esp spi 7 --new-src 203.0.113.1");
        kernel.sas().delete(sa.id());
        kernel.xfrm().policies().flush();
    }

    @Test
    void tellsEachEventInALine() throws Exception {
        List<String> lines = withoutTimes(monitor("--count 4 --for 60", this::changes));
        assertEquals("sa added: esp spi 0x00000007 → 198.51.100.1 from 192.0.2.1 reqid 17 mode tunnel", lines.get(0));
        assertTrue(lines.get(1).startsWith("policy added: policy out src 10.1.0.0/16 dst 10.2.0.0/16 index "),
                lines::toString);
        assertEquals("sa migrated: esp spi 0x00000007 → 198.51.100.1 becomes 203.0.113.1 → 198.51.100.1 reqid 17",
                lines.get(2));
        assertEquals("sa deleted: esp spi 0x00000007 → 198.51.100.1 from 203.0.113.1 reqid 17 mode tunnel",
                lines.get(3));
        assertEquals(4, lines.size());
    }

    @Test
    void tellsOfTheGroupsThatAreNamed() throws Exception {
        List<String> lines = withoutTimes(monitor("migrate --count 1 --for 60", this::changes));
        assertEquals(1, lines.size());
        assertTrue(lines.getFirst().startsWith("sa migrated: "), lines::toString);
    }

    @Test
    void tellsEachEventAsJsonByItsSchema() throws Exception {
        List<String> lines = monitor("all --json --count 4 --for 60", this::changes);
        assertEquals(List.of("sa_added", "policy_added", "state_migrated", "sa_deleted"),
                lines.stream().map(line -> CliForm.check("monitor", line).get("event").asString()).toList());
        assertTrue(lines.stream().noneMatch(line -> line.contains("\"key\"")), lines::toString);
        assertTrue(monitor("sa --json --show-keys --count 1 --for 60", this::changes).getFirst().contains("\"key\""));
    }

    @Test
    void endsWhenItsTimeIsOver() throws Exception {
        assertEquals(List.of(), monitor("--for 0", () -> { }));
    }

    @Test
    void refusesAGroupThatDoesNotExist() {
        assertTrue(Run.failed(ExitStatus.USAGE, "monitor sas").contains("'sas' is no group of events: acquire, "));
    }
}
