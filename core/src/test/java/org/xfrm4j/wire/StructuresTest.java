package org.xfrm4j.wire;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.xfrm4j.bindings.xfrm4j_h;
import org.xfrm4j.netlink.MalformedMessageException;

/** Each structure against what C makes of it, written over memory full of 0xFF that is 4- but not 8-aligned. */
class StructuresTest {
    private static final long AT = Memory.OFFSET;
    private final MemorySegment memory = Memory.dirty(512);

    static SelectorEncoder write(SelectorEncoder selector) {
        return selector.family(Inet.AF_INET)
                .destination(0x0a020000L << 32, 0, 16)
                .source(0x0a010000L << 32, 0, 24)
                .destinationPort(443, 0xffff)
                .sourcePort(1024, 0xfc00)
                .protocol(6)
                .ifindex(7)
                .user(1000);
    }

    static SaEncoder write(SaEncoder sa) {
        write(sa.selector());
        sa.lifetime().bytes(1_000_000, 2_000_000).secondsSinceAdded(3000, 3600).secondsSinceUsed(600, 700);
        sa.usage().amount(123_456_789_012L, 5).times(1_700_000_000, 1_700_000_001);
        return sa.destination(0xc6336407L << 32, 0)
                .spi(0xc0ffee01)
                .protocol(Inet.IPPROTO_ESP)
                .source(0xc0000201L << 32, 0)
                .stats(1, 2, 3)
                .seq(0x11223344)
                .reqid(42)
                .family(Inet.AF_INET)
                .mode(1)
                .replayWindow(32)
                .flags(32);
    }

    private void assertWritten(byte[] golden, int length) {
        assertEquals(golden.length, length);
        assertArrayEquals(golden, Memory.bytes(memory, AT, golden.length));
        for (long i = 0; i < AT; i++) {
            assertEquals((byte) 0xff, memory.get(ValueLayout.JAVA_BYTE, i), "byte before it at " + i);
        }
        for (long i = AT + ((golden.length + 3) & ~3); i < memory.byteSize(); i++) {
            assertEquals((byte) 0xff, memory.get(ValueLayout.JAVA_BYTE, i), "byte behind it at " + i);
        }
    }

    @Test
    void writesASelectorAsCDoes() {
        assertWritten(GoldenBytes.SELECTOR, write(new SelectorEncoder().wrap(memory, AT)).encodedLength());
    }

    @Test
    void readsASelectorAsCDoes() {
        SelectorDecoder selector = new SelectorDecoder().wrap(Memory.of(GoldenBytes.SELECTOR), 0);
        assertEquals(Inet.AF_INET, selector.family());
        assertEquals(0x0a020000L << 32, selector.destinationHigh());
        assertEquals(0, selector.destinationLow());
        assertEquals(16, selector.destinationPrefixLength());
        assertEquals(0x0a010000L << 32, selector.sourceHigh());
        assertEquals(0, selector.sourceLow());
        assertEquals(24, selector.sourcePrefixLength());
        assertEquals(443, selector.destinationPort());
        assertEquals(0xffff, selector.destinationPortMask());
        assertEquals(1024, selector.sourcePort());
        assertEquals(0xfc00, selector.sourcePortMask());
        assertEquals(6, selector.protocol());
        assertEquals(7, selector.ifindex());
        assertEquals(1000, selector.user());
    }

    @Test
    void writesAnSaIdWithItsMarkAsCDoes() {
        SaIdEncoder id = new SaIdEncoder().wrap(memory, AT)
                .destination(0x20010db800000000L, 7)
                .spi(0xc0ffee01)
                .family(Inet.AF_INET6)
                .protocol(Inet.IPPROTO_ESP);
        id.attributes().putMark(xfrm4j_h.XFRMA_MARK(), 0x10, 0xff);
        assertWritten(GoldenBytes.SA_ID, id.encodedLength());
    }

