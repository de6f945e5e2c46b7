package org.xfrm4j.event;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.xfrm4j.EmbeddedKernel;
import org.xfrm4j.Loopback;
import org.xfrm4j.TestSas;
import org.xfrm4j.migrate.Migrator;
import org.xfrm4j.migrate.Move;
import org.xfrm4j.netlink.EncapSocket;
import org.xfrm4j.policy.Acquire;
import org.xfrm4j.policy.DefaultAction;
import org.xfrm4j.policy.KmAddress;
import org.xfrm4j.policy.LegacyMigrate;
import org.xfrm4j.policy.MigrateEntry;
import org.xfrm4j.policy.Policy;
import org.xfrm4j.policy.PolicyDefaults;
import org.xfrm4j.policy.PolicyDirection;
import org.xfrm4j.policy.PolicyType;
import org.xfrm4j.policy.Template;
import org.xfrm4j.sa.Aead;
import org.xfrm4j.sa.Counters;
import org.xfrm4j.sa.Direction;
import org.xfrm4j.sa.Encap;
import org.xfrm4j.sa.Key;
import org.xfrm4j.sa.Lifetime;
import org.xfrm4j.sa.Mark;
import org.xfrm4j.sa.Mode;
import org.xfrm4j.sa.Protocol;
import org.xfrm4j.sa.ReplayState;
import org.xfrm4j.sa.SecurityAssociation;
import org.xfrm4j.sa.Selector;
import org.xfrm4j.sa.Usage;

/** Every event, by what makes the kernel announce it. */
class EventsIT {
    private static final int SPI = 0xc0ffee01;
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Lifetime UNLIMITED = Lifetime.UNLIMITED;

    @RegisterExtension
    final EmbeddedKernel kernel = new EmbeddedKernel();

    @RegisterExtension
    final Loopback loopback = new Loopback();

    private XfrmEvents events;

    @BeforeEach
    void startsWithoutPolicies() {
        kernel.xfrm().policies().flush();
    }

    @AfterEach
    void endsWithoutPolicies() {
        if (events != null) {
            events.close();
        }
        kernel.xfrm().policies().flush();
        kernel.xfrm().setDefaults(PolicyDefaults.ACCEPT);
    }

    private void listen(XfrmGroup... groups) {
        events = XfrmEvents.open(groups);
    }

    private <E extends XfrmEvent> E next(Class<E> type) {
        return assertInstanceOf(type, events.next(PATIENCE));
    }

    private void assertNothingMore() {
        assertEquals(new Nothing(), events.next(Duration.ZERO));
    }

    private Policy addPolicy(Policy policy) {
        kernel.xfrm().policies().add(policy);
        return kernel.xfrm().policies().get(policy.id()).orElseThrow();
    }

    // SAs

    @Test
    void tellsWhenAnSaIsAddedUpdatedAndDeleted() {
        listen(XfrmGroup.SA);
        SecurityAssociation sa = kernel.add(TestSas.esp(SPI).build());
        SecurityAssociation longer = sa.toBuilder().lifetime(UNLIMITED.withPackets(1_000, 2_000)).build();
        kernel.sas().update(longer);
        SecurityAssociation updated = kernel.find(sa.id()).orElseThrow();
        assertTrue(kernel.sas().delete(sa.id()));

        SaAdded added = next(SaAdded.class);
        assertEquals(sa, added.sa());
        assertNotEquals(0, added.origin().sequence());
        assertEquals(kernel.xfrm().requests().port(), added.origin().port());
        SaUpdated update = next(SaUpdated.class);
        assertEquals(longer.lifetime(), update.sa().lifetime());
        SaDeleted deleted = next(SaDeleted.class);
        assertEquals(updated, deleted.sa());
        assertTrue(deleted.origin().sequence() > added.origin().sequence());
        assertNothingMore();
    }

    @Test
    void tellsOfAnUpdateWhatWasAskedForAndNotWhatCameOfIt() {
        SecurityAssociation sa = kernel.add(TestSas.esp(SPI).build());
        listen(XfrmGroup.SA);
        kernel.sas().update(sa.toBuilder().reqid(4711).build());

        assertEquals(4711, next(SaUpdated.class).sa().reqid());
        assertEquals(sa.reqid(), kernel.find(sa.id()).orElseThrow().reqid());
    }

