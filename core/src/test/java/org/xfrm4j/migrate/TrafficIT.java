package org.xfrm4j.migrate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.xfrm4j.EmbeddedKernel;
import org.xfrm4j.TestSas;
import org.xfrm4j.sa.AddressFamily;
import org.xfrm4j.sa.Encap;
import org.xfrm4j.sa.IpAddress;
import org.xfrm4j.sa.Mode;
import org.xfrm4j.sa.Replay;
import org.xfrm4j.sa.ReplayEsn;
import org.xfrm4j.sa.ReplayState;
import org.xfrm4j.sa.SecurityAssociation;
import org.xfrm4j.sa.SecurityAssociationBuilder;
import org.xfrm4j.sa.Selector;
import org.xfrm4j.sa.Stats;

/** Packets before, during and after a move: the SA goes on where it was, and nothing leaves in cleartext. */
class TrafficIT {
    private static final int SPI = 0xc0ffee01;
    private static final int PATIENCE_MILLIS = 5_000;
    private static final int SILENCE_MILLIS = 150;
    private static final IpAddress HERE = IpAddress.parse("127.0.0.1");
    private static final IpAddress THERE = IpAddress.parse("127.0.0.2");
    private static final IpAddress NEW_THERE = IpAddress.parse("127.0.0.3");
    private static final IpAddress NEW_HERE = IpAddress.parse("127.0.0.4");
    private static final IpAddress INSIDE = IpAddress.parse("127.0.0.9");
    private static final IpAddress IPV6 = IpAddress.parse("::1");

    @RegisterExtension
    final EmbeddedKernel kernel = new EmbeddedKernel();

    private final MoveCheck check = new MoveCheck(kernel);
    private LoopbackTraffic traffic;

    @BeforeEach
    void startsTraffic() {
        traffic = new LoopbackTraffic(kernel);
    }

    @AfterEach
    void endsTraffic() {
        traffic.close();
    }

    private enum Kind {
        ESP_GCM, ESP_GCM_ESN, ESP_CBC, AH;

        SecurityAssociationBuilder builder() {
            SecurityAssociationBuilder sa = switch (this) {
                case ESP_GCM -> TestSas.esp(SPI);
                case ESP_GCM_ESN -> TestSas.esp(SPI).flags(SecurityAssociation.FLAG_ESN).replayWindow(0)
                        .replay(ReplayEsn.ofWindow(64));
                case ESP_CBC -> TestSas.espCbc(SPI, AddressFamily.INET);
                case AH -> TestSas.ah(SPI, AddressFamily.INET);
            };
            return sa.source(HERE).destination(THERE);
        }
    }

    /** The state after that many packets out and in again, of a window that held them all. */
    private static Replay after(int packets, Replay like) {
        int bitmap = (1 << packets) - 1;
        return like instanceof ReplayEsn esn ? new ReplayEsn(packets, packets, esn.replayWindow(), List.of(bitmap, 0))
                : new ReplayState(packets, packets, bitmap);
    }

    private SecurityAssociation now() {
        return kernel.all().getFirst();
    }

    private static void passes(IpAddress from, IpAddress to, int packets) throws IOException {
        try (DatagramSocket receiver = LoopbackTraffic.receiver(to, LoopbackTraffic.PORT)) {
            for (int i = 0; i < packets; i++) {
                LoopbackTraffic.send(from, to, "packet " + i);
                assertEquals("packet " + i, LoopbackTraffic.receiveText(receiver, PATIENCE_MILLIS));
            }
        }
    }

    private static void doesNotPass(IpAddress from, IpAddress to) throws IOException {
        try (DatagramSocket receiver = LoopbackTraffic.receiver(to, LoopbackTraffic.PORT)) {
            trySending(from, to);
            assertNull(LoopbackTraffic.receiveText(receiver, SILENCE_MILLIS));
        }
    }

    private static void trySending(IpAddress from, IpAddress to) {
        try {
            LoopbackTraffic.send(from, to, "secret");
        } catch (IOException refused) {
            // Whether the kernel tells the sender, or drops the packet in silence, is its own affair.
        }
    }