    @Test
    void readsAnSaIdAsCDoes() {
        SaIdDecoder id = new SaIdDecoder().wrap(Memory.of(GoldenBytes.SA_ID), 0);
        assertEquals(0x20010db800000000L, id.destinationHigh());
        assertEquals(7, id.destinationLow());
        assertEquals(0xc0ffee01, id.spi());
        assertEquals(Inet.AF_INET6, id.family());
        assertEquals(Inet.IPPROTO_ESP, id.protocol());
    }

    @Test
    void writesAnSaAsCDoes() {
        assertWritten(GoldenBytes.SA, write(new SaEncoder().wrap(memory, AT)).encodedLength());
    }

    @Test
    void startsAnSaWithoutLimits() {
        new SaEncoder().wrap(memory, AT);
        SaDecoder sa = new SaDecoder().wrap(memory, AT, SaEncoder.LENGTH);
        assertEquals(LifetimeEncoder.INFINITE, sa.lifetime().softBytes());
        assertEquals(LifetimeEncoder.INFINITE, sa.lifetime().hardPackets());
        assertEquals(0, sa.lifetime().hardSecondsSinceAdded());
    }

    @Test
    void readsAnSaAsCDoes() {
        SaDecoder sa = new SaDecoder().wrap(Memory.of(GoldenBytes.SA), 0, GoldenBytes.SA.length);
        assertEquals(443, sa.selector().destinationPort());
        assertEquals(0xc6336407L << 32, sa.destinationHigh());
        assertEquals(0, sa.destinationLow());
        assertEquals(0xc0ffee01, sa.spi());
        assertEquals(Inet.IPPROTO_ESP, sa.protocol());
        assertEquals(0xc0000201L << 32, sa.sourceHigh());
        assertEquals(0, sa.sourceLow());
        assertEquals(1_000_000, sa.lifetime().softBytes());
        assertEquals(2_000_000, sa.lifetime().hardBytes());
        assertEquals(-1, sa.lifetime().softPackets());
        assertEquals(-1, sa.lifetime().hardPackets());
        assertEquals(3000, sa.lifetime().softSecondsSinceAdded());
        assertEquals(3600, sa.lifetime().hardSecondsSinceAdded());
        assertEquals(600, sa.lifetime().softSecondsSinceUsed());
        assertEquals(700, sa.lifetime().hardSecondsSinceUsed());
        assertEquals(123_456_789_012L, sa.usage().bytes());
        assertEquals(5, sa.usage().packets());
        assertEquals(1_700_000_000, sa.usage().added());
        assertEquals(1_700_000_001, sa.usage().firstUsed());
        assertEquals(1, sa.statsReplayWindow());
        assertEquals(2, sa.statsReplay());
        assertEquals(3, sa.statsIntegrityFailed());
        assertEquals(0x11223344, sa.seq());
        assertEquals(42, sa.reqid());
        assertEquals(Inet.AF_INET, sa.family());
        assertEquals(1, sa.mode());
        assertEquals(32, sa.replayWindow());
        assertEquals(32, sa.flags());
    }

    @Test
    void writesAnAeadAsCDoes() {
        AlgorithmEncoder aead = new AlgorithmEncoder().wrap(memory, AT, xfrm4j_h.XFRMA_ALG_AEAD())
                .name("rfc4106(gcm(aes))").icvLength(128).keyLength(160);
        for (int i = 0; i < 20; i++) {
            memory.set(ValueLayout.JAVA_BYTE, aead.keyOffset() + i, (byte) (i + 1));
        }
        assertWritten(GoldenBytes.AEAD, aead.encodedLength());
    }

    @Test
    void writesATruncatedAuthAsCDoes() {
        AlgorithmEncoder auth = new AlgorithmEncoder().wrap(memory, AT, xfrm4j_h.XFRMA_ALG_AUTH_TRUNC())
                .name("hmac(sha256)").icvLength(128).keyLength(24);
        MemorySegment.copy(new byte[] {1, 2, 3}, 0, memory, ValueLayout.JAVA_BYTE, auth.keyOffset(), 3);
        assertEquals(GoldenBytes.AUTH_TRUNC.length, auth.encodedLength());
        assertArrayEquals(GoldenBytes.AUTH_TRUNC, Memory.bytes(memory, AT, auth.encodedLength()));
    }

