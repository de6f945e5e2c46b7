package org.xfrm4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.management.ManagementFactory;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.xfrm4j.migrate.MigrationPlan;

/** A large gateway: a plan for 100 000 SAs and 50 000 policies, made in a heap of 64 MiB. */
class PlanScaleIT {
    private static final int HEAP = 64;

    @RegisterExtension
    final EmbeddedKernel kernel = new EmbeddedKernel();
    @RegisterExtension
    final NoPolicies policies = new NoPolicies();

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
    void plansInASmallHeap() throws Exception {
        List<String> printed = ChildJvm.run(List.of(), HEAP, InASmallHeap.class);
        assertEquals("plan: 100000 SAs move, 0 stay; 50000 policies change; 100000 groups, 175000 messages "
                + "(XFRM_MSG_MIGRATE would take 50000 calls)", printed.getFirst());
        int heap = Integer.parseInt(printed.get(1).replaceAll("heap (\\d+) MiB.*", "$1"));
        assertTrue(heap < HEAP / 2, "what the plan keeps on the heap leaves too little for its user: " + printed);
        // Nothing in it grows with the square: 50 000 by 100 000 comparisons would take minutes.
        long millis = Long.parseLong(printed.get(2).replaceAll("planned in (\\d+) ms", "$1"));
        assertTrue(millis < 60_000, printed::toString);
    }

    /** Run in its own JVM. */
    static final class InASmallHeap {
        private InASmallHeap() {
        }

        public static void main(String... arguments) {
            try (Xfrm xfrm = Xfrm.open()) {
                long start = System.nanoTime();
                try (MigrationPlan plan = MigrationPlan.of(xfrm, LargeGateway.RULE)) {
                    long millis = (System.nanoTime() - start) / 1_000_000;
                    System.out.println(plan);
                    plan.problems().stream().limit(3).forEach(System.out::println);
                    System.gc();
                    long used = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
                    System.out.println("heap " + used / (1 << 20) + " MiB");
                    System.out.println("planned in " + millis + " ms");
                }
            }
        }
    }
}