    @ParameterizedTest
    @EnumSource
    void goesOnWithItsSequenceNumbersAtTheNewPlace(Kind kind) throws IOException {
        SecurityAssociation unused = kernel.add(kind.builder().mode(Mode.TRANSPORT).build());
        traffic.protectWith(unused);
        passes(HERE, THERE, 5);
        SecurityAssociation used = now();
        assertEquals(after(5, unused.replay()), used.replay());
        assertEquals(10, used.usage().packets(), "each out and in");
        assertTrue(used.usage().useTime() > 0 && used.lastUsed() > 0);

        SecurityAssociation moved = check.moves(used, move -> move.destination(NEW_THERE),
                sa -> sa.destination(NEW_THERE));

        passes(HERE, NEW_THERE, 3);
        SecurityAssociation usedAgain = now();
        assertEquals(moved.id(), usedAgain.id());
        assertEquals(after(8, unused.replay()), usedAgain.replay());
        assertEquals(16, usedAgain.usage().packets());
        assertTrue(usedAgain.usage().bytes() > used.usage().bytes());
        assertEquals(used.usage().addTime(), usedAgain.usage().addTime());
        assertEquals(used.usage().useTime(), usedAgain.usage().useTime());
        assertEquals(Stats.NONE, usedAgain.stats());
        doesNotPass(HERE, THERE);
    }

    @Test
    void goesOnInsideATunnelFromIpv4ToIpv6AndBack() throws IOException {
        SecurityAssociation sa = kernel.add(Kind.ESP_GCM.builder().build());
        traffic.protectWith(sa);
        passes(HERE, INSIDE, 2);

        sa = check.moves(now(), move -> move.source(IPV6).destination(IPV6), to -> to.source(IPV6).destination(IPV6));
        doesNotPass(HERE, INSIDE);
        traffic.protectWith(sa);
        passes(HERE, INSIDE, 3);
        assertEquals(after(5, sa.replay()), now().replay());

        sa = check.moves(now(), move -> move.source(HERE).destination(NEW_THERE),
                to -> to.source(HERE).destination(NEW_THERE));
        traffic.protectWith(sa);
        passes(HERE, INSIDE, 4);
        assertEquals(after(9, sa.replay()), now().replay());
        assertEquals(18, now().usage().packets());
    }

    /** Replays that an SA has refused stay refused where it moves to; how many it has refused the kernel forgets. */
    @Test
    void keepsRefusingReplays() throws IOException {
        SecurityAssociation unused = kernel.add(Kind.ESP_GCM.builder().mode(Mode.TRANSPORT)
                .replay(new ReplayState(0, 1000, ~0)).build());
        traffic.protectWith(unused);
        doesNotPass(HERE, THERE);
        doesNotPass(HERE, THERE);
        SecurityAssociation before = now();
        assertEquals(new ReplayState(2, 1000, ~0), before.replay());
        assertEquals(new Stats(2, 0, 0), before.stats());

        MoveCheck.assertMoved(new Migrator(kernel.xfrm())
                .move(List.of(Move.of(before).destination(NEW_THERE).build())).getFirst());

        SecurityAssociation moved = now();
        assertEquals(before.replay(), moved.replay());
        assertEquals(before.usage(), moved.usage());
        assertEquals(Stats.NONE, moved.stats());
        doesNotPass(HERE, NEW_THERE);
        assertEquals(new ReplayState(3, 1000, ~0), now().replay());
        assertEquals(new Stats(1, 0, 0), now().stats());
    }

    @Test
    void sendsNothingInCleartextWhileNoSaIsThere() throws IOException {
        SecurityAssociation sa = kernel.add(Kind.ESP_GCM.builder().mode(Mode.TRANSPORT).build());
        traffic.protectWith(sa);
        doesNotPass(HERE, NEW_THERE);
    }

    /** ESP as it looks from outside: SPI, sequence number and IV of a datagram of ESP in UDP. */
    private record Esp(int spi, int sequence, long iv, IpAddress source, int sourcePort) {
        static Esp of(ByteBuffer bytes, InetSocketAddress source) {
            return new Esp(bytes.getInt(), bytes.getInt(), bytes.getLong(), IpAddress.of(source.getAddress()),
                    source.getPort());
        }
    }

    private static Esp receiveEsp(DatagramSocket outside) throws IOException {
        DatagramPacket packet = LoopbackTraffic.receive(outside, PATIENCE_MILLIS);
        assertNotNull(packet, "no ESP in UDP came");
        return Esp.of(ByteBuffer.wrap(packet.getData(), 0, packet.getLength()),
                (InetSocketAddress) packet.getSocketAddress());
    }