    @Test
    void writesACipherAsCDoes() {
        AlgorithmEncoder crypt = new AlgorithmEncoder().wrap(memory, AT, xfrm4j_h.XFRMA_ALG_CRYPT())
                .name("cbc(aes)").keyLength(16);
        MemorySegment.copy(new byte[] {(byte) 0xaa, (byte) 0xbb}, 0, memory, ValueLayout.JAVA_BYTE,
                crypt.keyOffset(), 2);
        assertEquals(GoldenBytes.CRYPT.length, crypt.encodedLength());
        assertArrayEquals(GoldenBytes.CRYPT, Memory.bytes(memory, AT, crypt.encodedLength()));
    }

    @Test
    void readsAnAeadAsCDoes() {
        MemorySegment segment = Memory.of(GoldenBytes.AEAD);
        AlgorithmDecoder aead = new AlgorithmDecoder()
                .wrap(segment, 0, GoldenBytes.AEAD.length, xfrm4j_h.XFRMA_ALG_AEAD());
        assertEquals("rfc4106(gcm(aes))".length(), aead.nameLength());
        assertEquals(128, aead.icvLength());
        assertEquals(160, aead.keyLength());
        assertEquals(20, aead.keyBytes());
        assertEquals(1, segment.get(ValueLayout.JAVA_BYTE, aead.keyOffset()));
        assertEquals(20, segment.get(ValueLayout.JAVA_BYTE, aead.keyOffset() + 19));
    }

    @Test
    void refusesToReadAKeyThatIsLongerThanItsAttribute() {
        byte[] bytes = GoldenBytes.AEAD.clone();
        bytes[64] = (byte) 161;
        assertMalformed("key of 161 bits does not fit into 20 bytes", () -> new AlgorithmDecoder()
                .wrap(Memory.of(bytes), 0, bytes.length, xfrm4j_h.XFRMA_ALG_AEAD()));
        bytes[64] = bytes[65] = bytes[66] = bytes[67] = (byte) 0xff;
        assertMalformed("key of 4294967295 bits", () -> new AlgorithmDecoder()
                .wrap(Memory.of(bytes), 0, bytes.length, xfrm4j_h.XFRMA_ALG_AEAD()));
    }

    @Test
    void readsANameWithoutATerminatingZero() {
        byte[] bytes = GoldenBytes.CRYPT.clone();
        for (int i = 0; i < 64; i++) {
            bytes[i] = 'x';
        }
        assertEquals(63, new AlgorithmDecoder()
                .wrap(Memory.of(bytes), 0, bytes.length, xfrm4j_h.XFRMA_ALG_CRYPT()).nameLength());
    }

    @Test
    void refusesAlgorithmNamesThatDoNotFit() {
        AlgorithmEncoder algorithm = new AlgorithmEncoder().wrap(memory, AT, xfrm4j_h.XFRMA_ALG_CRYPT());
        assertThrows(IllegalArgumentException.class, () -> algorithm.name("x".repeat(64)));
        assertThrows(IllegalArgumentException.class, () -> algorithm.name(""));
        assertThrows(IllegalArgumentException.class, () -> algorithm.name("aé"));
        assertThrows(IllegalArgumentException.class, () -> algorithm.keyLength(-1));
        assertThrows(IllegalArgumentException.class, () -> algorithm.keyLength(Integer.MAX_VALUE));
        assertThrows(IllegalStateException.class, () -> algorithm.icvLength(96));
    }

    @Test
    void writesAReplayStateAsCDoes() {
        assertWritten(GoldenBytes.REPLAY, new ReplayEncoder().wrap(memory, AT)
                .outgoing(5).incoming(6).bitmap(0x80000001).encodedLength());
        ReplayDecoder replay = new ReplayDecoder().wrap(Memory.of(GoldenBytes.REPLAY), 0);
        assertEquals(5, replay.outgoing());
        assertEquals(6, replay.incoming());
        assertEquals(0x80000001, replay.bitmap());
    }

