package org.xfrm4j.migrate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.xfrm4j.EmbeddedKernel;
import org.xfrm4j.ObservedXfrm;
import org.xfrm4j.SaFilter;
import org.xfrm4j.TestSas;
import org.xfrm4j.Xfrm;
import org.xfrm4j.bindings.xfrm4j_h;
import org.xfrm4j.netlink.ObservedSocket;
import org.xfrm4j.netlink.SocketBuffers;
import org.xfrm4j.policy.Policy;
import org.xfrm4j.policy.PolicyDirection;
import org.xfrm4j.sa.Algorithm;
import org.xfrm4j.sa.Direction;
import org.xfrm4j.sa.IpAddress;
import org.xfrm4j.sa.IpPrefix;
import org.xfrm4j.sa.SecurityAssociation;
import org.xfrm4j.sa.SecurityAssociationBuilder;
import org.xfrm4j.sa.Stats;

/**
 * A gateway moves under traffic, and somebody listens on the wire.
 *
 * <pre>
 *   10.1.0.1 [gateway: 192.0.2.1 or 192.0.2.129] ── wire ── [peers: 198.51.100.1, .2, …] 10.2.0.1, 10.2.1.1, …
 * </pre>
 *
 * <p>Gateway and peers are network namespaces, joined by a pair of veth devices. Each peer has a tunnel of AES-GCM or of
 * AES-CBC with HMAC; in some of them datagrams go both ways all the time. Both of the gateway's addresses are there from
 * the beginning, and only the SAs and policies move: first the gateway's, then the peers'.
 */
class TrafficProofIT {
    private static final IpAddress HERE = TestGateway.HERE;
    private static final IpAddress NEW_HERE = TestGateway.NEW_HERE;
    private static final int PEERS = 90;
    private static final int FLOWS = 8;
    private static final int MOVES = 10;
    /** Highest bit: AES-GCM; see {@link Wire#judge}. */
    private static final int GCM_SPI = 0x80000000;
    private static final int CBC_SPI = 0x40000000;
    private static final int TO_GATEWAY = 0x10000;
    /** All outgoing groups in one step, however fast the machine. */
    private static final RunOptions ALL_AT_ONCE = RunOptions.DEFAULT.withHold(Duration.ofHours(1));
    private static final long PATIENCE_SECONDS = 60;

    @RegisterExtension
    final EmbeddedKernel kernel = new EmbeddedKernel();

    private TestNamespace gatewayNamespace;
    private TestNamespace peersNamespace;
    private Xfrm gateway;
    private Xfrm peers;
    private Wire wire;
    private Talker gatewayTalks;
    private Talker peersTalk;
    /** A thread in the gateway's namespace: a migration that is watched opens its socket there. */
    private ExecutorService inGateway;

    @BeforeEach
    void opens() throws Exception {
        gatewayNamespace = new TestNamespace();
        peersNamespace = new TestNamespace();
        connect();
        gateway = Xfrm.open(gatewayNamespace.name());
        peers = Xfrm.open(peersNamespace.name());
        setUpTunnels();
        inGateway = Executors.newSingleThreadExecutor();
        inGateway.submit(() -> gatewayNamespace.enter()).get();
        wire = new Wire(gatewayNamespace, peersNamespace);
        List<Talker.Flow> flows = IntStream.range(0, FLOWS)
                .mapToObj(peer -> new Talker.Flow(IpAddress.parse("10.1.0.1"), inside(peer))).toList();
        gatewayTalks = new Talker(gatewayNamespace, flows);
        peersTalk = new Talker(peersNamespace, flows.stream().map(flow -> new Talker.Flow(flow.there(), flow.here()))
                .toList());
        gatewayTalks.speak();
        peersTalk.speak();
        passes();
    }

    @AfterEach
    void closes() throws InterruptedException {
        gatewayTalks.close();
        peersTalk.close();
        wire.close();
        inGateway.close();
        gateway.close();
        peers.close();
        gatewayNamespace.close();
        peersNamespace.close();
    }