    @Test
    void tellsMarkAndDirectionOfADeletedSa() {
        SecurityAssociation sa = kernel.add(TestSas.esp(SPI).mark(new Mark(0x10, 0xff)).direction(Direction.IN)
                .build());
        listen(XfrmGroup.SA);
        kernel.sas().delete(sa.id());

        assertEquals(sa, next(SaDeleted.class).sa());
    }

    @Test
    void tellsWhenSasAreFlushed() {
        kernel.add(TestSas.esp(SPI).build());
        listen(XfrmGroup.SA);
        kernel.sas().flush(Protocol.ESP);
        kernel.sas().flush(Protocol.ESP);

        SaFlushed flushed = next(SaFlushed.class);
        assertTrue(flushed.covers(Protocol.ESP));
        assertFalse(flushed.covers(Protocol.AH));
        assertNothingMore();
    }

    @Test
    void tellsThatAnSaHasReachedItsLimitOfPackets() throws IOException {
        SecurityAssociation sa = kernel.add(Loopback.sa(SPI).lifetime(UNLIMITED.withPackets(2, 3)).build());
        addPolicy(Loopback.policyFor(sa).build());
        listen(XfrmGroup.EXPIRE);
        // Over loopback each packet counts twice: it goes out and comes in through the same SA.
        Loopback.send();
        Loopback.send();

        SaExpired soft = next(SaExpired.class);
        assertFalse(soft.hard());
        assertEquals(sa.id(), soft.sa().id());
        assertEquals(sa.lifetime(), soft.sa().lifetime());
        assertEquals(sa.reqid(), soft.sa().reqid());
        SaExpired hard = next(SaExpired.class);
        assertTrue(hard.hard());
        assertEquals(List.of(), hard.sa().algorithms());
        assertTrue(kernel.find(sa.id()).isEmpty());
    }

    @Test
    void tellsThatAnSaHasReachedItsLimitOfBytes() throws IOException {
        SecurityAssociation sa = kernel.add(Loopback.sa(SPI).lifetime(UNLIMITED.withBytes(100, 400)).build());
        addPolicy(Loopback.policyFor(sa).build());
        listen(XfrmGroup.EXPIRE);
        Loopback.send();
        assertFalse(next(SaExpired.class).hard());
        for (int i = 0; i < 4; i++) {
            Loopback.send();
        }
        SaExpired hard = next(SaExpired.class);
        assertTrue(hard.hard());
        assertTrue(hard.sa().usage().bytes() >= 400, () -> hard.sa().usage().toString());
    }

    @Test
    void tellsThatAnSaHasReachedItsLimitOfTime() {
        listen(XfrmGroup.EXPIRE);
        SecurityAssociation sa = kernel.add(TestSas.esp(SPI).mark(new Mark(1, 3)).direction(Direction.OUT)
                .replayWindow(0).lifetime(UNLIMITED.withSecondsSinceAdded(1, 3)).build());

        SaExpired soft = next(SaExpired.class);
        assertFalse(soft.hard());
        assertEquals(sa.id(), soft.sa().id());
        assertEquals(Direction.OUT, soft.sa().direction());
        assertTrue(next(SaExpired.class).hard());
        assertTrue(kernel.find(sa.id()).isEmpty());
    }

    @Test
    void letsAnSaExpireOnRequest() {
        SecurityAssociation sa = kernel.add(TestSas.esp(SPI).mark(new Mark(0x10, 0xff)).build());
        listen(XfrmGroup.EXPIRE, XfrmGroup.SA);
        assertTrue(kernel.sas().expire(sa.id(), false));
        assertTrue(kernel.find(sa.id()).isPresent());
        assertTrue(kernel.sas().expire(sa.id(), true));

        assertFalse(next(SaExpired.class).hard());
        assertTrue(next(SaExpired.class).hard());
        assertNothingMore(); // no SaDeleted beside it
        assertTrue(kernel.find(sa.id()).isEmpty());
        assertFalse(kernel.sas().expire(sa.id(), true));
    }

