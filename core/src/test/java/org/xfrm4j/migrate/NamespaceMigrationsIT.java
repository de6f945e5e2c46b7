package org.xfrm4j.migrate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.xfrm4j.EmbeddedKernel;
import org.xfrm4j.Xfrm;
import org.xfrm4j.json.JsonSchema;
import org.xfrm4j.json.JsonWriter;
import org.xfrm4j.netlink.NetworkNamespace;

/** Real network namespaces, several at a time. */
class NamespaceMigrationsIT {
    private static final int PEERS = 4;

    @RegisterExtension
    final EmbeddedKernel kernel = new EmbeddedKernel();

    private final List<TestNamespace> namespaces = new ArrayList<>();

    @AfterEach
    void endNamespaces() throws InterruptedException {
        for (TestNamespace namespace : namespaces) {
            namespace.close();
        }
    }

    /** A namespace with a gateway in it. */
    private NetworkNamespace gateway() throws IOException {
        TestNamespace namespace = new TestNamespace();
        namespaces.add(namespace);
        try (Xfrm xfrm = Xfrm.open(namespace.name())) {
            TestGateway.setUp(xfrm, PEERS);
        }
        return namespace.name();
    }

    private List<NetworkNamespace> gateways(int count) throws IOException {
        List<NetworkNamespace> gateways = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            gateways.add(gateway());
        }
        return gateways;
    }

    private static List<NamespaceMigration> migrations(List<NetworkNamespace> namespaces) {
        return namespaces.stream().map(namespace -> NamespaceMigration.of(namespace, TestGateway.RULE)).toList();
    }

    private static KernelState state(NetworkNamespace namespace) {
        try (Xfrm xfrm = Xfrm.open(namespace)) {
            return KernelState.of(xfrm);
        }
    }

    private static void assertMoved(KernelState before, NetworkNamespace namespace) {
        try (Xfrm xfrm = Xfrm.open(namespace)) {
            before.moved(TestGateway.HERE, TestGateway.NEW_HERE).assertIn(xfrm);
        }
    }

    private static void assertUntouched(KernelState before, NetworkNamespace namespace) {
        try (Xfrm xfrm = Xfrm.open(namespace)) {
            before.assertIn(xfrm);
        }
    }

    private static MigrationReport report(NamespaceOutcome outcome) {
        return assertInstanceOf(NamespaceOutcome.Ran.class, outcome).report();
    }

    private static String json(NetworkNamespace namespace, NamespaceOutcome outcome) {
        String json = JsonWriter.toString(writer -> writer.write(namespace, outcome));
        JsonSchema.assertForm("namespace_outcome", json);
        return json;
    }

    /** Of real plans, one that can run and one that cannot; values alone cannot make one. */
    @Test
    void aPlansJsonSaysItsCountsAndWhyItCannotRun() throws IOException {
        try (Xfrm xfrm = Xfrm.open(gateway())) {
            assertPlan(xfrm);
            xfrm.sas().add(TestGateway.in(0).destination(TestGateway.NEW_HERE).reqid(9).build());
            try (MigrationPlan plan = MigrationPlan.of(xfrm, TestGateway.RULE)) {
                PlanProblem problem = plan.problems().getFirst();
                assertTrue(json(plan).contains("\"problems\":[{\"subject\":\"" + problem.subject() + "\",\"reason\":\""
                        + problem.reason() + "\"}]"), () -> json(plan));
            }
        }
    }

    private static void assertPlan(Xfrm xfrm) {
        try (MigrationPlan plan = MigrationPlan.of(xfrm, TestGateway.RULE)) {
            assertEquals("{\"sas\":" + 2 * PEERS + ",\"other_sas\":0,\"unmovable_sas\":0,\"policies\":" + 3 * PEERS
                    + ",\"groups\":" + plan.groups() + ",\"messages\":" + plan.messages() + ",\"legacy_messages\":"
                    + plan.legacyMessages() + ",\"problems\":[]}\n", json(plan));
        }
    }

    private static String json(MigrationPlan plan) {
        String json = JsonWriter.toString(writer -> writer.write(plan));
        JsonSchema.assertForm("migration_plan", json);
        return json;
    }

    @Test
    void whatFailsInOneNamespaceDoesNotStopTheOthers() throws IOException {
        List<NetworkNamespace> all = new ArrayList<>(gateways(5));
        NetworkNamespace taken = all.get(1);
        NetworkNamespace interrupted = all.get(3);
        NetworkNamespace absent = NetworkNamespace.named("none");
        all.add(2, absent);
        try (Xfrm xfrm = Xfrm.open(taken)) {
            // Stands where an incoming one is to move to.
            xfrm.sas().add(TestGateway.in(0).destination(TestGateway.NEW_HERE).reqid(9).build());
        }
        Map<NetworkNamespace, KernelState> before = new ConcurrentHashMap<>();
        all.stream().filter(namespace -> namespace != absent).forEach(namespace ->
                before.put(namespace, state(namespace)));
        Map<NetworkNamespace, NamespaceOutcome> outcomes = new NamespaceMigrations(3, (namespace, done, groups) -> {
            if (namespace.equals(interrupted)) {
                throw new IllegalStateException("of the listener");
            }
            return true;
        }).run(migrations(all));

        assertEquals(all, List.copyOf(outcomes.keySet()));
        outcomes.forEach((namespace, outcome) -> {
            if (namespace.equals(taken)) {
                assertEquals(1, assertInstanceOf(NamespaceOutcome.Refused.class, outcome).problems().size());
                assertUntouched(before.get(namespace), namespace);
            } else if (namespace.equals(interrupted)) {
                assertEquals("of the listener",
                        assertInstanceOf(NamespaceOutcome.Failed.class, outcome).cause().getMessage());
            } else if (namespace.equals(absent)) {
                assertInstanceOf(NamespaceOutcome.Failed.class, outcome);
            } else {
                assertTrue(report(outcome).isComplete(), outcome::toString);
                assertEquals(Map.of(Outcome.MOVED, 2 * PEERS), report(outcome).outcomes());
                assertMoved(before.get(namespace), namespace);
            }
            assertEquals(before.containsKey(namespace) && namespace != taken && namespace != interrupted,
                    outcome.isComplete());
            json(namespace, outcome);
        });
    }

    @Test
    void cancellingReachesAllThatRunAndThoseThatDoNotYet() throws IOException {
        List<NetworkNamespace> all = gateways(4);
        List<KernelState> before = all.stream().map(NamespaceMigrationsIT::state).toList();
        // Both threads meet in the middle of a migration: they do run side by side.
        CyclicBarrier bothRun = new CyclicBarrier(2);
        NamespaceMigrations[] migrations = new NamespaceMigrations[1];
        Set<NetworkNamespace> met = ConcurrentHashMap.newKeySet();
        migrations[0] = new NamespaceMigrations(2, (namespace, done, groups) -> {
            assertTrue(met.add(namespace), "it went on after it was cancelled");
            meet(bothRun);
            migrations[0].cancel();
            return true;
        });
        List<NamespaceOutcome> outcomes = List.copyOf(migrations[0].run(migrations(all)).values());

        assertEquals(Set.copyOf(all.subList(0, 2)), met);
        for (NamespaceOutcome begun : outcomes.subList(0, 2)) {
            MigrationReport report = report(begun);
            assertFalse(report.isComplete());
            // Incoming ones are the first step, outgoing ones were not begun.
            assertEquals(Map.of(GroupState.MOVED, PEERS, GroupState.UNTOUCHED, PEERS), report.groups());
        }
        for (int i = 2; i < 4; i++) {
            assertEquals(new NamespaceOutcome.NotBegun(), outcomes.get(i));
            assertEquals("{\"namespace\":\"" + all.get(i) + "\",\"outcome\":\"not_begun\",\"complete\":false}\n",
                    json(all.get(i), outcomes.get(i)));
            assertUntouched(before.get(i), all.get(i));
        }
    }

    private static void meet(CyclicBarrier barrier) {
        try {
            barrier.await(5, TimeUnit.MINUTES);
        } catch (InterruptedException | BrokenBarrierException | TimeoutException alone) {
            throw new IllegalStateException("the other one did not come", alone);
        }
    }

    @Test
    void anInterruptCancelsAndIsKept() throws IOException {
        List<NetworkNamespace> all = gateways(2);
        KernelState before = state(all.get(1));
        Thread caller = Thread.currentThread();
        NamespaceMigrations[] migrations = new NamespaceMigrations[1];
        migrations[0] = new NamespaceMigrations(1, (namespace, done, groups) -> {
            caller.interrupt();
            while (!migrations[0].isCancelled()) {
                Thread.onSpinWait();
            }
            return true;
        });
        List<NamespaceOutcome> outcomes = List.copyOf(migrations[0].run(migrations(all)).values());

        assertTrue(Thread.interrupted());
        assertEquals(Map.of(GroupState.MOVED, PEERS, GroupState.UNTOUCHED, PEERS), report(outcomes.get(0)).groups());
        assertEquals(new NamespaceOutcome.NotBegun(), outcomes.get(1));
        assertUntouched(before, all.get(1));
    }

    @Test
    void noMoreThreadsThanAskedForAndAllHaveEnded() throws IOException {
        List<NetworkNamespace> all = gateways(20);
        Set<Thread> threads = ConcurrentHashMap.newKeySet();
        Map<NetworkNamespace, NamespaceOutcome> outcomes = new NamespaceMigrations(3, (namespace, done, groups) -> {
            threads.add(Thread.currentThread());
            return true;
        }).run(migrations(all));

        assertTrue(outcomes.values().stream().allMatch(NamespaceOutcome::isComplete), outcomes::toString);
        assertTrue(threads.size() <= 3, threads::toString);
        threads.forEach(thread -> assertFalse(thread.isAlive()));
        assertFalse(threads.contains(Thread.currentThread()));
    }
}
