package org.xfrm4j.migrate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.xfrm4j.ObservedXfrm;
import org.xfrm4j.TestSas;
import org.xfrm4j.Xfrm;
import org.xfrm4j.bindings.xfrm4j_h;
import org.xfrm4j.netlink.ObservedSocket;
import org.xfrm4j.netlink.SocketBuffers;
import org.xfrm4j.policy.PolicyDirection;
import org.xfrm4j.sa.Direction;
import org.xfrm4j.sa.IpAddress;
import org.xfrm4j.sa.SecurityAssociation;
import org.xfrm4j.sa.SecurityAssociationBuilder;

/**
 * A gateway and its peers, whose tunnels are in use, and somebody who listens.
 *
 * <pre>
 *   10.1.0.1 [gateway: 192.0.2.1 or 192.0.2.129] ── wire ── [peers: 198.51.100.1, .2, …] 10.2.0.1, 10.2.1.1, …
 * </pre>
 *
 * <p>Gateway and peers are network namespaces, joined by a pair of veth devices; when it forwards, 10.1.0.1 is a third.
 * Each peer has a tunnel of AES-GCM or of AES-CBC with HMAC; in some of them datagrams go both ways all the time. All
 * addresses are there from the beginning, and only the SAs and policies move.
 */
final class GatewaysOnAWire implements AutoCloseable {
    static final int PEERS = 90;
    /** Tunnels with traffic. */
    static final int FLOWS = 8;
    /** All outgoing groups in one step, however fast the machine. */
    static final RunOptions ALL_AT_ONCE = RunOptions.DEFAULT.withHold(Duration.ofHours(1));

    private static final IpAddress HERE = TestGateway.HERE;
    /** Highest bit: AES-GCM; see {@link Wire#judge}. */
    private static final int GCM_SPI = 0x80000000;
    private static final int CBC_SPI = 0x40000000;
    private static final int TO_GATEWAY = 0x10000;
    private static final long PATIENCE_SECONDS = 60;

    private final List<AutoCloseable> opened = new ArrayList<>();
    private final Xfrm gateway;
    private final Xfrm peers;
    private final Wire wire;
    private final Talker gatewayTalks;
    private final Talker peersTalk;
    /** A thread in the gateway's namespace: a migration that is watched opens its socket there. */
    private final ExecutorService inGateway;

    /**
     * Sets all up, and waits until there is traffic.
     *
     * @param forwards whether the gateway's packets are those of a host behind it
     */
    GatewaysOnAWire(boolean forwards) throws Exception {
        try {
            TestNamespace gatewayNamespace = closing(new TestNamespace());
            TestNamespace peersNamespace = closing(new TestNamespace());
            connect(gatewayNamespace, peersNamespace);
            inGateway = closing(Executors.newSingleThreadExecutor());
            inGateway(() -> {
                gatewayNamespace.enter();
                return closing(new EncapSocket(Wire.ENCAP_PORT));
            });
            try (ExecutorService inPeers = Executors.newSingleThreadExecutor()) {
                inPeers.submit(() -> {
                    peersNamespace.enter();
                    return closing(new EncapSocket(Wire.ENCAP_PORT));
                }).get();
            }
            TestNamespace home = forwards ? host(gatewayNamespace) : gatewayNamespace;
            if (!forwards) {
                gatewayNamespace.ip(List.of("addr add 10.1.0.1/32 dev lo"));
            }
            gateway = closing(Xfrm.open(gatewayNamespace.name()));
            peers = closing(Xfrm.open(peersNamespace.name()));
            setUpTunnels();
            wire = closing(new Wire(new Wire.Tap(gatewayNamespace, "wire0"), new Wire.Tap(peersNamespace, "wire1")));
            List<Talker.Flow> flows = IntStream.range(0, FLOWS)
                    .mapToObj(peer -> new Talker.Flow(IpAddress.parse("10.1.0.1"), inside(peer))).toList();
            gatewayTalks = closing(new Talker(home, flows));
            peersTalk = closing(new Talker(peersNamespace,
                    flows.stream().map(flow -> new Talker.Flow(flow.there(), flow.here())).toList()));
            gatewayTalks.speak();
            peersTalk.speak();
            passes();
        } catch (Exception | Error failed) {
            close();
            throw failed;
        }
    }

    private <T extends AutoCloseable> T closing(T resource) {
        opened.add(resource);
        return resource;
    }

    /** Ends the traffic, and all else. */
    @Override
    public void close() {
        for (AutoCloseable each : opened.reversed()) {
            try {
                each.close();
            } catch (Exception failed) {
                throw new AssertionError(failed);
            }
        }
    }

    private static IpAddress inside(int peer) {
        return IpAddress.parse("10.2." + peer + ".1");
    }

