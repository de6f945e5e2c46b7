package org.xfrm4j.wire;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.xfrm4j.bindings.xfrm4j_h;

class MigrateStateEncoderTest {
    private static final long NEW_GATEWAY = 0xcb007109L << 32;

    private final MemorySegment memory = Memory.dirty(512);
    private final MigrateStateEncoder message = new MigrateStateEncoder().wrap(memory, Memory.OFFSET);
    private final MigrateStateDecoder decoder = new MigrateStateDecoder();

    private byte[] written() {
        return Memory.bytes(memory, Memory.OFFSET, message.encode());
    }

    private MigrateStateDecoder decode() {
        return decoder.wrap(memory, Memory.OFFSET, message.encode());
    }

    private List<Integer> attributeTypes() {
        List<Integer> types = new ArrayList<>();
        AttributeDecoder attributes = decode().attributes();
        while (attributes.next()) {
            types.add(attributes.type());
        }
        return types;
    }

    private void givenFieldByField() {
        StructuresTest.write(message
                .id(0xc6336407L << 32, 0, 0xc0ffee01, Inet.AF_INET, Inet.IPPROTO_ESP)
                .oldMark(0x10, 0xff)
                .newDestination(NEW_GATEWAY, 0)
                .newSource(0xc0000201L << 32, 0)
                .newReqid(42)
                .newFamily(Inet.AF_INET)
                .newSelector());
    }

    private void withEveryAttribute() {
        message.mark(0x20, 0xff)
                .encap(Inet.UDP_ENCAP_ESPINUDP, 4500, 4501, 0x0a000005L << 32, 0)
                .offload(3, xfrm4j_h.XFRM_OFFLOAD_INBOUND() | xfrm4j_h.XFRM_OFFLOAD_PACKET())
                .outputMark(0x1234, 0xffff)
                .natKeepalive(20)
                .mappingThreshold(30);
    }

    @Test
    void writesTheFixedPartAsCDoes() {
        givenFieldByField();
        assertArrayEquals(GoldenBytes.MIGRATE_STATE, written());
    }

    @Test
    void writesEveryAttributeAsCDoes() {
        givenFieldByField();
        withEveryAttribute();
        assertArrayEquals(GoldenBytes.concat(GoldenBytes.MIGRATE_STATE, GoldenBytes.MIGRATE_STATE_ATTRIBUTES),
                written());
        assertEquals(MigrateStateEncoder.MAX_ENCODED_LENGTH, message.encode());
    }

    @Test
    void writesNothingBeforeOrBehindTheMessage() {
        givenFieldByField();
        withEveryAttribute();
        for (long i = 0; i < memory.byteSize(); i++) {
            if (i < Memory.OFFSET || i >= Memory.OFFSET + message.encode()) {
                assertEquals((byte) 0xff, memory.get(ValueLayout.JAVA_BYTE, i), "at " + i);
            }
        }
    }

    @Test
    void makesOfADumpedSaTheMessageThatChangesNothing() {
        SaDecoder sa = new SampleSa().mark(0x10, 0xff).decode();
        message.from(sa);
        MigrateStateDecoder read = decode();
        assertEquals(0xc0ffee01, read.id().spi());
        assertEquals(Inet.AF_INET, read.id().family());
        assertEquals(Inet.IPPROTO_ESP, read.id().protocol());
        assertEquals(read.id().destinationHigh(), read.newDestinationHigh());
        assertEquals(0xc0000201L << 32, read.newSourceHigh());
        assertEquals(Inet.AF_INET, read.newFamily());
        assertEquals(42, read.newReqid());
        assertEquals(0x10, read.oldMarkValue());
        assertEquals(0xff, read.oldMarkMask());
        assertEquals(0x10, read.markValue());
        assertEquals(0xff, read.markMask());
        assertEquals(0, read.flags());
        assertEquals(List.of(xfrm4j_h.XFRMA_MARK()), attributeTypes());
        assertArrayEquals(GoldenBytes.SELECTOR,
                Memory.bytes(memory, Memory.OFFSET + MigrateStateEncoder.NEW_SEL, SelectorEncoder.LENGTH));
    }