    // Acquires

    @Test
    void tellsThatAPacketNeedsAnSa() throws IOException {
        Policy policy = addPolicy(Policy.builder().direction(PolicyDirection.OUT).selector(Loopback.traffic())
                .template(Template.tunnel(Protocol.ESP, Loopback.HERE, Loopback.THERE).withReqid(77)).build());
        listen(XfrmGroup.ACQUIRE);
        Loopback.send();

        Acquire acquire = next(AcquireRaised.class).acquire();
        assertEquals(Loopback.HERE, acquire.source());
        assertEquals(Loopback.THERE, acquire.destination());
        assertEquals(Protocol.ESP, acquire.protocol());
        assertEquals(0, acquire.spi());
        assertNotEquals(0, acquire.seq());
        assertEquals(policy.id(), acquire.policy().id());
        assertEquals(policy.index(), acquire.policy().index());
        assertEquals(policy.templates(), acquire.policy().templates());
        assertEquals(5555, acquire.selector().destinationPort());
        assertEquals(Loopback.THERE, acquire.selector().destination().address());
        assertEquals(SecurityAssociation.NO_CPU, acquire.cpu());
    }

    @Test
    void tellsOuterAddressesOfAnotherFamilyThanThePackets() throws IOException {
        addPolicy(Policy.builder().direction(PolicyDirection.OUT).selector(Loopback.traffic())
                .template(Template.tunnel(Protocol.ESP, TestSas.SOURCE6, TestSas.DESTINATION6).withReqid(77)).build());
        listen(XfrmGroup.ACQUIRE);
        Loopback.send();

        Acquire acquire = next(AcquireRaised.class).acquire();
        assertEquals(TestSas.SOURCE6, acquire.source());
        assertEquals(TestSas.DESTINATION6, acquire.destination());
        assertEquals(Loopback.THERE, acquire.selector().destination().address());
    }

    @Test
    void raisesAcquiresOnRequestOneForEachTemplate() {
        Policy policy = Policy.builder().direction(PolicyDirection.OUT)
                .selector(TestSas.hostToHost(TestSas.SOURCE, TestSas.DESTINATION)).priority(7)
                .template(Template.tunnel(Protocol.ESP, TestSas.SOURCE, TestSas.DESTINATION).withReqid(1))
                .template(Template.transport(Protocol.AH).withReqid(2)).build();
        listen(XfrmGroup.ACQUIRE);
        kernel.xfrm().announcements().acquire(Acquire.of(policy.selector(), policy));

        Acquire first = next(AcquireRaised.class).acquire();
        assertEquals(Protocol.ESP, first.protocol());
        assertEquals(TestSas.DESTINATION, first.destination());
        assertEquals(policy.selector(), first.selector());
        assertEquals(7, first.policy().priority());
        assertEquals(Protocol.AH, next(AcquireRaised.class).acquire().protocol());
        assertNothingMore();
    }

    // Policies

    @Test
    void tellsWhenAPolicyIsAddedUpdatedAndDeleted() {
        Policy policy = Loopback.policyFor(Loopback.sa(SPI).build()).mark(new Mark(1, 3)).ifId(9).build();
        listen(XfrmGroup.POLICY);
        Policy first = addPolicy(policy);
        kernel.xfrm().policies().update(first.toBuilder().priority(5).build());
        Policy second = kernel.xfrm().policies().get(policy.id()).orElseThrow();
        assertTrue(kernel.xfrm().policies().delete(second.id()));

        assertEquals(first, next(PolicyAdded.class).policy());
        assertEquals(second, next(PolicyUpdated.class).policy());
        assertEquals(second, next(PolicyDeleted.class).policy());
        assertNothingMore();
    }

    @Test
    void tellsThePolicyThatWasDeletedByItsIndex() {
        Policy policy = addPolicy(Loopback.policyFor(Loopback.sa(SPI).build()).build());
        listen(XfrmGroup.POLICY);
        assertTrue(kernel.xfrm().policies().delete(policy.byIndex()));

        assertEquals(policy, next(PolicyDeleted.class).policy());
    }

