package org.xfrm4j.mirror;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.xfrm4j.EmbeddedKernel;
import org.xfrm4j.TestSas;
import org.xfrm4j.Xfrm;
import org.xfrm4j.bindings.xfrm4j_h;
import org.xfrm4j.migrate.Migrator;
import org.xfrm4j.migrate.Move;
import org.xfrm4j.netlink.NetlinkBatch;
import org.xfrm4j.netlink.NetworkNamespace;
import org.xfrm4j.netlink.SocketBuffers;
import org.xfrm4j.policy.LegacyMigrate;
import org.xfrm4j.policy.MigrateEntry;
import org.xfrm4j.policy.Policy;
import org.xfrm4j.policy.PolicyDirection;
import org.xfrm4j.policy.Template;
import org.xfrm4j.sa.Comp;
import org.xfrm4j.sa.Encap;
import org.xfrm4j.sa.IpAddress;
import org.xfrm4j.sa.IpPrefix;
import org.xfrm4j.sa.Lifetime;
import org.xfrm4j.sa.Mark;
import org.xfrm4j.sa.Mode;
import org.xfrm4j.sa.Protocol;
import org.xfrm4j.sa.SaId;
import org.xfrm4j.sa.SecurityAssociation;
import org.xfrm4j.sa.Selector;
import org.xfrm4j.sa.SpiRequest;
import org.xfrm4j.wire.MigrateStateEncoder;

/** The mirror is compared, SA by SA and field by field, with what a dump of the kernel gives. */
class MirrorIT {
    private static final int SPI = 0xc0ffee01;
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    @RegisterExtension
    final EmbeddedKernel kernel = new EmbeddedKernel();

    private Mirror mirror;

    @BeforeEach
    void startsWithoutPolicies() {
        kernel.xfrm().policies().flush();
    }

    @AfterEach
    void endsWithoutPolicies() {
        if (mirror != null) {
            mirror.close();
        }
        kernel.xfrm().policies().flush();
    }

    private Update update() {
        return mirror.update(Duration.ZERO);
    }

    private void assertAgrees() {
        List<SecurityAssociation> kernels = kernel.all();
        kernels.forEach(SecurityAssociation::wipeKeys);
        assertSame("SA", kernels, mirror.sas(), SecurityAssociation::id);
        assertSame("policy", kernel.xfrm().policies().list(), mirror.policies(), Policy::index);
    }

    /** Sets of values, and which of them differ: an assertion on thousands at once would tell nothing. */
    private static <V, N> void assertSame(String kind, Collection<V> kernels, Collection<V> mirrors,
            Function<V, N> name) {
        Map<N, V> rest = new HashMap<>();
        mirrors.forEach(value -> rest.put(name.apply(value), value));
        assertEquals(mirrors.size(), rest.size(), kind + " twice in the mirror");
        for (V value : kernels) {
            assertEquals(value, rest.remove(name.apply(value)), kind);
        }
        assertEquals(Map.of(), rest, kind + " in the mirror only");
    }

    private static Policy policy(int number) {
        IpAddress inner = IpAddress.ofIpv4(0x0a000000 | number);
        return Policy.builder().direction(PolicyDirection.OUT)
                .selector(Selector.of(IpPrefix.host(inner), IpPrefix.ALL_IPV4)).priority(number)
                .template(Template.tunnel(Protocol.ESP, TestSas.SOURCE, TestSas.DESTINATION).withReqid(77)).build();
    }

    @Test
    void startsWithWhatIsThere() {
        kernel.add(TestSas.esp(SPI).build());
        kernel.xfrm().policies().add(policy(1));
        mirror = Mirror.open();

        assertEquals(1, mirror.sas().size());
        assertEquals(1, mirror.policies().size());
        assertAgrees();
    }

    @Test
    void holdsNoKeys() {
        mirror = Mirror.open();
        kernel.add(TestSas.esp(SPI).build());
        update();

        SecurityAssociation mirrored = mirror.sas().iterator().next();
        assertTrue(mirrored.algorithms().getFirst().key().isWiped());
        assertEquals(288, mirrored.algorithms().getFirst().key().bitLength());
        assertThrows(IllegalStateException.class, () -> kernel.sas().add(mirrored));
    }

