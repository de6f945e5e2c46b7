package org.xfrm4j.wire;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;
import org.xfrm4j.bindings.xfrm4j_h;
import org.xfrm4j.netlink.MalformedMessageException;

class AttributesTest {
    private final MemorySegment memory = Memory.dirty(256);
    private final AttributeEncoder encoder = new AttributeEncoder().wrap(memory, Memory.OFFSET);

    private byte[] written() {
        return Memory.bytes(memory, Memory.OFFSET, encoder.encodedLength());
    }

    /** From the layout in linux/netlink.h, by hand. */
    @Test
    void padsEveryAttributeWithZeros() {
        encoder.putU8(33, 2).putU16(37, 0x1234).putFlag(38).putU32(31, 7).putU64(15, 8)
                .putBytes(99, new byte[] {1, 2, 3, 4, 5});
        assertArrayEquals(GoldenBytes.bytes(
                "0500", // nla_len
                "2100", // nla_type XFRMA_SA_DIR
                "02", // value
                "000000", // padding
                "0600", // nla_len
                "2500", // nla_type XFRMA_IPTFS_REORDER_WINDOW
                "3412", // value
                "0000", // padding
                "0400", // nla_len
                "2600", // nla_type XFRMA_IPTFS_DONT_FRAG
                "0800", // nla_len
                "1f00", // nla_type XFRMA_IF_ID
                "07000000", // value
                "0c00", // nla_len
                "0f00", // nla_type XFRMA_LASTUSED
                "0800000000000000", // value
                "0900", // nla_len
                "6300", // nla_type
                "0102030405", // value
                "000000"), // padding
                written());
        assertEquals((byte) 0xff, Memory.bytes(memory, Memory.OFFSET + encoder.encodedLength(), 1)[0]);
    }

    @Test
    void copiesBytesFromNativeMemory() {
        encoder.putBytes(99, Memory.of(new byte[] {9, 8, 7, 6}), 1, 2);
        assertArrayEquals(GoldenBytes.bytes("0600", "6300", "0807", "0000"), written());
    }

    @Test
    void writesAnAddress() {
        encoder.putAddress(xfrm4j_h.XFRMA_COADDR(), 0x20010db800000000L, 1);
        assertArrayEquals(GoldenBytes.bytes("1400", "0e00", "20010db8000000000000000000000001"), written());
    }

    @Test
    void letsTheCallerWriteInPlace() {
        long at = encoder.begin(21);
        assertEquals(Memory.OFFSET + 4, at);
        memory.set(Layouts.U8, at, (byte) 5);
        assertEquals(8, encoder.end(1).encodedLength());
        assertArrayEquals(GoldenBytes.bytes("0500", "1500", "05", "000000"), written());
    }

    @Test
    void keepsBeginAndEndInPairs() {
        assertThrows(IllegalStateException.class, () -> encoder.end(0));
        encoder.begin(21);
        assertThrows(IllegalStateException.class, () -> encoder.begin(4));
        assertThrows(IllegalStateException.class, () -> encoder.putU32(4, 0));
        assertTrue(assertThrows(IllegalStateException.class, encoder::encodedLength).getMessage()
                .startsWith("XFRMA_MARK has begun"));
        assertThrows(IllegalArgumentException.class, () -> encoder.end(-1));
        assertThrows(IllegalArgumentException.class, () -> encoder.end(65532));
    }

    @Test
    void throwsRatherThanWriteBehindTheSegment() {
        encoder.wrap(memory, memory.byteSize() - 6);
        assertThrows(IndexOutOfBoundsException.class, () -> encoder.putU32(31, 7));
    }

    @Test
    void stepsThroughAttributes() {
        encoder.putU8(33, 2).putFlag(38);
        AttributeDecoder decoder = new AttributeDecoder().wrap(memory, Memory.OFFSET, encoder.encodedLength());
        assertTrue(decoder.next());
        assertEquals(33, decoder.type());
        assertEquals(1, decoder.payloadLength());
        assertEquals(Memory.OFFSET + 4, decoder.payloadOffset());
        assertTrue(decoder.next());
        assertEquals(38, decoder.type());
        assertEquals(0, decoder.payloadLength());
        assertFalse(decoder.next());
        assertFalse(decoder.next());
    }

    private static AttributeDecoder over(String... fields) {
        byte[] bytes = GoldenBytes.bytes(fields);
        return new AttributeDecoder().wrap(Memory.of(bytes), 0, bytes.length);
    }

    @Test
    void masksTheFlagBitsOfTheType() {
        AttributeDecoder decoder = over("0400", "15c0");
        assertTrue(decoder.next());
        assertEquals(21, decoder.type());
    }