    @Test
    void writesAnEsnReplayStateAsCDoes() {
        assertWritten(GoldenBytes.REPLAY_ESN, new ReplayEsnEncoder().wrap(memory, AT, 2)
                .outgoing(0x0123456789abcdefL).incoming(0x100000005L).replayWindow(64)
                .bitmap(0, 1).bitmap(1, 0x80000000).encodedLength());
    }

    @Test
    void readsAnEsnReplayStateAsCDoes() {
        ReplayEsnDecoder replay = new ReplayEsnDecoder()
                .wrap(Memory.of(GoldenBytes.REPLAY_ESN), 0, GoldenBytes.REPLAY_ESN.length);
        assertEquals(0x0123456789abcdefL, replay.outgoing());
        assertEquals(0x100000005L, replay.incoming());
        assertEquals(64, replay.replayWindow());
        assertEquals(2, replay.bitmapLength());
        assertEquals(1, replay.bitmap(0));
        assertEquals(0x80000000, replay.bitmap(1));
        assertThrows(IndexOutOfBoundsException.class, () -> replay.bitmap(2));
    }

    @Test
    void takesALeftOutEsnBitmapForZeros() {
        ReplayEsnDecoder replay = new ReplayEsnDecoder()
                .wrap(Memory.of(GoldenBytes.REPLAY_ESN), 0, ReplayEsnEncoder.LENGTH);
        assertEquals(2, replay.bitmapLength());
        assertEquals(0, replay.bitmap(0));
    }

    @Test
    void refusesToReadAnEsnBitmapThatIsLongerThanItsAttribute() {
        byte[] bytes = GoldenBytes.REPLAY_ESN.clone();
        bytes[0] = 3;
        assertMalformed("bmp_len of 3 words does not fit", () -> new ReplayEsnDecoder()
                .wrap(Memory.of(bytes), 0, bytes.length));
        bytes[3] = (byte) 0xff;
        assertMalformed("bmp_len of 4278190083 words", () -> new ReplayEsnDecoder()
                .wrap(Memory.of(bytes), 0, bytes.length));
    }

    @Test
    void writesAnAddressFilterAsCDoes() {
        assertWritten(GoldenBytes.ADDRESS_FILTER, new AddressFilterEncoder().wrap(memory, AT)
                .family(Inet.AF_INET)
                .source(0xc0000200L << 32, 0, 24)
                .destination(0xc6336400L << 32, 0, 25)
                .encodedLength());
    }

    @Test
    void writesASecurityContextAsCDoes() {
        assertWritten(GoldenBytes.SECURITY_CONTEXT, new SecurityContextEncoder().wrap(memory, AT)
                .domain(1).algorithm(1).label(new byte[] {'a', ':', 'b', 0}).encodedLength());
        SecurityContextDecoder context = new SecurityContextDecoder()
                .wrap(Memory.of(GoldenBytes.SECURITY_CONTEXT), 0, GoldenBytes.SECURITY_CONTEXT.length);
        assertEquals(1, context.domain());
        assertEquals(1, context.algorithm());
        assertEquals(4, context.labelLength());
        assertEquals(8, context.labelOffset());
    }

    @Test
    void refusesToReadALabelThatIsLongerThanItsAttribute() {
        byte[] bytes = GoldenBytes.SECURITY_CONTEXT.clone();
        bytes[6] = 5;
        assertMalformed("label of 5 bytes does not fit into 4 bytes", () -> new SecurityContextDecoder()
                .wrap(Memory.of(bytes), 0, bytes.length));
    }

    @Test
    void writesAFlushAsCDoes() {
        assertWritten(GoldenBytes.SA_FLUSH, new SaFlushEncoder().wrap(memory, AT)
                .protocol(Inet.IPPROTO_ESP).encodedLength());
        assertArrayEquals(new byte[] {50, 0, 0, 0}, Memory.bytes(memory, AT, 4), "padding behind it");
    }

    private static void assertMalformed(String message, Executable executable) {
        String actual = assertThrows(MalformedMessageException.class, executable).getMessage();
        assertTrue(actual.contains(message), actual);
    }
}