    @Test
    void tellsWhenPoliciesAreFlushed() {
        addPolicy(Loopback.policyFor(Loopback.sa(SPI).build()).build());
        listen(XfrmGroup.POLICY);
        kernel.xfrm().policies().flush(PolicyType.MAIN);

        assertEquals(PolicyType.MAIN, next(PolicyFlushed.class).type());
    }

    @Test
    void tellsThatAPolicyHasReachedItsLimitOfTime() {
        listen(XfrmGroup.EXPIRE);
        Policy policy = addPolicy(Loopback.policyFor(Loopback.sa(SPI).build()).mark(new Mark(1, 3))
                .lifetime(UNLIMITED.withSecondsSinceAdded(1, 3)).build());

        PolicyExpired soft = next(PolicyExpired.class);
        assertFalse(soft.hard());
        assertEquals(policy.id(), soft.policy().id());
        assertEquals(policy.templates(), soft.policy().templates());
        PolicyExpired hard = next(PolicyExpired.class);
        assertTrue(hard.hard());
        assertEquals(policy.index(), hard.policy().index());
        assertTrue(kernel.xfrm().policies().get(policy.id()).isEmpty());
    }

    @Test
    void letsAPolicyExpireOnRequest() {
        Policy policy = addPolicy(Loopback.policyFor(Loopback.sa(SPI).build()).mark(new Mark(1, 3)).ifId(9).build());
        listen(XfrmGroup.EXPIRE, XfrmGroup.POLICY);
        assertTrue(kernel.xfrm().announcements().expire(policy.id(), false));
        assertTrue(kernel.xfrm().announcements().expire(policy.byIndex(), true));

        assertFalse(next(PolicyExpired.class).hard());
        assertTrue(next(PolicyExpired.class).hard());
        assertNothingMore(); // no PolicyDeleted beside it
        assertTrue(kernel.xfrm().policies().get(policy.id()).isEmpty());
        assertFalse(kernel.xfrm().announcements().expire(policy.id(), true));
    }

    @Test
    void tellsWhenTheDefaultsAreSet() {
        listen(XfrmGroup.POLICY);
        kernel.xfrm().setDefaults(PolicyDefaults.UNCHANGED.withForward(DefaultAction.BLOCK));

        assertEquals(PolicyDefaults.ACCEPT.withForward(DefaultAction.BLOCK), next(DefaultsChanged.class).defaults());
    }

    // Sequence numbers

    @Test
    void tellsSequenceNumbersAfterSoManyPackets() throws IOException {
        SecurityAssociation sa = kernel.add(Loopback.sa(SPI).replayThreshold(3).eventTimerThreshold(0).build());
        addPolicy(Loopback.policyFor(sa).build());
        listen(XfrmGroup.AEVENTS);
        for (int i = 0; i < 3; i++) {
            Loopback.send();
        }

        Counters counters = next(SequenceNumbersChanged.class).counters();
        assertEquals(Counters.CAUSE_REPLAY, counters.causes());
        assertEquals(sa.id(), counters.sa());
        assertEquals(sa.source(), counters.source());
        assertEquals(sa.reqid(), counters.reqid());
        assertEquals(3, assertInstanceOf(ReplayState.class, counters.replay()).outgoing());
    }

    @Test
    void tellsSequenceNumbersAfterSomeTime() throws IOException {
        SecurityAssociation sa = kernel.add(Loopback.sa(SPI).replayThreshold(0).eventTimerThreshold(1).build());
        addPolicy(Loopback.policyFor(sa).build());
        listen(XfrmGroup.AEVENTS);
        Loopback.send();
        Loopback.send();

        assertEquals(Counters.CAUSE_TIMER, next(SequenceNumbersChanged.class).counters().causes());
    }