    @Test
    void takesALastAttributeWithoutItsPadding() {
        AttributeDecoder decoder = over("0500", "2100", "02");
        assertTrue(decoder.next());
        assertEquals(1, decoder.payloadLength());
        assertFalse(decoder.next());
    }

    @Test
    void ignoresUpToThreeBytesBehindTheLast() {
        AttributeDecoder decoder = over("0400", "2600", "ffffff");
        assertTrue(decoder.next());
        assertFalse(decoder.next());
    }

    @Test
    void refusesAnAttributeShorterThanItsHeader() {
        for (String length : new String[] {"0000", "0300"}) {
            AttributeDecoder decoder = over(length, "1500", "00000000");
            assertTrue(assertThrows(MalformedMessageException.class, decoder::next).getMessage()
                    .startsWith("XFRMA_MARK: attribute length of "));
            assertFalse(decoder.next(), "it must not go on, nor round in circles");
        }
    }

    @Test
    void refusesAnAttributeLongerThanWhatIsLeft() {
        AttributeDecoder decoder = over("0900", "1500", "00000000");
        assertEquals("XFRMA_MARK: attribute length of 9 where 8 bytes are left",
                assertThrows(MalformedMessageException.class, decoder::next).getMessage());
    }

    @Test
    void refusesARangeBeyondTheSegment() {
        assertThrows(MalformedMessageException.class, () -> new AttributeDecoder().wrap(Memory.of(new byte[8]), 0, 9));
        assertThrows(MalformedMessageException.class,
                () -> new AttributeDecoder().wrap(Memory.of(new byte[8]), Long.MAX_VALUE, 1));
        assertThrows(MalformedMessageException.class, () -> new AttributeDecoder().wrap(Memory.of(new byte[8]), 0, -1));
    }

    @Test
    void refusesAnSaWhoseAttributeIsShorterThanItsStructure() {
        SampleSa sample = new SampleSa().with(sa -> sa.attributes().putU32(xfrm4j_h.XFRMA_MARK(), 1));
        assertEquals("XFRMA_MARK cut short: 4 bytes, where 8 are needed",
                assertThrows(MalformedMessageException.class, sample::decode).getMessage());
    }

    @Test
    void takesTheLastOfSeveralAttributesAsTheKernelDoes() {
        SaDecoder sa = new SampleSa().mark(1, 2).mark(3, 4).decode();
        assertEquals(3, sa.markValue());
        assertEquals(4, sa.markMask());
    }

    @Test
    void findsNothingOfTheMessageBefore() {
        SaDecoder sa = new SampleSa().mark(1, 2).encap(2).decode();
        SaDecoder other = new SampleSa().decode();
        sa.wrap(other.segment(), other.offset(), SaEncoder.LENGTH);
        assertFalse(sa.has(xfrm4j_h.XFRMA_MARK()));
        assertEquals(-1, sa.encapOffset());
        assertEquals(-1, sa.attributeLength(xfrm4j_h.XFRMA_MARK()));
        assertEquals(0, sa.markMask());
        assertFalse(sa.has(1000));
        assertFalse(sa.has(-1));
    }

    @Test
    void takesAnOutputMarkWithoutMaskForAllBits() {
        SaDecoder sa = new SampleSa().with(s -> s.attributes().putU32(xfrm4j_h.XFRMA_SET_MARK(), 5)).decode();
        assertEquals(5, sa.outputMarkValue());
        assertEquals(~0, sa.outputMarkMask());
        assertEquals(0, new SampleSa().decode().outputMarkMask());
    }

    @Test
    void knowsNamesAndTellsNumbersOfTheOthers() {
        assertEquals("XFRMA_IPTFS_PKT_SIZE", XfrmAttributes.name(XfrmAttributes.MAX));
        assertEquals("XFRMA_#42", XfrmAttributes.name(XfrmAttributes.MAX + 1));
        assertEquals("XFRMA_#-1", XfrmAttributes.name(-1));
        assertEquals("XFRM_MSG_MIGRATE_STATE", XfrmMessages.name(0x29));
        assertEquals("XFRM_MSG_NEWSA", XfrmMessages.name(0x10));
        assertEquals("XFRM_MSG_#42", XfrmMessages.name(0x2a));
        for (int type = 0; type <= XfrmAttributes.MAX; type++) {
            assertTrue(XfrmAttributes.name(type).matches("XFRMA_[A-Z_]+"), XfrmAttributes.name(type));
        }
        for (int type = 0x10; type <= 0x29; type++) {
            assertTrue(XfrmMessages.name(type).matches("XFRM_MSG_[A-Z_]+"), XfrmMessages.name(type));
        }
    }
}
