package org.xfrm4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.xfrm4j.migrate.MigrationPlan;
import org.xfrm4j.migrate.MoveRule;
import org.xfrm4j.migrate.SaChange;
import org.xfrm4j.migrate.SaSelection;
import org.xfrm4j.policy.Policy;
import org.xfrm4j.policy.PolicyDirection;
import org.xfrm4j.policy.Template;
import org.xfrm4j.sa.Auth;
import org.xfrm4j.sa.Crypt;
import org.xfrm4j.sa.Direction;
import org.xfrm4j.sa.IpAddress;
import org.xfrm4j.sa.IpPrefix;
import org.xfrm4j.sa.Mode;
import org.xfrm4j.sa.Protocol;
import org.xfrm4j.sa.SecurityAssociation;
import org.xfrm4j.sa.Selector;

/** A large gateway: a plan for 100 000 SAs and 50 000 policies, made in a heap of 64 MiB. */
class PlanScaleIT {
    private static final int TUNNELS = 50_000;
    private static final int HEAP = 64;
    private static final int BATCH = 5_000;
    private static final IpAddress LOCAL = IpAddress.parse("192.0.2.1");
    private static final IpPrefix BEFORE = IpPrefix.host(LOCAL);
    private static final IpPrefix AFTER = IpPrefix.parse("192.0.2.129");

    @RegisterExtension
    final EmbeddedKernel kernel = new EmbeddedKernel();
    @RegisterExtension
    final NoPolicies policies = new NoPolicies();

    @BeforeEach
    void fill() {
        // Peers of one network address: more than one tunnel each, told apart by their reqid.
        inBatches(TUNNELS, i -> sa(i, Direction.OUT), kernel.sas()::addAll);
        inBatches(TUNNELS, i -> sa(i, Direction.IN), kernel.sas()::addAll);
        inBatches(TUNNELS, PlanScaleIT::policy, kernel.xfrm().policies()::addAll);
    }

    @AfterEach
    void empty() {
        kernel.sas().flush();
    }

    private interface Adder<T> {
        List<?> addAll(Iterable<T> all);
    }

    private static <T> void inBatches(int count, IntFunction<T> each, Adder<T> adder) {
        for (int from = 0; from < count; from += BATCH) {
            List<T> batch = new ArrayList<>(BATCH);
            for (int i = from; i < from + BATCH; i++) {
                batch.add(each.apply(i));
            }
            assertEquals(List.of(), adder.addAll(batch));
        }
    }

    private static IpAddress peer(int tunnel) {
        return IpAddress.ofIpv4(0x0a000000 + tunnel / 2);
    }

    private static SecurityAssociation sa(int tunnel, Direction direction) {
        boolean out = direction == Direction.OUT;
        return SecurityAssociation.builder().direction(direction).mode(Mode.TUNNEL)
                .spi(0x10000 + tunnel).reqid(tunnel + 1)
                .source(out ? LOCAL : peer(tunnel)).destination(out ? peer(tunnel) : LOCAL)
                .algorithm(new Crypt("ecb(cipher_null)", TestSas.key(0, 1))).algorithm(new Auth("hmac(sha1)",
                        TestSas.key(20, tunnel), 96)).build();
    }

    private static Policy policy(int tunnel) {
        PolicyDirection direction = tunnel % 2 == 0 ? PolicyDirection.OUT : PolicyDirection.IN;
        IpPrefix here = IpPrefix.parse("10.255.0.0/16");
        IpPrefix there = IpPrefix.host(IpAddress.ofIpv4(0x0b000000 + tunnel));
        boolean out = direction == PolicyDirection.OUT;
        return Policy.builder().direction(direction).selector(out ? Selector.of(here, there) : Selector.of(there, here))
                .template(Template.tunnel(Protocol.ESP, out ? LOCAL : peer(tunnel), out ? peer(tunnel) : LOCAL)
                        .withReqid(tunnel + 1)).build();
    }

    @Test
    @Timeout(600)
    void plansInASmallHeap() throws Exception {
        List<String> printed = ChildJvm.run(List.of(), HEAP, InASmallHeap.class);
        assertEquals("plan: 100000 SAs move, 0 stay; 50000 policies change; 100000 groups, 175000 messages "
                + "(XFRM_MSG_MIGRATE: 50000 calls)", printed.getFirst());
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
            MoveRule rule = MoveRule.of(SaSelection.local(BEFORE), SaChange.local(BEFORE, AFTER));
            try (Xfrm xfrm = Xfrm.open()) {
                long start = System.nanoTime();
                try (MigrationPlan plan = MigrationPlan.of(xfrm, rule)) {
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