    @Test
    void tellsWhenSequenceNumbersAreSet() {
        SecurityAssociation sa = kernel.add(TestSas.esp(SPI).mark(new Mark(0x10, 0xff)).build());
        listen(XfrmGroup.AEVENTS);
        assertTrue(kernel.sas().sequenceNumbers().set(sa.id(), new ReplayState(7, 9, 3), new Usage(10, 2, 100, 200)));

        Counters counters = next(SequenceNumbersChanged.class).counters();
        assertEquals(Counters.CAUSE_SET, counters.causes());
        assertEquals(sa.id(), counters.sa());
        assertEquals(new ReplayState(7, 9, 3), counters.replay());
        assertEquals(new Usage(10, 2, 100, 200), counters.usage());
        assertNull(counters.replayThreshold());
    }

    // NAT

    /** ESP in UDP, made here: the kernel itself would always send from the port that the SA has. */
    private static byte[] espPacket(int spi, int sequence, byte[] keyAndSalt) throws GeneralSecurityException {
        ByteBuffer header = ByteBuffer.allocate(8).putInt(spi).putInt(sequence);
        byte[] iv = {1, 2, 3, 4, 5, 6, 7, 8};
        byte[] salt = {keyAndSalt[32], keyAndSalt[33], keyAndSalt[34], keyAndSalt[35]};
        // A UDP header to port 9 (discard) without data; padding 1, 2; its length; next header UDP.
        byte[] plain = {0, 9, 0, 9, 0, 8, 0, 0, 1, 2, 2, 17};
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(keyAndSalt, 0, 32, "AES"),
                new GCMParameterSpec(128, ByteBuffer.allocate(12).put(salt).put(iv).array()));
        cipher.updateAAD(header.array());
        byte[] sealed = cipher.doFinal(plain);
        return ByteBuffer.allocate(16 + sealed.length).put(header.array()).put(iv).put(sealed).array();
    }

    @Test
    @SuppressWarnings("try") // The daemon's socket need only be there.
    void tellsThatANatHasChangedItsMind() throws IOException, GeneralSecurityException {
        byte[] key = new byte[36];
        Arrays.fill(key, (byte) 0x5a);
        SecurityAssociation sa = SecurityAssociation.builder().source(Loopback.HERE).destination(Loopback.THERE)
                .spi(SPI).mode(Mode.TRANSPORT).direction(Direction.IN).reqid(77).replayWindow(32)
                .algorithm(Aead.aesGcm(Key.of(key))).encap(Encap.espInUdp(4500, 4500)).build();
        kernel.sas().add(sa);
        listen(XfrmGroup.MAPPING);
        try (EncapSocket daemon = new EncapSocket(4500);
                DatagramSocket peer = new DatagramSocket(new InetSocketAddress(Loopback.HERE.toInetAddress(), 0))) {
            byte[] packet = espPacket(SPI, 1, key);
            peer.send(new DatagramPacket(packet, packet.length,
                    new InetSocketAddress(Loopback.THERE.toInetAddress(), 4500)));

            MappingChanged mapping = next(MappingChanged.class);
            assertEquals(sa.id(), mapping.sa());
            assertEquals(77, mapping.reqid());
            assertEquals(Loopback.HERE, mapping.oldSource());
            assertEquals(4500, mapping.oldSourcePort());
            assertEquals(Loopback.HERE, mapping.newSource());
            assertEquals(peer.getLocalPort(), mapping.newSourcePort());
        }
        assertEquals(4500, kernel.find(sa.id()).orElseThrow().encap().sourcePort());
    }

    // Migrations

    @Test
    void tellsThatAnSaHasMoved() {
        SecurityAssociation sa = kernel.add(TestSas.esp(SPI).mark(new Mark(0x10, 0xff)).direction(Direction.OUT)
                .replayWindow(0).encap(Encap.espInUdp(4500, 4501)).natKeepaliveInterval(20)
                .outputMark(new Mark(5, 7)).build());
        listen(XfrmGroup.MIGRATE);
        new Migrator(kernel.xfrm()).move(List.of(Move.of(sa).source(TestSas.NEW_SOURCE6)
                .destination(TestSas.NEW_DESTINATION6).reqid(4711).mark(new Mark(0x20, 0xff)).build()));

        StateMigrated moved = next(StateMigrated.class);
        assertEquals(sa.id(), moved.sa());
        assertEquals(kernel.xfrm().requests().port(), moved.origin().port());
        assertEquals(Direction.OUT, moved.direction());
        SecurityAssociation now = kernel.find(moved.newId()).orElseThrow();
        assertEquals(now, moved.applyTo(sa));
        assertEquals(new Mark(0x20, 0xff), now.mark());
        assertNothingMore();
    }

    @Test
    void tellsThatAnSaHasLostItsEncapsulationAsItMoved() {
        SecurityAssociation sa = kernel.add(TestSas.esp(SPI).encap(Encap.espInUdp(4500, 4501)).build());
        listen(XfrmGroup.MIGRATE);
        new Migrator(kernel.xfrm()).move(List.of(Move.of(sa).source(TestSas.NEW_SOURCE)
                .destination(TestSas.NEW_DESTINATION).removeEncap().build()));

        StateMigrated moved = next(StateMigrated.class);
        assertNull(moved.encap());
        assertEquals(kernel.find(moved.newId()).orElseThrow(), moved.applyTo(sa));
    }

    private LegacyMigrate legacyMove(MigrateEntry... entries) {
        SecurityAssociation sa = kernel.add(TestSas.esp(SPI).reqid(77).build());
        Selector selector = TestSas.hostToHost(TestSas.SOURCE, TestSas.DESTINATION);
        addPolicy(Policy.builder().direction(PolicyDirection.OUT).selector(selector)
                .template(Template.tunnel(Protocol.ESP, sa.source(), sa.destination()).withReqid(77)).build());
        listen(XfrmGroup.MIGRATE);
        return LegacyMigrate.of(PolicyDirection.OUT, selector, List.of(entries));
    }

    private static MigrateEntry entry(int reqid) {
        return new MigrateEntry(TestSas.SOURCE, TestSas.DESTINATION, TestSas.NEW_SOURCE6, TestSas.NEW_DESTINATION6,
                Protocol.ESP, Mode.TUNNEL, reqid);
    }

    @Test
    void tellsThatAPolicyAndItsSasHaveMoved() {
        LegacyMigrate move = legacyMove(entry(77), entry(78), entry(79));
        kernel.xfrm().migrate(move);

        Migrated migrated = next(Migrated.class);
        assertEquals(move, migrated.migrate());
        assertEquals(new Origin(0, 0), migrated.origin());
        assertNothingMore();
    }

    @Test
    void tellsWhereIkeGoesOnAndTheEncapsulation() {
        LegacyMigrate move = legacyMove(entry(77)).withKmAddress(new KmAddress(TestSas.SOURCE, TestSas.DESTINATION))
                .withEncap(Encap.espInUdp(4500, 4501));
        kernel.xfrm().migrate(move);

        assertEquals(move, next(Migrated.class).migrate());
    }

    @Test
    void doesNotSendWhatWouldCrashTheKernel() {
        LegacyMigrate move = legacyMove(entry(77), entry(78))
                .withKmAddress(new KmAddress(TestSas.SOURCE, TestSas.DESTINATION))
                .withEncap(Encap.espInUdp(4500, 4501));

        assertThrows(IllegalArgumentException.class, () -> kernel.xfrm().migrate(move));
        assertNothingMore();
    }

    @Test
    void belongsToTheThreadThatOpenedIt() throws InterruptedException {
        listen(XfrmGroup.SA);
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        Thread.ofPlatform().start(() -> {
            try {
                events.next(Duration.ZERO);
            } catch (RuntimeException e) {
                thrown.set(e);
            }
        }).join();
        assertInstanceOf(WrongThreadException.class, thrown.get());
        assertNothingMore();
    }

    @Test
    void refusesToListenToNothing() {
        assertThrows(IllegalArgumentException.class, XfrmEvents::open);
        listen(XfrmGroup.values());
        assertThrows(IllegalArgumentException.class, () -> events.next(Duration.ofMillis(-1)));
        assertNothingMore();
    }
}
