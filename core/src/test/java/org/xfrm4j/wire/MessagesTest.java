package org.xfrm4j.wire;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.xfrm4j.bindings.xfrm4j_h;
import org.xfrm4j.netlink.MalformedMessageException;
import org.xfrm4j.policy.KmAddress;
import org.xfrm4j.policy.LegacyMigrate;
import org.xfrm4j.policy.MigrateEntry;
import org.xfrm4j.policy.Policy;
import org.xfrm4j.policy.PolicyDirection;
import org.xfrm4j.sa.Encap;
import org.xfrm4j.sa.IpAddress;
import org.xfrm4j.sa.Mode;
import org.xfrm4j.sa.Protocol;
import org.xfrm4j.sa.Selector;

/** The rarer messages against what C makes of them, written over memory full of 0xFF. */
class MessagesTest {
    private static final long AT = Memory.OFFSET;
    private static final int SPI = 0xc0ffee01;
    private static final long IPV4_SOURCE = 0xc0000201L << 32;
    private static final long IPV4_DESTINATION = 0xc6336407L << 32;
    private static final long IPV6 = 0x20010db800000000L;

    private final MemorySegment memory = Memory.dirty(1024);

    private void assertWritten(byte[] golden, int length) {
        assertEquals(golden.length, length);
        assertArrayEquals(golden, Memory.bytes(memory, AT, golden.length));
        for (long i = 0; i < AT; i++) {
            assertEquals((byte) 0xff, memory.get(ValueLayout.JAVA_BYTE, i), "byte before it at " + i);
        }
        for (long i = AT + golden.length; i < memory.byteSize(); i++) {
            assertEquals((byte) 0xff, memory.get(ValueLayout.JAVA_BYTE, i), "byte behind it at " + i);
        }
    }

    /** The structure alone; its attributes are put behind it, wherever its own parts end. */
    private void assertWritten(byte[] golden, int length, AttributeEncoder attributes) {
        assertWritten(golden, length);
        attributes.putU32(xfrm4j_h.XFRMA_IF_ID(), 9);
        assertArrayEquals(golden, Memory.bytes(memory, AT, golden.length));
        assertArrayEquals(GoldenBytes.bytes("0800", "1f00", "09000000"),
                Memory.bytes(memory, AT + golden.length, 8));
    }

    private static Policy goldenPolicy() {
        return Policy.from(new PolicyDecoder().wrap(Memory.of(PolicyGoldenBytes.POLICY), 0,
                PolicyGoldenBytes.POLICY.length));
    }

    /** The policy's fixed part as C has it, without an attribute. */
    private static void write(PolicyEncoder encoder) {
        Policy policy = goldenPolicy();
        policy.selector().encode(encoder.selector());
        policy.lifetime().encode(encoder.lifetime());
        policy.usage().encode(encoder.usage());
        encoder.priority(policy.priority()).index(policy.index()).direction(policy.direction().number())
                .action(policy.action().number()).flags(policy.flags()).share(policy.share().number());
    }

    @Test
    void writesARequestForAnSpi() {
        SpiRequestEncoder request = new SpiRequestEncoder().wrap(memory, AT)
                .destination(IPV4_DESTINATION, 0).source(IPV4_SOURCE, 0).family(Inet.AF_INET)
                .protocol(Inet.IPPROTO_ESP).mode(1).reqid(42).seq(0x11223344).range(0xc0000000, 0xcfffffff);

        byte[] info = Memory.bytes(memory, AT, SaEncoder.LENGTH);
        assertWritten(GoldenBytes.concat(info, MessageGoldenBytes.SPI_RANGE), request.encodedLength(),
                request.attributes());
        SaDecoder sa = new SaDecoder().wrap(memory, AT, SaEncoder.LENGTH);
        assertEquals(IPV4_DESTINATION, sa.destinationHigh());
        assertEquals(IPV4_SOURCE, sa.sourceHigh());
        assertEquals("2 50 1 42 287454020 0", sa.family() + " " + sa.protocol() + " " + sa.mode() + " " + sa.reqid()
                + " " + sa.seq() + " " + sa.spi());
    }