    private static IpAddress inside(int peer) {
        return IpAddress.parse("10.2." + peer + ".1");
    }

    private void connect() throws IOException, InterruptedException {
        gatewayNamespace.ip(List.of("link add wire0 type veth peer name wire1 netns " + peersNamespace.process(),
                "link set lo up", "link set wire0 up", "addr add " + HERE + "/24 dev wire0",
                "addr add " + NEW_HERE + "/24 dev wire0", "addr add 10.1.0.1/32 dev lo",
                "route add 198.51.100.0/24 dev wire0", "route add 10.2.0.0/16 dev wire0"));
        List<String> lines = new ArrayList<>(List.of("link set lo up", "link set wire1 up"));
        for (int peer = 0; peer < FLOWS; peer++) {
            lines.add("addr add " + TestGateway.peer(peer) + "/32 dev lo");
            lines.add("addr add " + inside(peer) + "/32 dev lo");
        }
        lines.add("route add 192.0.2.0/24 dev wire1");
        lines.add("route add 10.1.0.0/16 dev wire1");
        peersNamespace.ip(lines);
    }

    private static SecurityAssociationBuilder sa(int peer, boolean toGateway) {
        int number = peer + (toGateway ? TO_GATEWAY : 0);
        SecurityAssociationBuilder sa = peer % 2 == 0 ? TestSas.esp(GCM_SPI + number)
                : TestSas.espCbc(CBC_SPI + number, HERE.family());
        return sa.source(toGateway ? TestGateway.peer(peer) : HERE)
                .destination(toGateway ? HERE : TestGateway.peer(peer)).reqid(TestGateway.reqid(peer));
    }

    private static SecurityAssociation out(int peer, boolean toGateway) {
        return sa(peer, toGateway).direction(Direction.OUT).replayWindow(0).build();
    }

    private static SecurityAssociation in(int peer, boolean toGateway) {
        return sa(peer, toGateway).direction(Direction.IN).build();
    }

    private void setUpTunnels() {
        for (int peer = 0; peer < PEERS; peer++) {
            gateway.sas().add(out(peer, false));
            gateway.sas().add(in(peer, true));
            gateway.policies().addAll(TestGateway.policies(peer));
            peers.sas().add(out(peer, true));
            peers.sas().add(in(peer, false));
            // What comes to the gateway leaves the peer, and the other way round.
            peers.policies().add(TestGateway.policy(peer, PolicyDirection.IN).toBuilder()
                    .direction(PolicyDirection.OUT).build());
            peers.policies().add(TestGateway.policy(peer, PolicyDirection.OUT).toBuilder()
                    .direction(PolicyDirection.IN).build());
        }
    }

