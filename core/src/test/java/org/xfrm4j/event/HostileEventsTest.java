package org.xfrm4j.event;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.xfrm4j.Hostile;
import org.xfrm4j.TestSas;
import org.xfrm4j.bindings.xfrm4j_h;
import org.xfrm4j.netlink.MalformedMessageException;
import org.xfrm4j.policy.Acquire;
import org.xfrm4j.policy.KmAddress;
import org.xfrm4j.policy.LegacyMigrate;
import org.xfrm4j.policy.MigrateEntry;
import org.xfrm4j.policy.Policy;
import org.xfrm4j.policy.PolicyDirection;
import org.xfrm4j.policy.Template;
import org.xfrm4j.sa.Encap;
import org.xfrm4j.sa.Mark;
import org.xfrm4j.sa.Mode;
import org.xfrm4j.sa.Protocol;
import org.xfrm4j.sa.ReplayEsn;
import org.xfrm4j.sa.SecurityAssociation;
import org.xfrm4j.wire.AeventEncoder;
import org.xfrm4j.wire.AttributeEncoder;
import org.xfrm4j.wire.MigrateStateEncoder;
import org.xfrm4j.wire.PolicyDefaultsEncoder;
import org.xfrm4j.wire.PolicyEncoder;
import org.xfrm4j.wire.PolicyExpireEncoder;
import org.xfrm4j.wire.PolicyIdEncoder;
import org.xfrm4j.wire.SaDecoder;
import org.xfrm4j.wire.SaEncoder;
import org.xfrm4j.wire.SaExpireEncoder;
import org.xfrm4j.wire.SaIdEncoder;

/** Damaged announcements of every type: an event or the documented exception, never anything else. */
class HostileEventsTest {
    private static final int DATAGRAMS = 200_000;
    private static final Origin NOBODY = new Origin(0, 0);

    /** A message as the kernel sends it. */
    private record Message(int type, byte[] payload) {
    }

    /** Writes a payload and tells its length. */
    private interface Writer {
        int write(MemorySegment segment);
    }