    @Test
    void writesAndReadsAnExpiryOfAnSa() {
        SaExpireEncoder expire = new SaExpireEncoder().wrap(memory, AT).hard(true);
        StructuresTest.write(expire.state());
        assertWritten(MessageGoldenBytes.SA_EXPIRE, expire.encodedLength(), expire.attributes());

        SaExpireDecoder decoder = new SaExpireDecoder().wrap(memory, AT, expire.encodedLength());
        assertTrue(decoder.hard());
        assertEquals(SPI, decoder.sa().spi());
        assertEquals(9, decoder.sa().ifId());
        expire.hard(false);
        assertFalse(decoder.hard());
    }

    @Test
    void writesAndReadsAnExpiryOfAPolicy() {
        PolicyExpireEncoder expire = new PolicyExpireEncoder().wrap(memory, AT).hard(true);
        write(expire.policy());
        assertWritten(MessageGoldenBytes.POLICY_EXPIRE, expire.encodedLength(), expire.attributes());

        PolicyExpireDecoder decoder = new PolicyExpireDecoder().wrap(memory, AT, expire.encodedLength());
        assertTrue(decoder.hard());
        assertEquals(25, decoder.policy().index());
        assertEquals(9, decoder.policy().ifId());
    }

    @Test
    void writesAndReadsSequenceNumbers() {
        AeventEncoder aevent = new AeventEncoder().wrap(memory, AT)
                .id(IPV4_DESTINATION, 0, SPI, Inet.AF_INET, Inet.IPPROTO_ESP).source(IPV4_SOURCE, 0)
                .flags(xfrm4j_h.XFRM_AE_RTHR() | xfrm4j_h.XFRM_AE_CR()).reqid(42);
        assertWritten(MessageGoldenBytes.AEVENT, aevent.encodedLength(), aevent.attributes());

        aevent.attributes().putMark(xfrm4j_h.XFRMA_MARK(), 0x10, 0xff).putU8(xfrm4j_h.XFRMA_SA_DIR(), 1);
        AeventDecoder decoder = new AeventDecoder().wrap(memory, AT, aevent.encodedLength());
        assertEquals(SPI, decoder.id().spi());
        assertEquals(IPV4_SOURCE, decoder.sourceHigh());
        assertEquals("17 42 9 16 255 1", decoder.flags() + " " + decoder.reqid() + " "
                + decoder.u32(xfrm4j_h.XFRMA_IF_ID(), 0) + " " + decoder.markValue() + " " + decoder.markMask() + " "
                + decoder.direction());
    }

    @Test
    void readsAReport() {
        byte[] bytes = GoldenBytes.concat(MessageGoldenBytes.REPORT,
                GoldenBytes.bytes("1400", "0e00", "20010db8000000000000000000000009")); // XFRMA_COADDR
        ReportDecoder report = new ReportDecoder().wrap(Memory.of(bytes), 0, bytes.length);
        assertEquals(60, report.protocol());
        assertEquals(443, report.selector().destinationPort());
        assertTrue(report.hasCareOfAddress());
        assertEquals(IPV6, report.careOfHigh());
        assertEquals(9, report.careOfLow());
        report.wrap(Memory.of(bytes), 0, ReportDecoder.LENGTH);
        assertFalse(report.hasCareOfAddress());
        assertEquals(0, report.careOfLow());
    }

    @Test
    void readsAMapping() {
        MappingDecoder mapping = new MappingDecoder().wrap(Memory.of(MessageGoldenBytes.MAPPING), 0,
                MessageGoldenBytes.MAPPING.length);
        assertEquals(SPI, mapping.id().spi());
        assertEquals(42, mapping.reqid());
        assertEquals(IPV4_SOURCE, mapping.oldSourceHigh());
        assertEquals(0xcb007109L << 32, mapping.newSourceHigh());
        assertEquals(4500, mapping.oldSourcePort());
        assertEquals(1025, mapping.newSourcePort());
    }