    private static void await(String what, BooleanSupplier condition) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (!condition.getAsBoolean()) {
            assertTrue(System.nanoTime() < deadline, () -> "waited in vain: " + what);
            try {
                Thread.sleep(2);
            } catch (InterruptedException interrupted) {
                throw new AssertionError(interrupted);
            }
        }
    }

    /** In each flow, both ways, some datagrams more come than have come by now. */
    private void passes() {
        int[] toPeers = peersTalk.byFlow();
        int[] toGateway = gatewayTalks.byFlow();
        await("traffic in each flow both ways", () -> {
            gatewayTalks.check();
            peersTalk.check();
            int[] toPeersNow = peersTalk.byFlow();
            int[] toGatewayNow = gatewayTalks.byFlow();
            return IntStream.range(0, FLOWS).allMatch(flow -> toPeersNow[flow] > toPeers[flow] + 2
                    && toGatewayNow[flow] > toGateway[flow] + 2);
        });
    }

    private <T> T inGateway(Callable<T> task) throws Exception {
        return inGateway.submit(task).get();
    }

    /** What is done before the policies of outgoing groups are put back with their new ends. */
    private MigrationReport moveGateway(IpAddress from, IpAddress to, RunOptions options, Runnable beforePutBack)
            throws Exception {
        return inGateway(() -> {
            ObservedSocket socket = ObservedSocket.open(SocketBuffers.DEFAULT);
            int[] transmissions = new int[1];
            socket.beforeSending(types -> {
                // One step of incoming groups at first, for the kernel's speed is not known, then those that are left
                // of them; the outgoing ones are the last step, and the last transmission puts their policies back.
                boolean puts = types.getFirst() == xfrm4j_h.XFRM_MSG_UPDPOLICY()
                        && !types.contains(xfrm4j_h.XFRM_MSG_MIGRATE_STATE());
                if (puts && types.size() == PEERS && transmissions[0]++ == 0) {
                    beforePutBack.run();
                }
            });
            try (Xfrm xfrm = ObservedXfrm.open(socket); MigrationPlan plan = plan(xfrm, TestGateway.rule(from, to))) {
                MigrationReport report = Migration.run(xfrm, plan, options, MigrationListener.NONE);
                assertEquals(1, transmissions[0], "not all outgoing groups were in one step");
                return report;
            }
        });
    }

    private static MigrationPlan plan(Xfrm xfrm, MoveRule rule) {
        MigrationPlan plan = MigrationPlan.of(xfrm, rule);
        assertEquals(List.of(), plan.problems());
        assertEquals(2 * PEERS, plan.sas());
        return plan;
    }

    private void movePeers(IpAddress from, IpAddress to) throws IOException {
        IpPrefix before = IpPrefix.host(from);
        try (MigrationPlan plan = plan(peers, MoveRule.of(SaSelection.remote(before),
                SaChange.remote(before, IpPrefix.host(to))))) {
            assertComplete(Migration.run(peers, plan, ALL_AT_ONCE, MigrationListener.NONE));
        }
    }

    private static void assertComplete(MigrationReport report) {
        assertTrue(report.isComplete(), report::toString);
        assertEquals(Map.of(Outcome.MOVED, 2 * PEERS), report.outcomes());
        assertEquals(2 * PEERS, report.readBack().found());
    }

    /** What of an SA does not change with its use. */
    private record Fixed(int spi, IpAddress source, IpAddress destination, int reqid, List<Algorithm> algorithms) {
        static List<Fixed> of(Xfrm xfrm) {
            return xfrm.sas().list(SaFilter.ALL).stream().map(sa -> new Fixed(sa.spi(), sa.source(),
                    sa.destination(), sa.reqid(), sa.algorithms()))
                    .sorted((one, other) -> Integer.compare(one.spi(), other.spi())).toList();
        }
    }

    private static Map<Object, Policy> policies(Xfrm xfrm) {
        return KernelState.of(xfrm).policies().stream().collect(Collectors.toMap(Policy::id, policy -> policy));
    }

    private static void assertNothingWasRefused(Xfrm xfrm) {
        xfrm.sas().list(SaFilter.ALL).forEach(sa -> assertEquals(Stats.NONE, sa.stats(), sa::toString));
    }

    @Test
    void nothingLeaksAndNoIvIsUsedTwiceWhileAGatewayMovesToAndFro() throws Exception {
        List<Fixed> sasBefore = Fixed.of(gateway);
        Map<Object, Policy> policiesBefore = policies(gateway);
        List<Fixed> peersSasBefore = Fixed.of(peers);
        long toPeersInMoves = 0;
        long toGatewayInMoves = 0;
        for (int i = 0; i < MOVES; i++) {
            IpAddress from = i % 2 == 0 ? HERE : NEW_HERE;
            IpAddress to = i % 2 == 0 ? NEW_HERE : HERE;
            long refused = gatewayTalks.refused();
            long toGateway = peersTalk.sent();
            // While the flows are blocked, and their SAs moved, every one of them is tried.
            assertComplete(moveGateway(from, to, ALL_AT_ONCE,
                    () -> await("packets that are blocked", () -> gatewayTalks.refused() >= refused + 2 * FLOWS)));
            // Peers send to the old address until they have moved as well; the gateway's packets find the same SA.
            long toPeers = gatewayTalks.sent();
            movePeers(from, to);
            toPeersInMoves += gatewayTalks.sent() - toPeers;
            toGatewayInMoves += peersTalk.sent() - toGateway;
            passes();
            assertNothingWasRefused(gateway);
            assertNothingWasRefused(peers);
        }
        assertEquals(sasBefore, Fixed.of(gateway));
        assertEquals(policiesBefore, policies(gateway));
        assertEquals(peersSasBefore, Fixed.of(peers));

        waitForTheLast();
        // Besides what was sent while something moved, what was on its way may have been lost.
        long onTheWay = 2L * FLOWS * MOVES;
        assertLost(gatewayTalks, peersTalk, toPeersInMoves + onTheWay);
        assertLost(peersTalk, gatewayTalks, toGatewayInMoves + onTheWay);
        long sent = gatewayTalks.sent() + peersTalk.sent();
        Wire.Findings findings = wire.findings(Talker.SECRET);
        assertEquals(0, findings.dropped(), "the listener did not see all");
        assertEquals(List.of(), findings.cleartext());
        assertEquals(List.of(), findings.reused());
        assertEquals(List.of(), findings.goneBack());
        assertEquals(2 * FLOWS, findings.sas());
        assertTrue(findings.esp() >= sent, () -> findings.esp() + " packets were seen of " + sent + " that were sent");
    }

    private void waitForTheLast() throws InterruptedException {
        gatewayTalks.hush();
        peersTalk.hush();
        long before;
        do {
            before = gatewayTalks.received() + peersTalk.received();
            Thread.sleep(200);
        } while (gatewayTalks.received() + peersTalk.received() > before);
    }

    private static void assertLost(Talker from, Talker to, long explained) {
        long lost = from.sent() - to.received();
        assertTrue(lost <= explained, lost + " packets were lost, and only " + explained + " had reason to be");
    }

    @Test
    void theListenerFindsCleartextWhereNothingBlocksAndAPolicyIsRemoved() throws Exception {
        Policy removed = TestGateway.policy(0, PolicyDirection.OUT);
        assertEquals(0, wire.cleartextSoFar(Talker.SECRET));
        assertComplete(moveGateway(HERE, NEW_HERE, ALL_AT_ONCE.withoutBlocking(), () -> {
            try (Xfrm other = Xfrm.open()) {
                assertTrue(other.policies().delete(removed.id()));
            }
            await("cleartext", () -> wire.cleartextSoFar(Talker.SECRET) > 0);
        }));
        assertFalse(wire.findings(Talker.SECRET).cleartext().isEmpty());
    }

    /** As all do who have no other way: the SA is deleted, and added at its new place. */
    @Test
    void theListenerFindsSequenceNumbersThatGoBackWhereAnSaIsDeletedAndAdded() throws Exception {
        SecurityAssociation sa = out(0, false);
        assertTrue(gateway.sas().delete(sa.id()));
        gateway.sas().add(sa);
        long sent = gatewayTalks.sent();
        await("packets of the new SA", () -> gatewayTalks.sent() > sent + 4 * FLOWS);
        Wire.Findings findings = wire.findings(Talker.SECRET);
        assertEquals(1, findings.goneBack().size(), findings::toString);
        assertEquals(List.of(), findings.cleartext());
        // To another SA of one key Linux gives IVs that begin elsewhere (seqiv), and that they differ is chance; so that
        // the listener would see it is shown by what it has seen, twice.
        assertEquals(List.of(), findings.reused());
        assertEquals(findings.esp(), Wire.judge(wire.packetsTwice(), Talker.SECRET, 0).reused().size());
    }
}
