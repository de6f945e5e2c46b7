package org.xfrm4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.xfrm4j.migrate.Migration;
import org.xfrm4j.migrate.MigrationListener;
import org.xfrm4j.migrate.MigrationPlan;
import org.xfrm4j.migrate.MigrationReport;
import org.xfrm4j.migrate.Outcome;
import org.xfrm4j.migrate.RunOptions;

/** A large gateway moves, with a journal, in a heap of 64 MiB; and the report says what the time went to. */
class MigrationScaleIT {
    private static final int HEAP = 64;

    @RegisterExtension
    final EmbeddedKernel kernel = new EmbeddedKernel();
    @RegisterExtension
    final NoPolicies policies = new NoPolicies();

    @TempDir
    Path folder;

    @BeforeEach
    void fill() {
        LargeGateway.setUp(kernel.xfrm());
    }

    @AfterEach
    void empty() {
        kernel.sas().flush();
    }

    @Test
    @Timeout(600)
    void movesInASmallHeap() throws Exception {
        List<String> printed = ChildJvm.run(List.of(), HEAP, InASmallHeap.class, folder.resolve("journal").toString());
        printed.forEach(System.out::println);
        assertEquals("complete true, moved 100000, read back 100000", printed.getFirst());
        assertTrue(printed.getLast().matches("the kernel's share: \\d+ %"), printed::toString);
        try (MigrationPlan again = MigrationPlan.of(kernel.xfrm(), LargeGateway.RULE)) {
            assertEquals(List.of(0, 2 * LargeGateway.TUNNELS), List.of(again.sas(), again.otherSas()));
        }
    }

    /** Run in its own JVM. */
    static final class InASmallHeap {
        private InASmallHeap() {
        }

        public static void main(String... arguments) throws IOException {
            // How many steps it takes, each with its fsync, must not depend on what else the machine does.
            RunOptions options = RunOptions.DEFAULT.withHold(Duration.ofSeconds(1)).withJournal(Path.of(arguments[0]));
            try (Xfrm xfrm = Xfrm.open(); MigrationPlan plan = MigrationPlan.of(xfrm, LargeGateway.RULE)) {
                MigrationReport report = Migration.run(xfrm, plan, options, MigrationListener.NONE);
                System.out.println("complete " + report.isComplete() + ", moved "
                        + report.outcomes().get(Outcome.MOVED) + ", read back " + report.readBack().found());
                System.out.println(plan);
                System.out.println(report);
                print("planning, before", report.times().planning());
                report.times().phases().forEach((phase, spent) -> print(phase.toString(), spent));
                MigrationReport.Spent total = report.times().total();
                print("total", total);
                System.out.println("the kernel's share: "
                        + 100 * total.kernel().toNanos() / total.time().toNanos() + " %");
            }
        }

        private static void print(String what, MigrationReport.Spent spent) {
            System.out.println(what + ": " + spent.time().toMillis() + " ms, kernel " + spent.kernel().toMillis());
        }
    }
}