    @Test
    void differsFromTheFieldByFieldMessageInNothingButTheMarkAttribute() {
        message.from(new SampleSa().mark(0x10, 0xff).decode()).newDestination(NEW_GATEWAY, 0).inheritMark();
        assertArrayEquals(GoldenBytes.MIGRATE_STATE, written());
    }

    @Test
    void sendsNoMarkForAnSaWithoutOne() {
        message.from(new SampleSa().decode());
        assertEquals(List.of(), attributeTypes());
        assertEquals(0, decode().oldMarkMask());
    }

    @Test
    void keepsTheMaskWhenTheMarkIsZero() {
        message.from(new SampleSa().mark(0, 0xffff).decode());
        assertEquals(0xffff, decode().oldMarkMask());
        assertTrue(decode().has(xfrm4j_h.XFRMA_MARK()));
        assertEquals(0, decode().markValue());
        assertEquals(0xffff, decode().markMask());
    }

    @Test
    void keepsNothingOfTheMessageBefore() {
        message.from(new SampleSa().mark(1, 1).decode()).removeOffload();
        withEveryAttribute();
        message.removeOffload();
        message.from(new SampleSa().decode());
        assertEquals(MigrateStateEncoder.LENGTH, message.encode());
        assertEquals(0, decode().flags());
        assertEquals(0, decode().oldMarkValue());
        message.wrap(memory, Memory.OFFSET);
        assertThrows(IllegalStateException.class, message::encode);
    }

    @Test
    void refusesAMessageThatGivesNothing() {
        assertEquals("xfrm_user_migrate_state lacks id, new_daddr, new_saddr, new_family, new_reqid, new_sel: zero "
                        + "would not mean \"keep\", so each must be given",
                assertThrows(IllegalStateException.class, message::encode).getMessage());
    }

    @Test
    void refusesAMessageThatLacksTheSelector() {
        message.id(1, 2, 3, Inet.AF_INET6, Inet.IPPROTO_ESP)
                .newDestination(1, 3).newSource(1, 4).newFamily(Inet.AF_INET6).newReqid(0);
        assertTrue(assertThrows(IllegalStateException.class, message::encode).getMessage()
                .contains("lacks new_sel:"));
        message.newSelector(new SampleSa().decode().segment(), Memory.OFFSET);
        assertEquals(MigrateStateEncoder.LENGTH, message.encode());
    }

    @Test
    void refusesAMessageThatLacksTheReqid() {
        message.id(1, 2, 3, Inet.AF_INET6, Inet.IPPROTO_ESP)
                .newDestination(1, 3).newSource(1, 4).newFamily(Inet.AF_INET6).newSelector();
        assertTrue(assertThrows(IllegalStateException.class, message::encode).getMessage()
                .contains("lacks new_reqid:"));
    }

    @Test
    void takesAHostToHostSelectorForASelectorAndZeroesTheOther() {
        message.from(new SampleSa().decode()).updateHostToHostSelector();
        assertEquals(xfrm4j_h.XFRM_MIGRATE_STATE_UPDATE_H2H_SEL(), decode().flags());
        assertArrayEquals(new byte[SelectorEncoder.LENGTH],
                Memory.bytes(memory, Memory.OFFSET + MigrateStateEncoder.NEW_SEL, SelectorEncoder.LENGTH));
        StructuresTest.write(message.newSelector());
        assertEquals(0, decode().flags());
        assertArrayEquals(GoldenBytes.SELECTOR,
                Memory.bytes(memory, Memory.OFFSET + MigrateStateEncoder.NEW_SEL, SelectorEncoder.LENGTH));
    }

    private byte[] selectorWritten() {
        message.encode();
        return Memory.bytes(memory, Memory.OFFSET + MigrateStateEncoder.NEW_SEL, SelectorEncoder.LENGTH);
    }