    private static void connect(TestNamespace gateway, TestNamespace peers) throws IOException, InterruptedException {
        gateway.ip(List.of("link add wire0 type veth peer name wire1 netns " + peers.process(),
                "link set lo up", "link set wire0 up", "addr add " + HERE + "/24 dev wire0",
                "addr add " + TestGateway.NEW_HERE + "/24 dev wire0",
                "addr add " + TestSas.SOURCE6 + "/64 dev wire0 nodad",
                "route add 198.51.100.0/24 dev wire0", "route add 2001:db8:2::/64 dev wire0",
                "route add 10.2.0.0/16 dev wire0"));
        List<String> lines = new ArrayList<>(List.of("link set lo up", "link set wire1 up"));
        for (int peer = 0; peer < FLOWS; peer++) {
            lines.add("addr add " + TestGateway.peer(peer) + "/32 dev lo");
            // Of addresses at another device IPv6 does not tell its neighbours.
            lines.add("addr add 2001:db8:2::" + Integer.toHexString(peer + 1) + "/128 dev wire1 nodad");
            lines.add("addr add " + inside(peer) + "/32 dev lo");
        }
        lines.add("route add 192.0.2.0/24 dev wire1");
        lines.add("route add 2001:db8:1::/64 dev wire1");
        lines.add("route add 10.1.0.0/16 dev wire1");
        peers.ip(lines);
    }

    private TestNamespace host(TestNamespace gatewayNamespace) throws Exception {
        TestNamespace host = closing(new TestNamespace());
        gatewayNamespace.ip(List.of("link add inner0 type veth peer name inner1 netns " + host.process(),
                "link set inner0 up", "addr add 10.1.255.254/16 dev inner0"));
        host.ip(List.of("link set lo up", "link set inner1 up", "addr add 10.1.0.1/16 dev inner1",
                "route add default via 10.1.255.254"));
        // Of the network's settings a thread sees those of its own namespace.
        inGateway(() -> Files.writeString(Path.of("/proc/sys/net/ipv4/ip_forward"), "1"));
        return host;
    }

    private static SecurityAssociationBuilder sa(int peer, boolean toGateway) {
        int number = peer + (toGateway ? TO_GATEWAY : 0);
        SecurityAssociationBuilder sa = peer % 2 == 0 ? TestSas.esp(GCM_SPI + number)
                : TestSas.espCbc(CBC_SPI + number, HERE.family());
        return sa.source(toGateway ? TestGateway.peer(peer) : HERE)
                .destination(toGateway ? HERE : TestGateway.peer(peer)).reqid(TestGateway.reqid(peer));
    }

    /** An SA of outgoing packets, at the gateway or at a peer. */
    static SecurityAssociation out(int peer, boolean toGateway) {
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

    Xfrm gateway() {
        return gateway;
    }

    Xfrm peers() {
        return peers;
    }

    Wire wire() {
        return wire;
    }

    Talker gatewayTalks() {
        return gatewayTalks;
    }

    Talker peersTalk() {
        return peersTalk;
    }

    static void await(String what, BooleanSupplier condition) {
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
    void passes() {
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

    /** Ends the traffic, and waits for what is on its way. */
    void waitForTheLast() throws InterruptedException {
        gatewayTalks.hush();
        peersTalk.hush();
        long before;
        do {
            before = gatewayTalks.received() + peersTalk.received();
            Thread.sleep(200);
        } while (gatewayTalks.received() + peersTalk.received() > before);
    }

    private <T> T inGateway(Callable<T> task) throws Exception {
        return inGateway.submit(task).get();
    }

    /**
     * Moves the gateway's SAs.
     *
     * @param beforePutBack what is done before the policies of outgoing groups are put back with their new ends
     */
    MigrationReport moveGateway(SaChange change, RunOptions options, Runnable beforePutBack) throws Exception {
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
            try (Xfrm xfrm = ObservedXfrm.open(socket); MigrationPlan plan = plan(xfrm, change)) {
                MigrationReport report = Migration.run(xfrm, plan, options, MigrationListener.NONE);
                assertEquals(1, transmissions[0], "not all outgoing groups were in one step");
                assertComplete(report);
                return report;
            }
        });
    }

    /** Moves the SAs of all peers. */
    void movePeers(SaChange change) throws IOException {
        try (MigrationPlan plan = plan(peers, change)) {
            assertComplete(Migration.run(peers, plan, ALL_AT_ONCE, MigrationListener.NONE));
        }
    }

    private static MigrationPlan plan(Xfrm xfrm, SaChange change) {
        MigrationPlan plan = MigrationPlan.of(xfrm, MoveRule.of(SaSelection.ALL, change));
        assertEquals(List.of(), plan.problems());
        assertEquals(2 * PEERS, plan.sas());
        return plan;
    }

    private static void assertComplete(MigrationReport report) {
        assertTrue(report.isComplete(), report::toString);
        assertEquals(Map.of(Outcome.MOVED, 2 * PEERS), report.outcomes());
        assertEquals(2 * PEERS, report.readBack().found());
    }
}