    @Test
    void followsEveryChangeOfAnSa() {
        mirror = Mirror.open();
        SecurityAssociation sa = kernel.add(TestSas.esp(SPI).mark(new Mark(0x10, 0xff)).build());
        kernel.add(TestSas.esp(SPI).mark(new Mark(0x20, 0xff)).build());
        assertEquals(2, update().events());
        assertAgrees();

        // Of this the kernel takes the limits only, and announces all.
        kernel.sas().update(sa.toBuilder().reqid(4711).lifetime(Lifetime.UNLIMITED.withPackets(5, 6)).build());
        assertEquals(1, update().events());
        assertAgrees();
        assertEquals(sa.reqid(), mirror.sa(sa.id()).orElseThrow().reqid());

        kernel.sas().delete(sa.id());
        update();
        assertAgrees();
        assertEquals(1, mirror.sas().size());

        kernel.sas().flush(Protocol.AH);
        kernel.sas().flush(Protocol.ESP);
        update();
        assertAgrees();
        assertEquals(0, mirror.sas().size());
    }

    @Test
    void followsExpiries() {
        mirror = Mirror.open();
        SecurityAssociation sa = kernel.add(TestSas.esp(SPI)
                .lifetime(Lifetime.UNLIMITED.withSecondsSinceAdded(1, 2)).build());
        Policy policy = policy(1).toBuilder().lifetime(Lifetime.UNLIMITED.withSecondsSinceAdded(1, 2)).build();
        kernel.xfrm().policies().add(policy);
        update();
        assertAgrees();
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while ((!mirror.sas().isEmpty() || !mirror.policies().isEmpty()) && System.nanoTime() < deadline) {
            mirror.update(Duration.ofSeconds(1));
        }
        assertTrue(mirror.sa(sa.id()).isEmpty());
        assertAgrees();
        assertEquals(0, mirror.policies().size());
    }

    @Test
    void leavesOutWhatTheKernelDoesNotAnnounce() {
        mirror = Mirror.open();
        SecurityAssociation larval = kernel.sas().allocateSpi(
                SpiRequest.of(TestSas.SOURCE, TestSas.DESTINATION, Protocol.ESP, Mode.TUNNEL, 1));
        update();
        assertEquals(0, mirror.sas().size());
        // Completed, it is one like any other.
        kernel.sas().update(TestSas.esp(larval.spi()).reqid(1).build());
        update();
        assertEquals(1, mirror.sas().size());
        assertAgrees();

        // The first of IPComp in tunnel mode makes an IP tunnel beside itself.
        SecurityAssociation comp = SecurityAssociation.builder().source(TestSas.SOURCE)
                .destination(TestSas.DESTINATION).spi(0x1234).protocol(Protocol.COMP).mode(Mode.TUNNEL)
                .algorithm(Comp.deflate()).build();
        kernel.sas().add(comp);
        update();
        assertEquals(2, mirror.sas().size());
        assertEquals(3, kernel.all().size());
        try (Mirror another = Mirror.open()) {
            assertEquals(2, another.sas().size());
        }
    }

    @Test
    void followsEveryChangeOfAPolicy() {
        mirror = Mirror.open();
        kernel.xfrm().policies().add(policy(1));
        kernel.xfrm().policies().add(policy(2).toBuilder().mark(new Mark(1, 3)).ifId(7).build());
        update();
        assertEquals(2, mirror.policies().size());
        assertAgrees();
        kernel.xfrm().policies().update(policy(1).toBuilder().priority(99).build());
        update();
        assertAgrees();
        kernel.xfrm().policies().delete(policy(1).id());
        update();
        assertAgrees();
        kernel.xfrm().policies().flush();
        update();
        assertEquals(0, mirror.policies().size());
    }