    private static Message message(int type, Writer writer) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment segment = arena.allocate(4096, 8);
            return new Message(type, segment.asSlice(0, writer.write(segment)).toArray(ValueLayout.JAVA_BYTE));
        }
    }

    private static SecurityAssociation sa() {
        return TestSas.esp(0xc0ffee01).mark(new Mark(1, 3)).encap(Encap.espInUdp(4500, 4501)).replayWindow(0)
                .replay(ReplayEsn.ofWindow(64)).ifId(9).build();
    }

    private static Policy policy() {
        return Policy.builder().direction(PolicyDirection.OUT)
                .selector(TestSas.hostToHost(TestSas.SOURCE, TestSas.DESTINATION)).mark(new Mark(1, 3)).ifId(9)
                .template(Template.tunnel(Protocol.ESP, TestSas.SOURCE6, TestSas.DESTINATION6))
                .template(Template.tunnel(Protocol.AH, TestSas.SOURCE6, TestSas.DESTINATION6)).build();
    }

    private static List<Message> good() {
        SecurityAssociation sa = sa();
        Policy policy = policy();
        List<Message> good = new ArrayList<>();
        good.add(message(xfrm4j_h.XFRM_MSG_NEWSA(), segment -> sa.encode(segment, 0)));
        good.add(message(xfrm4j_h.XFRM_MSG_UPDSA(), segment -> sa.encode(segment, 0)));
        good.add(message(xfrm4j_h.XFRM_MSG_DELSA(), segment -> {
            SaIdEncoder id = new SaIdEncoder().wrap(segment, 0);
            id.attributes().putBytes(xfrm4j_h.XFRMA_SA(),
                    Arrays.copyOf(good.getFirst().payload(), SaEncoder.LENGTH));
            return sa.id().encode(id);
        }));
        good.add(message(xfrm4j_h.XFRM_MSG_EXPIRE(), segment -> {
            SaExpireEncoder expire = new SaExpireEncoder().wrap(segment, 0).hard(true);
            sa.encode(expire.state());
            return expire.encodedLength();
        }));
        good.add(new Message(xfrm4j_h.XFRM_MSG_FLUSHSA(), new byte[] {50}));
        good.add(message(xfrm4j_h.XFRM_MSG_NEWPOLICY(), segment -> policy.encode(segment, 0)));
        good.add(message(xfrm4j_h.XFRM_MSG_UPDPOLICY(), segment -> policy.encode(segment, 0)));
        good.add(message(xfrm4j_h.XFRM_MSG_DELPOLICY(), segment -> {
            PolicyIdEncoder id = new PolicyIdEncoder().wrap(segment, 0);
            id.attributes().putBytes(xfrm4j_h.XFRMA_POLICY(),
                    Arrays.copyOf(good.getLast().payload(), PolicyEncoder.LENGTH));
            return policy.id().encode(id);
        }));
        good.add(message(xfrm4j_h.XFRM_MSG_POLEXPIRE(), segment -> {
            PolicyExpireEncoder expire = new PolicyExpireEncoder().wrap(segment, 0);
            policy.encode(expire.policy());
            return expire.encodedLength();
        }));
        good.add(message(xfrm4j_h.XFRM_MSG_FLUSHPOLICY(), segment ->
                new AttributeEncoder().wrap(segment, 0).putPolicyType(1).encodedLength()));
        good.add(message(xfrm4j_h.XFRM_MSG_GETDEFAULT(), segment ->
                new PolicyDefaultsEncoder().wrap(segment, 0).in(1).forward(2).out(1).encodedLength()));
        good.add(message(xfrm4j_h.XFRM_MSG_ACQUIRE(), segment ->
                Acquire.of(policy.selector(), policy).encode(segment, 0)));
        good.add(message(xfrm4j_h.XFRM_MSG_NEWAE(), HostileEventsTest::aevent));
        good.add(new Message(xfrm4j_h.XFRM_MSG_REPORT(), new byte[60]));
        good.add(message(xfrm4j_h.XFRM_MSG_MAPPING(), segment -> {
            sa.id().encode(new SaIdEncoder().wrap(segment, 0));
            return 64;
        }));
        good.add(message(xfrm4j_h.XFRM_MSG_MIGRATE(), segment -> LegacyMigrate.of(PolicyDirection.OUT,
                policy.selector(), List.of(new MigrateEntry(TestSas.SOURCE, TestSas.DESTINATION, TestSas.NEW_SOURCE,
                        TestSas.NEW_DESTINATION, Protocol.ESP, Mode.TUNNEL, 1)))
                .withKmAddress(new KmAddress(TestSas.SOURCE, TestSas.DESTINATION))
                .withEncap(Encap.espInUdp(4500, 4501)).encode(segment, 0)));
        good.add(message(xfrm4j_h.XFRM_MSG_MIGRATE_STATE(), HostileEventsTest::migrateState));
        good.add(new Message(0x2a, new byte[] {1, 2, 3}));
        return good;
    }

    private static int aevent(MemorySegment segment) {
        SecurityAssociation sa = sa();
        AeventEncoder aevent = new AeventEncoder().wrap(segment, 0)
                .id(sa.destination().high(), sa.destination().low(), sa.spi(), sa.family().number(),
                        sa.protocol().number())
                .flags(Integer.MAX_VALUE);
        sa.replay().encode(segment, aevent.attributes());
        aevent.attributes().putBytes(xfrm4j_h.XFRMA_LTIME_VAL(), new byte[32])
                .putU32(xfrm4j_h.XFRMA_REPLAY_THRESH(), 5).putU8(xfrm4j_h.XFRMA_SA_DIR(), 1);
        return aevent.encodedLength();
    }

    private static int migrateState(MemorySegment segment) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment dumped = arena.allocate(4096, 8);
            int length = sa().encode(dumped, 0);
            MigrateStateEncoder move = new MigrateStateEncoder().wrap(segment, 0)
                    .from(new SaDecoder().wrap(dumped, 0, length));
            return move.mark(1, 3).encap(4500, 4501).outputMark(5, 7).encode();
        }
    }

    /** Exact ends: whatever reads behind the message reads behind the segment, and is seen. */
    private static XfrmEvent read(EventReader reader, MemorySegment memory, int type, byte[] payload) {
        MemorySegment.copy(payload, 0, memory, ValueLayout.JAVA_BYTE, memory.byteSize() - payload.length,
                payload.length);
        MemorySegment datagram = memory.asSlice(memory.byteSize() - payload.length);
        return reader.read(type, NOBODY, new EventReader.Place(datagram, 0, payload.length));
    }

    @Test
    void readsEveryTypeOfMessage() {
        EventReader reader = new EventReader();
        MemorySegment memory = Arena.ofAuto().allocate(4096, 8);
        List<Class<?>> types = new ArrayList<>();
        for (Message message : good()) {
            XfrmEvent event = read(reader, memory, message.type(), message.payload());
            assertFalse(event.toString().isEmpty());
            types.add(event.getClass());
        }
        assertEquals(List.of(XfrmEvent.class.getPermittedSubclasses()).size(), types.stream().distinct().count(),
                () -> "not every event: " + types);
    }

    @Test
    void givesAnEventOrTheDocumentedException() throws InterruptedException {
        List<Message> good = good();
        AtomicInteger values = new AtomicInteger();
        AtomicInteger refused = new AtomicInteger();
        Hostile.feed(DATAGRAMS, () -> {
            EventReader reader = new EventReader();
            MemorySegment memory = Arena.ofAuto().allocate(4096, 8);
            return (random, report) -> {
                Message message = good.get(random.nextInt(good.size()));
                report.reads("message " + message.type());
                try {
                    read(reader, memory, message.type(), Hostile.mutate(message.payload(), random)).toString();
                    values.incrementAndGet();
                } catch (MalformedMessageException expected) {
                    refused.incrementAndGet();
                }
            };
        });
        int all = values.get() + refused.get();
        assertTrue(values.get() > all / 20, () -> "only " + values + " were good: the mutations are too wild");
        assertTrue(refused.get() > all / 20, () -> "only " + refused + " were refused: the mutations are too tame");
    }
}
