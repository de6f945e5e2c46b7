package org.xfrm4j.migrate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.ValueLayout;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.xfrm4j.EmbeddedKernel;
import org.xfrm4j.TestSas;
import org.xfrm4j.bindings.xfrm4j_h;
import org.xfrm4j.netlink.EventSocket;
import org.xfrm4j.netlink.EventSocket.Found;
import org.xfrm4j.netlink.NetlinkBatch;
import org.xfrm4j.netlink.SocketBuffers;
import org.xfrm4j.sa.AddressFamily;
import org.xfrm4j.sa.Direction;
import org.xfrm4j.sa.Encap;
import org.xfrm4j.sa.IpAddress;
import org.xfrm4j.sa.Mark;
import org.xfrm4j.sa.Mode;
import org.xfrm4j.sa.ReplayState;
import org.xfrm4j.sa.SaId;
import org.xfrm4j.sa.SecurityAssociation;
import org.xfrm4j.sa.Selector;
import org.xfrm4j.wire.EncapDecoder;
import org.xfrm4j.wire.MigrateStateDecoder;
import org.xfrm4j.wire.MigrateStateEncoder;

/** What the kernel tells those who listen to XFRMNLGRP_MIGRATE. */
class NotificationIT {
    private static final int SPI = 0xc0ffee01;
    private static final long PATIENCE_MILLIS = 5_000;
    /** From an {@code nlmsghdr}'s payload back to its {@code nlmsg_seq}. */
    private static final long SEQUENCE_BEFORE_PAYLOAD = 8;

    @RegisterExtension
    final EmbeddedKernel kernel = new EmbeddedKernel();

    private final MigrateStateDecoder told = new MigrateStateDecoder();
    private EventSocket events;

    @BeforeEach
    void listens() {
        events = EventSocket.open(xfrm4j_h.NETLINK_XFRM(), SocketBuffers.DEFAULT, xfrm4j_h.XFRMNLGRP_MIGRATE());
    }

    @AfterEach
    void listensNoLonger() {
        events.close();
    }

    private MigrateStateDecoder next() {
        assertEquals(Found.MESSAGE, events.next(PATIENCE_MILLIS));
        assertEquals(xfrm4j_h.XFRM_MSG_MIGRATE_STATE(), events.type());
        return told.wrap(events.segment(), events.payloadOffset(), events.payloadLength());
    }

    private void move(Move move) {
        MoveResult result = new Migrator(kernel.xfrm()).move(List.of(move)).getFirst();
        MoveCheck.assertMoved(result);
        assertNull(result.warning(), "somebody listens");
    }

    private static SaId oldName(MigrateStateDecoder message) {
        return SaId.from(message.id(), new Mark(message.oldMarkValue(), message.oldMarkMask()));
    }

    private static IpAddress newDestination(MigrateStateDecoder message) {
        return IpAddress.ofWire(AddressFamily.of(message.newFamily()), message.newDestinationHigh(),
                message.newDestinationLow());
    }

    private static IpAddress newSource(MigrateStateDecoder message) {
        return IpAddress.ofWire(AddressFamily.of(message.newFamily()), message.newSourceHigh(),
                message.newSourceLow());
    }

    private void assertNothingMore() {
        assertEquals(Found.NOTHING, events.next(0));
    }

    @Test
    void tellsOldAndNewPlaceAndNothingThatTheSaDoesNotHave() {
        SecurityAssociation sa = kernel.add(TestSas.inUse(TestSas.esp(SPI)).build());
        move(Move.of(sa).source(TestSas.NEW_SOURCE6).destination(TestSas.NEW_DESTINATION6).reqid(4711).build());

        MigrateStateDecoder message = next();

        assertEquals(sa.id(), oldName(message));
        assertEquals(TestSas.NEW_SOURCE6, newSource(message));
        assertEquals(TestSas.NEW_DESTINATION6, newDestination(message));
        assertEquals(4711, message.newReqid());
        assertEquals(sa.selector(), Selector.from(message.newSelector()));
        assertEquals(0, message.flags());
        assertEquals(0, message.reserved());
        assertFalse(message.attributes().next(), "attributes of an SA that has none of them");
        assertEquals(0, message.direction());
        assertNothingMore();
    }

    @Test
    void tellsTheSelectorThatTheKernelDerived() {
        SecurityAssociation sa = kernel.add(TestSas.inUse(TestSas.esp(SPI)).mode(Mode.TRANSPORT)
                .selector(TestSas.hostToHost(TestSas.SOURCE, TestSas.DESTINATION).withProtocol(17)).build());
        move(Move.of(sa).source(TestSas.NEW_SOURCE6).destination(TestSas.NEW_DESTINATION6).hostToHostSelector()
                .build());

        MigrateStateDecoder message = next();

        assertEquals(TestSas.hostToHost(TestSas.NEW_SOURCE6, TestSas.NEW_DESTINATION6).withProtocol(17),
                Selector.from(message.newSelector()));
        assertEquals(xfrm4j_h.XFRM_MIGRATE_STATE_UPDATE_H2H_SEL(), message.flags());
    }