    @Test
    void followsSasThatMove() {
        mirror = Mirror.open();
        List<Move> moves = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            SecurityAssociation sa = kernel.add(TestSas.esp(SPI + i)
                    .encap(i % 2 == 0 ? Encap.espInUdp(4500, 4501) : null).mark(new Mark(i % 4, 3)).build());
            Move.Builder move = Move.of(sa).source(TestSas.NEW_SOURCE6).destination(TestSas.NEW_DESTINATION6);
            moves.add((i % 3 == 0 ? move.removeEncap() : move).reqid(i).build());
        }
        update();
        new Migrator(kernel.xfrm()).move(moves);
        update();

        assertEquals(50, mirror.sas().size());
        mirror.sas().forEach(sa -> assertEquals(TestSas.NEW_DESTINATION6, sa.destination()));
        assertAgrees();
    }

    @Test
    void followsAnSaThatMovesUnderAnotherMarkThanItHas() {
        mirror = Mirror.open();
        SecurityAssociation sa = kernel.add(TestSas.esp(SPI).mark(new Mark(0x10, 0xff)).build());
        update();
        // Sent past the migrator, which would not: the kernel finds the SA through its mask, and gives it the mark of
        // the request.
        NetlinkBatch batch = kernel.xfrm().requests().newBatch(1, 4096);
        long payload = batch.begin(xfrm4j_h.XFRM_MSG_MIGRATE_STATE(), 0);
        IpAddress to = TestSas.NEW_DESTINATION;
        assertTrue(kernel.sas().read(sa.id(), decoder -> batch.end(new MigrateStateEncoder()
                .wrap(batch.segment(), payload).from(decoder).oldMark(0x10, ~0).inheritMark()
                .newDestination(to.high(), to.low()).encode())));
        kernel.xfrm().requests().execute(batch);
        assertEquals(0, batch.results().error(0), () -> batch.results().text(0));
        update();

        assertEquals(new Mark(0x10, ~0), mirror.sas().iterator().next().mark());
        assertAgrees();
    }

    @Test
    void followsPoliciesAndSasThatMoveTheOldWay() {
        mirror = Mirror.open();
        kernel.add(TestSas.esp(SPI).reqid(77).build());
        kernel.add(TestSas.esp(SPI + 1).reqid(77).build());
        kernel.add(TestSas.esp(SPI + 2).reqid(78).encap(Encap.espInUdp(4500, 4501)).build());
        Selector selector = TestSas.hostToHost(TestSas.SOURCE, TestSas.DESTINATION);
        kernel.xfrm().policies().add(Policy.builder().direction(PolicyDirection.OUT).selector(selector)
                .template(Template.tunnel(Protocol.ESP, TestSas.SOURCE, TestSas.DESTINATION).withReqid(77)).build());
        kernel.xfrm().policies().add(policy(5));
        update();
        assertAgrees();
        kernel.xfrm().migrate(LegacyMigrate.of(PolicyDirection.OUT, selector, List.of(
                new MigrateEntry(TestSas.SOURCE, TestSas.DESTINATION, TestSas.NEW_SOURCE, TestSas.NEW_DESTINATION,
                        Protocol.ESP, Mode.TUNNEL, 77))));
        update();
        assertAgrees();
        assertEquals(1, mirror.sas().stream().filter(sa -> sa.destination().equals(TestSas.NEW_DESTINATION)).count());
        assertEquals(1, mirror.policies().stream()
                .filter(policy -> policy.templates().getFirst().source().equals(TestSas.NEW_SOURCE)).count());
    }

    @Test
    void makesItselfAnewAfterFiftyThousandChangesWhileItSlept() {
        mirror = Mirror.open();
        List<SecurityAssociation> batch = new ArrayList<>();
        for (int round = 0; round < 5; round++) {
            batch.clear();
            for (int i = 0; i < 5_000; i++) {
                batch.add(TestSas.esp(0x01000000 + 5_000 * round + i).build());
            }
            assertEquals(List.of(), kernel.sas().addAll(batch));
            if (round < 4) {
                batch.forEach(sa -> assertTrue(kernel.sas().delete(sa.id())));
            }
        }
        for (int i = 0; i < 2_500; i++) {
            kernel.xfrm().policies().add(policy(i));
            kernel.xfrm().policies().update(policy(i).toBuilder().priority(i + 1).build());
        }
        Update update = update();
        while (update().events() > 0) {
            // what is left
        }

        assertTrue(update.resynchronized());
        assertEquals(update.losses(), mirror.losses());
        assertEquals(5_000, mirror.sas().size());
        assertEquals(2_500, mirror.policies().size());
        assertAgrees();
    }

    /** Starts while another thread goes on changing, loses events again and again, and is right at each end. */
    @Test
    void agreesAtTheEndHoweverEventsAndDumpsFallTogether() throws Exception {
        AtomicBoolean stop = new AtomicBoolean();
        AtomicReference<Throwable> failed = new AtomicReference<>();
        Thread changer = Thread.ofPlatform().start(() -> {
            try (Xfrm xfrm = Xfrm.open()) {
                new Changer(xfrm).run(stop);
            } catch (RuntimeException | Error e) {
                failed.set(e);
            }
        });
        try {
            Thread.sleep(300);
            mirror = Mirror.open(NetworkNamespace.current(), new SocketBuffers(16 * 1024, 1 << 20));
            long deadline = System.nanoTime() + Duration.ofSeconds(5).toNanos();
            while (System.nanoTime() < deadline) {
                mirror.update(Duration.ofMillis(10));
                Thread.sleep(5);
            }
        } finally {
            stop.set(true);
            changer.join();
        }
        while (update().events() > 0) {
            // what is left
        }
        assertEquals(null, failed.get());
        assertTrue(mirror.losses() > 0, "never lost an event: the buffer is too large for this test");
        assertFalse(mirror.sas().isEmpty());
        assertAgrees();
    }

    /** Adds, updates, moves and deletes at random, from a seed. */
    private static final class Changer {
        private final Random random = new Random(20_261_125);
        private final Xfrm xfrm;
        private final Migrator migrator;
        private final List<SecurityAssociation> sas = new ArrayList<>();
        private final List<Policy> policies = new ArrayList<>();
        private int next = 1;

        Changer(Xfrm xfrm) {
            this.xfrm = xfrm;
            this.migrator = new Migrator(xfrm);
        }

        void run(AtomicBoolean stop) {
            while (!stop.get()) {
                int choice = random.nextInt(10);
                if (sas.size() < 100 || choice < 3 && sas.size() < 400) {
                    add();
                } else if (choice < 5) {
                    xfrm.sas().delete(sas.remove(random.nextInt(sas.size())).id());
                } else if (choice < 7) {
                    move(random.nextInt(sas.size()));
                } else if (choice < 8) {
                    xfrm.sas().update(sas.get(random.nextInt(sas.size())).toBuilder()
                            .lifetime(Lifetime.UNLIMITED.withPackets(random.nextInt(1_000_000) + 1, 2_000_000))
                            .build());
                } else {
                    changePolicies();
                }
            }
        }

        private void add() {
            SecurityAssociation sa = TestSas.esp(0x02000000 + next++).mark(new Mark(next % 3, 0xff)).build();
            xfrm.sas().add(sa);
            sas.add(sa);
        }

        private void move(int index) {
            SecurityAssociation sa = sas.get(index);
            boolean away = sa.destination().equals(TestSas.DESTINATION);
            migrator.move(List.of(Move.of(sa).source(away ? TestSas.NEW_SOURCE : TestSas.SOURCE)
                    .destination(away ? TestSas.NEW_DESTINATION : TestSas.DESTINATION).build()));
            SaId id = new SaId(away ? TestSas.NEW_DESTINATION : TestSas.DESTINATION, sa.spi(), sa.protocol(),
                    sa.mark());
            sas.set(index, sa.toBuilder().id(id).source(away ? TestSas.NEW_SOURCE : TestSas.SOURCE).build());
        }

        private void changePolicies() {
            if (policies.size() < 50) {
                Policy policy = policy(next++);
                xfrm.policies().add(policy);
                policies.add(policy);
            } else if (random.nextBoolean()) {
                Policy policy = policies.get(random.nextInt(policies.size()));
                xfrm.policies().update(policy.toBuilder().priority(random.nextInt(1000)).build());
            } else {
                xfrm.policies().delete(policies.remove(random.nextInt(policies.size())).id());
            }
        }
    }
}