    @Test
    void writesAndReadsAnEntryOfMigrate() {
        MigrateEntry entry = MigrateEntry.from(new MigrateEntryDecoder()
                .wrap(Memory.of(MessageGoldenBytes.MIGRATE_ENTRY), 0));
        assertEquals(new MigrateEntry(IpAddress.parse("192.0.2.1"), IpAddress.parse("198.51.100.7"),
                IpAddress.parse("2001:db8::1"), IpAddress.parse("2001:db8::7"), Protocol.ESP, Mode.TUNNEL, 42), entry);
        assertWritten(MessageGoldenBytes.MIGRATE_ENTRY, entry.encode(new MigrateEntryEncoder().wrap(memory, AT)));
    }

    @Test
    void writesAndReadsTheAddressesOfIke() {
        KmAddress address = KmAddress.from(new KmAddressDecoder().wrap(Memory.of(MessageGoldenBytes.KM_ADDRESS), 0));
        assertEquals(new KmAddress(IpAddress.parse("2001:db8::1"), IpAddress.parse("2001:db8::7")), address);
        assertWritten(MessageGoldenBytes.KM_ADDRESS, address.encode(new KmAddressEncoder().wrap(memory, AT)));
    }

    @Test
    void writesAndReadsAnAcquire() {
        AcquireEncoder acquire = new AcquireEncoder().wrap(memory, AT)
                .id(IPV4_DESTINATION, 0, SPI, Inet.IPPROTO_ESP).source(IPV4_SOURCE, 0)
                .algorithms(0x11, 0x22, 0x33).seq(0x11223344);
        StructuresTest.write(acquire.selector());
        write(acquire.policy());
        assertWritten(MessageGoldenBytes.ACQUIRE, acquire.encodedLength(), acquire.attributes());

        acquire.attributes().putU32(xfrm4j_h.XFRMA_SA_PCPU(), 3);
        AcquireDecoder decoder = new AcquireDecoder().wrap(memory, AT, acquire.encodedLength());
        assertEquals(IPV4_DESTINATION, decoder.destinationHigh());
        assertEquals(IPV4_SOURCE, decoder.sourceHigh());
        assertEquals("-1056969215 50 443 25 9 17 34 51 287454020 3", decoder.spi() + " " + decoder.protocol() + " "
                + decoder.selector().destinationPort() + " " + decoder.policy().index() + " "
                + decoder.policy().ifId() + " " + decoder.integrityAlgorithms() + " "
                + decoder.encryptionAlgorithms() + " " + decoder.compressionAlgorithms() + " " + decoder.seq() + " "
                + decoder.cpu());
    }

    @Test
    void readsAnnouncementsOfDeletionsWhoseStructureStandsInAnAttribute() {
        AttributeEncoder attributes = new AttributeEncoder().wrap(memory, AT + SaIdEncoder.LENGTH);
        SaIdEncoder.write(memory, AT, IPV4_DESTINATION, 0, SPI, Inet.AF_INET, Inet.IPPROTO_ESP);
        attributes.putBytes(xfrm4j_h.XFRMA_SA(), GoldenBytes.SA).putU32(xfrm4j_h.XFRMA_IF_ID(), 9);
        SaDeletionDecoder sa = new SaDeletionDecoder()
                .wrap(memory, AT, SaIdEncoder.LENGTH + attributes.encodedLength());
        assertEquals(SPI, sa.id().spi());
        assertEquals(42, sa.sa().reqid());
        assertEquals(9, sa.sa().ifId());
        assertThrows(MalformedMessageException.class,
                () -> new SaDeletionDecoder().wrap(memory, AT, SaIdEncoder.LENGTH));

        new PolicyIdEncoder().wrap(memory, AT).index(25).direction(1);
        attributes.wrap(memory, AT + PolicyIdEncoder.LENGTH)
                .putBytes(xfrm4j_h.XFRMA_POLICY(), PolicyGoldenBytes.POLICY).putU32(xfrm4j_h.XFRMA_IF_ID(), 9);
        PolicyDeletionDecoder policy = new PolicyDeletionDecoder()
                .wrap(memory, AT, PolicyIdEncoder.LENGTH + attributes.encodedLength());
        assertEquals(25, policy.id().index());
        assertEquals(25, policy.policy().index());
        assertEquals(9, policy.policy().ifId());
        assertThrows(MalformedMessageException.class,
                () -> new PolicyDeletionDecoder().wrap(memory, AT, PolicyIdEncoder.LENGTH));
    }