    @Test
    void leavesNothingInThePaddingOfACopiedSelector() {
        byte[] source = GoldenBytes.SELECTOR.clone();
        source[45] = source[46] = source[47] = (byte) 0xee;
        message.from(new SampleSa().decode()).newSelector(Memory.of(source), 0);
        assertArrayEquals(GoldenBytes.SELECTOR, selectorWritten());
    }

    @Test
    void writesASelectorOfPrefixesAsItDoesFieldByField() {
        message.from(new SampleSa().decode()).newSelector()
                .family(Inet.AF_INET6).destination(0x20010db8L << 32, 1, 128).source(0x20010db9L << 32, 2, 48);
        byte[] expected = selectorWritten();
        message.from(new SampleSa().decode())
                .newSelector(Inet.AF_INET6, 0x20010db8L << 32, 1, 128, 0x20010db9L << 32, 2, 48);
        assertArrayEquals(expected, selectorWritten());
    }

    @Test
    void takesTheSelectorThatWasGivenLast() {
        message.from(new SampleSa().decode());
        StructuresTest.write(message.newSelector());
        message.newSelector(Inet.AF_INET, 0, 0, 0, 0, 0, 0);
        assertEquals(Inet.AF_INET, decode().newSelector().family());
        assertEquals(0, decode().newSelector().sourcePort());
        StructuresTest.write(message.newSelector());
        assertArrayEquals(GoldenBytes.SELECTOR, selectorWritten());
    }

    @Test
    void putsWhatIsSetAfterwardsIntoTheMessageWhenEncodedAgain() {
        message.from(new SampleSa().decode()).encode();
        message.newReqid(7).newDestination(NEW_GATEWAY, 0);
        assertEquals(7, decode().newReqid());
        assertEquals(NEW_GATEWAY, decode().newDestinationHigh());
    }

    @Test
    void writesTypeZeroToRemoveTheEncapsulation() {
        message.from(new SampleSa().decode()).encap(4500, 4501).removeEncap();
        assertTrue(decode().has(xfrm4j_h.XFRMA_ENCAP()));
        assertArrayEquals(new byte[EncapEncoder.LENGTH],
                Memory.bytes(memory, decode().encapOffset(), EncapEncoder.LENGTH));
    }

    @Test
    void writesEspInUdpWithItsPorts() {
        message.from(new SampleSa().decode()).encap(4500, 4501);
        EncapDecoder encap = new EncapDecoder().wrap(memory, decode().encapOffset());
        assertEquals(Inet.UDP_ENCAP_ESPINUDP, encap.type());
        assertEquals(4500, encap.sourcePort());
        assertEquals(4501, encap.destinationPort());
        assertEquals(0, encap.originalAddressHigh());
        assertEquals(0, encap.originalAddressLow());
    }

    @Test
    void removesAMarkWithZeroAndZero() {
        message.from(new SampleSa().mark(0x10, 0xff).decode()).removeMark();
        assertTrue(decode().has(xfrm4j_h.XFRMA_MARK()));
        assertEquals(0, decode().markValue());
        assertEquals(0, decode().markMask());
        assertEquals(0x10, decode().oldMarkValue());
    }

    @Test
    void removesAnOutputMarkWithItsMaskSoThatZeroIsNotAMark() {
        message.from(new SampleSa().decode()).removeOutputMark();
        assertEquals(List.of(xfrm4j_h.XFRMA_SET_MARK(), xfrm4j_h.XFRMA_SET_MARK_MASK()), attributeTypes());
        assertEquals(0, decode().outputMarkValue());
        assertEquals(0, decode().outputMarkMask());
    }

    @Test
    void takesAnOutputMarkWithoutMaskForAllBits() {
        message.from(new SampleSa().decode());
        AttributeEncoder attributes = new AttributeEncoder()
                .wrap(memory, Memory.OFFSET + MigrateStateEncoder.LENGTH).putU32(xfrm4j_h.XFRMA_SET_MARK(), 5);
        decoder.wrap(memory, Memory.OFFSET, MigrateStateEncoder.LENGTH + attributes.encodedLength());
        assertEquals(5, decoder.outputMarkValue());
        assertEquals(~0, decoder.outputMarkMask());
    }