    @Test
    void tellsTheAttributesThatWereSet() {
        SecurityAssociation sa = kernel.add(TestSas.esp(SPI).direction(Direction.OUT).replayWindow(0)
                .mark(new Mark(1, 0xf)).build());
        move(Move.of(sa).destination(TestSas.NEW_DESTINATION)
                .mark(new Mark(0x20, 0xff)).outputMark(new Mark(3, 0xffff)).natKeepalive(25)
                .encap(new Encap(Encap.ESP_IN_UDP, 4500, 61_234, IpAddress.parse("10.0.0.1"))).build());

        MigrateStateDecoder message = next();

        assertEquals(sa.id(), oldName(message));
        assertEquals(new Mark(0x20, 0xff), new Mark(message.markValue(), message.markMask()));
        assertEquals(new Mark(3, 0xffff), new Mark(message.outputMarkValue(), message.outputMarkMask()));
        assertEquals(25, message.natKeepaliveInterval());
        assertEquals(Encap.ESP_IN_UDP, message.encapType());
        EncapDecoder encap = new EncapDecoder().wrap(message.segment(), message.encapOffset());
        assertEquals(4500, encap.sourcePort());
        assertEquals(61_234, encap.destinationPort());
        assertEquals(IpAddress.parse("10.0.0.1"), IpAddress.ofWire(AddressFamily.INET, encap.originalAddressHigh(),
                encap.originalAddressLow()));
        assertEquals(Direction.OUT.number(), message.direction());
        assertFalse(message.has(xfrm4j_h.XFRMA_MTIMER_THRESH()));
        assertFalse(message.has(xfrm4j_h.XFRMA_OFFLOAD_DEV()));
    }

    @Test
    void tellsTheAttributesThatWereInherited() {
        SecurityAssociation sa = kernel.add(TestSas.inUse(TestSas.esp(SPI)).direction(Direction.IN)
                .replay(new ReplayState(0, 1, 1)).extraFlags(0).outputMark(new Mark(3, 0xffff))
                .encap(Encap.espInUdp(4500, 4501)).mappingThreshold(60).build());
        move(Move.of(sa).destination(TestSas.NEW_DESTINATION).build());

        MigrateStateDecoder message = next();

        assertEquals(new Mark(3, 0xffff), new Mark(message.outputMarkValue(), message.outputMarkMask()));
        assertEquals(60, message.mappingThreshold());
        assertEquals(Encap.ESP_IN_UDP, message.encapType());
        assertEquals(4501, new EncapDecoder().wrap(message.segment(), message.encapOffset()).destinationPort());
        assertEquals(Direction.IN.number(), message.direction());
        assertFalse(message.has(xfrm4j_h.XFRMA_NAT_KEEPALIVE_INTERVAL()));
        assertFalse(message.has(xfrm4j_h.XFRMA_MARK()));
    }

    @Test
    void tellsThatEncapsulationWasRemoved() {
        SecurityAssociation sa = kernel.add(TestSas.inUse(TestSas.esp(SPI)).encap(Encap.espInUdp(4500, 4501)).build());
        move(Move.of(sa).destination(TestSas.NEW_DESTINATION).removeEncap().build());

        MigrateStateDecoder message = next();

        assertTrue(message.has(xfrm4j_h.XFRMA_ENCAP()));
        assertEquals(0, message.encapType());
    }

    @Test
    void carriesTheSequenceNumberOfTheRequest() {
        List<SecurityAssociation> sas = List.of(kernel.add(TestSas.esp(SPI).build()),
                kernel.add(TestSas.esp(SPI + 1).build()), kernel.add(TestSas.esp(SPI + 2).build()));
        NetlinkBatch batch = kernel.xfrm().requests().newBatch(sas.size(), 4096);
        batch.clear();
        for (SecurityAssociation sa : sas) {
            MigrateStateEncoder move = new MigrateStateEncoder()
                    .wrap(batch.segment(), batch.begin(xfrm4j_h.XFRM_MSG_MIGRATE_STATE(), 0));
            MoveEncoder.encode(Move.of(sa).destination(TestSas.NEW_DESTINATION).build(), move);
            batch.end(move.encode());
        }

        kernel.xfrm().requests().execute(batch);

        assertEquals(0, batch.results().failures());
        for (int i = 0; i < sas.size(); i++) {
            assertEquals(sas.get(i).id(), oldName(next()));
            assertEquals(batch.segment().get(ValueLayout.JAVA_INT_UNALIGNED,
                    batch.payloadOffset(i) - SEQUENCE_BEFORE_PAYLOAD), events.sequence());
        }
        assertNothingMore();
    }

    /** One who listens keeps up with a stream from the same thread, though the two go over different sockets. */
    @Test
    void tellsOfEachMoveOnceAndInOrder() {
        int count = 200;
        for (int i = 0; i < count; i++) {
            kernel.sas().add(TestSas.esp(SPI + i).build());
        }
        List<SecurityAssociation> sas = kernel.all();
        new Migrator(kernel.xfrm()).move(sas.stream()
                .map(sa -> Move.of(sa).destination(TestSas.NEW_DESTINATION).build()).toList());

        assertEquals(sas.stream().map(SecurityAssociation::id).toList(),
                sas.stream().map(sa -> oldName(next())).toList());
        assertNothingMore();
    }

    @Test
    void doesNotTellOfARefusedMove() {
        SecurityAssociation sa = kernel.add(TestSas.esp(SPI).build());
        kernel.add(TestSas.esp(SPI).destination(TestSas.NEW_DESTINATION).build());

        MoveResult result = new Migrator(kernel.xfrm())
                .move(List.of(Move.of(sa).destination(TestSas.NEW_DESTINATION).build())).getFirst();

        assertEquals(Outcome.REJECTED, result.outcome());
        assertNothingMore();
    }
}