    private static LegacyMigrate move() {
        MigrateEntry entry = MigrateEntry.from(new MigrateEntryDecoder()
                .wrap(Memory.of(MessageGoldenBytes.MIGRATE_ENTRY), 0));
        MigrateEntry other = new MigrateEntry(entry.oldSource(), entry.oldDestination(), entry.newSource(),
                entry.newDestination(), Protocol.AH, Mode.TRANSPORT, 0);
        return LegacyMigrate.of(PolicyDirection.OUT,
                Selector.from(new SelectorDecoder().wrap(Memory.of(GoldenBytes.SELECTOR), 0)), List.of(entry, other));
    }

    @Test
    void readsTheEntriesOfOneAttributeAndThoseOfSeveral() {
        LegacyMigrate move = move().withEncap(Encap.espInUdp(4500, 4501)).withIfId(9);
        int length = move.encode(memory, AT);
        assertEquals(move, LegacyMigrate.from(new MigrateDecoder().wrap(memory, AT, length)));

        // As the kernel announces it.
        AttributeEncoder attributes = new AttributeEncoder().wrap(memory, AT + PolicyIdEncoder.LENGTH);
        for (MigrateEntry entry : move.entries()) {
            attributes.end(entry.encode(new MigrateEntryEncoder()
                    .wrap(memory, attributes.begin(xfrm4j_h.XFRMA_MIGRATE()))));
        }
        length = PolicyIdEncoder.LENGTH + attributes.encodedLength();
        assertEquals(move(), LegacyMigrate.from(new MigrateDecoder().wrap(memory, AT, length)));
    }

    @Test
    void refusesAMigrateWithoutEntriesOrWithTooManyOrWithAPartOfOne() {
        new PolicyIdEncoder().wrap(memory, AT);
        assertMalformed(0, 0);
        assertMalformed(1, MigrateEntryEncoder.LENGTH + 4);
        assertMalformed(7, MigrateEntryEncoder.LENGTH);
        assertMalformed(1, 7 * MigrateEntryEncoder.LENGTH);
    }

    private void assertMalformed(int count, int bytes) {
        AttributeEncoder attributes = new AttributeEncoder().wrap(memory, AT + PolicyIdEncoder.LENGTH);
        for (int i = 0; i < count; i++) {
            attributes.putBytes(xfrm4j_h.XFRMA_MIGRATE(), new byte[bytes]);
        }
        assertThrows(MalformedMessageException.class, () -> new MigrateDecoder()
                .wrap(memory, AT, PolicyIdEncoder.LENGTH + attributes.encodedLength()));
    }

    @Test
    void doesNotMakeAMigrateThatTheKernelWouldRefuse() {
        MigrateEntry entry = move().entries().getFirst();
        Selector selector = move().selector();
        assertThrows(IllegalArgumentException.class,
                () -> LegacyMigrate.of(PolicyDirection.OUT, selector, List.of()));
        assertThrows(IllegalArgumentException.class,
                () -> LegacyMigrate.of(PolicyDirection.OUT, selector, List.of(entry, entry)));
        assertThrows(IllegalArgumentException.class,
                () -> LegacyMigrate.of(PolicyDirection.SOCKET_OUT, selector, List.of(entry)));
        List<MigrateEntry> seven = IntStream.range(1, 8).mapToObj(reqid -> new MigrateEntry(
                entry.oldSource(), entry.oldDestination(), entry.newSource(), entry.newDestination(),
                entry.protocol(), entry.mode(), reqid)).toList();
        assertEquals("migrate entries: 7 is not between 1 and 6", assertThrows(IllegalArgumentException.class,
                () -> LegacyMigrate.of(PolicyDirection.OUT, selector, seven)).getMessage());
        assertEquals(6, LegacyMigrate.of(PolicyDirection.OUT, selector, seven.subList(0, 6)).entries().size());
        MigrateEntry nowhere = new MigrateEntry(entry.oldSource(), entry.oldDestination(), IpAddress.ANY_IPV4,
                entry.oldDestination(), Protocol.ESP, Mode.TUNNEL, 0);
        assertThrows(IllegalArgumentException.class,
                () -> LegacyMigrate.of(PolicyDirection.OUT, selector, List.of(nowhere)));
    }
}