    @Test
    void neverHasAnOffloadAndItsRemovalTogether() {
        message.from(new SampleSa().decode()).removeOffload();
        assertEquals(xfrm4j_h.XFRM_MIGRATE_STATE_CLEAR_OFFLOAD(), decode().flags());
        message.offload(3, 0);
        assertEquals(0, decode().flags());
        assertEquals(3, decode().offloadIfindex());
        message.removeOffload();
        assertFalse(decode().has(xfrm4j_h.XFRMA_OFFLOAD_DEV()));
        message.inheritOffload();
        assertEquals(0, decode().flags());
    }

    @Test
    void writesZeroSecondsToRemoveKeepaliveAndThreshold() {
        message.from(new SampleSa().decode()).removeNatKeepalive().removeMappingThreshold();
        assertEquals(List.of(xfrm4j_h.XFRMA_NAT_KEEPALIVE_INTERVAL(), xfrm4j_h.XFRMA_MTIMER_THRESH()),
                attributeTypes());
        assertEquals(0, decode().natKeepaliveInterval());
        assertEquals(0, decode().mappingThreshold());
    }

    @Test
    void writesNoAttributeForWhatIsInheritedAgain() {
        givenFieldByField();
        withEveryAttribute();
        message.inheritEncap().inheritMappingThreshold().inheritMark().inheritNatKeepalive().inheritOffload()
                .inheritOutputMark();
        assertArrayEquals(GoldenBytes.MIGRATE_STATE, written());
    }

    /** Whatever the order of calls, the message is as if only the last call for each attribute had been made. */
    @Test
    void isWhatTheLastCallsMakeIt() {
        Random random = new Random(7);
        for (int round = 0; round < 20_000; round++) {
            message.wrap(memory, Memory.OFFSET);
            givenFieldByField();
            boolean[] present = new boolean[6];
            int[] value = new int[6];
            for (int call = 0; call < 12; call++) {
                int attribute = random.nextInt(6);
                present[attribute] = random.nextBoolean();
                value[attribute] = random.nextInt(0x10000);
                call(attribute, present[attribute], value[attribute]);
            }
            int length = MigrateStateEncoder.LENGTH;
            for (int i = 0; i < 6; i++) {
                length += present[i] ? new int[] {12, 28, 12, 16, 8, 8}[i] : 0;
            }
            assertEquals(length, message.encode());
            MigrateStateDecoder read = decode();
            assertEquals(present[0] ? value[0] : 0, read.markValue());
            assertEquals(present[1] ? value[1] : -1, read.encapOffset() < 0 ? -1
                    : new EncapDecoder().wrap(memory, read.encapOffset()).sourcePort());
            assertEquals(present[2] ? value[2] : 0, read.offloadIfindex());
            assertEquals(present[3] ? value[3] : 0, read.outputMarkValue());
            assertEquals(present[4] ? value[4] : 0, read.natKeepaliveInterval());
            assertEquals(present[5] ? value[5] : 0, read.mappingThreshold());
        }
    }

    private void call(int attribute, boolean set, int value) {
        switch (attribute) {
            case 0 -> {
                if (set) {
                    message.mark(value, ~0);
                } else {
                    message.inheritMark();
                }
            }
            case 1 -> {
                if (set) {
                    message.encap(value, 4500);
                } else {
                    message.inheritEncap();
                }
            }
            case 2 -> {
                if (set) {
                    message.offload(value, 0);
                } else {
                    message.inheritOffload();
                }
            }
            case 3 -> {
                if (set) {
                    message.outputMark(value, ~0);
                } else {
                    message.inheritOutputMark();
                }
            }
            case 4 -> {
                if (set) {
                    message.natKeepalive(value);
                } else {
                    message.inheritNatKeepalive();
                }
            }
            default -> {
                if (set) {
                    message.mappingThreshold(value);
                } else {
                    message.inheritMappingThreshold();
                }
            }
        }
    }
}