    @Test
    void sendsFromTheNewAddressAndPortWithTheNextSequenceNumber() throws IOException {
        SecurityAssociation sa = kernel.add(Kind.ESP_GCM.builder().encap(Encap.espInUdp(4500, 4501))
                .replay(new ReplayState(41, 0, 0)).build());
        traffic.protectWith(sa);
        Esp before;
        try (DatagramSocket outside = LoopbackTraffic.receiver(THERE, 4501)) {
            trySending(HERE, INSIDE);
            before = receiveEsp(outside);
        }
        assertEquals(new Esp(SPI, 42, before.iv, HERE, 4500), before);

        Encap newPorts = Encap.espInUdp(4502, 4503);
        sa = check.moves(now(), move -> move.source(NEW_HERE).destination(NEW_THERE).encap(newPorts),
                to -> to.source(NEW_HERE).destination(NEW_THERE).encap(newPorts));

        traffic.protectWith(sa);
        try (DatagramSocket outside = LoopbackTraffic.receiver(NEW_THERE, 4503);
                DatagramSocket oldOutside = LoopbackTraffic.receiver(THERE, 4501)) {
            trySending(HERE, INSIDE);
            Esp after = receiveEsp(outside);
            assertEquals(new Esp(SPI, 43, after.iv, NEW_HERE, 4502), after);
            assertNotEquals(before.iv, after.iv);
            assertNull(LoopbackTraffic.receive(oldOutside, SILENCE_MILLIS));
        }
    }

    /**
     * Two numbers of one value, or two IVs, under one key of AES-GCM would give it away: there must be none, however
     * packets and moves meet.
     */
    @Test
    void usesNoSequenceNumberAndNoIvTwiceWhileItMovesUnderTraffic() throws Exception {
        int[] ports = {4501, 4502};
        int many = 300;
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        SecurityAssociation sa = kernel.add(Kind.ESP_GCM.builder().encap(Encap.espInUdp(4500, ports[0])).build());
        traffic.protectWith(sa);
        AtomicBoolean done = new AtomicBoolean();
        List<Esp> seen = new ArrayList<>();
        try (DatagramChannel first = outside(ports[0]);
                DatagramChannel second = outside(ports[1]);
                DatagramSocket inside = LoopbackTraffic.receiver(INSIDE, LoopbackTraffic.PORT)) {
            Thread sending = Thread.ofPlatform().start(() -> {
                while (!done.get()) {
                    trySending(HERE, INSIDE);
                }
            });
            Migrator migrator = new Migrator(kernel.xfrm());
            for (int i = 1; i <= many || seen.size() < many && System.nanoTime() < deadline; i++) {
                Encap other = Encap.espInUdp(4500, ports[i % 2]);
                MoveCheck.assertMoved(migrator.move(List.of(Move.of(sa).encap(other).build())).getFirst());
                drain(first, seen);
                drain(second, seen);
            }
            done.set(true);
            sending.join();
            drain(first, seen);
            drain(second, seen);
            assertNull(LoopbackTraffic.receiveText(inside, SILENCE_MILLIS), "a packet left in cleartext");
        }

        Set<Integer> sequences = new HashSet<>();
        Set<Long> ivs = new HashSet<>();
        for (Esp esp : seen) {
            assertEquals(SPI, esp.spi);
            assertTrue(sequences.add(esp.sequence), () -> "sequence number " + esp.sequence + " twice");
            assertTrue(ivs.add(esp.iv), () -> "IV of packet " + esp.sequence + " twice");
        }
        ReplayState last = (ReplayState) now().replay();
        assertEquals(1, kernel.all().size());
        assertTrue(seen.size() >= many, () -> "only " + seen.size() + " packets: the test is to be about many");
        assertTrue(seen.stream().allMatch(esp -> esp.sequence >= 1 && esp.sequence <= last.outgoing()));
        assertEquals(last.outgoing(), now().usage().packets());
    }

    private static DatagramChannel outside(int port) throws IOException {
        DatagramChannel outside = DatagramChannel.open(StandardProtocolFamily.INET)
                .bind(new InetSocketAddress(THERE.toInetAddress(), port));
        outside.configureBlocking(false);
        return outside;
    }

    /** What has come by now. */
    private static void drain(DatagramChannel outside, List<Esp> seen) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(2048);
        for (SocketAddress from; (from = outside.receive(bytes)) != null; bytes.clear()) {
            seen.add(Esp.of(bytes.flip(), (InetSocketAddress) from));
        }
    }

    /** The selector that a move sets is the one that packets are compared with. */
    @Test
    void takesTrafficByItsNewSelector() throws IOException {
        SecurityAssociation sa = kernel.add(Kind.ESP_GCM.builder().build());
        traffic.protectWith(sa);
        passes(HERE, INSIDE, 1);
        Selector elsewhere = TestSas.hostToHost(HERE, NEW_THERE);

        sa = check.moves(now(), move -> move.selector(elsewhere), to -> to.selector(elsewhere));

        doesNotPass(HERE, INSIDE);
        passes(HERE, NEW_THERE, 1);
    }
}
