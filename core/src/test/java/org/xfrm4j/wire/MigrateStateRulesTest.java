package org.xfrm4j.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.xfrm4j.bindings.xfrm4j_h;

/** Each rule: refused with field and value, and taken where it just holds. */
class MigrateStateRulesTest {
    private static final int IN = xfrm4j_h.XFRM_SA_DIR_IN();
    private static final int OUT = xfrm4j_h.XFRM_SA_DIR_OUT();
    private static final long NEW_GATEWAY = 0xcb007109L << 32;

    private final MemorySegment memory = Memory.dirty(512);
    private final MigrateStateEncoder message = new MigrateStateEncoder().wrap(memory, Memory.OFFSET);
    private SaDecoder sa = new SampleSa().decode();

    private String reason(Consumer<MigrateStateEncoder> change) {
        change.accept(message.from(sa).newDestination(NEW_GATEWAY, 0));
        return MigrateStateRules.reasonToRefuse(decode(), sa);
    }

    private MigrateStateDecoder decode() {
        return decode(message.encode());
    }

    private MigrateStateDecoder decode(int length) {
        return new MigrateStateDecoder().wrap(memory, Memory.OFFSET, length);
    }

    private void assertTaken(Consumer<MigrateStateEncoder> change) {
        assertNull(reason(change));
        assertNull(MigrateStateRules.reasonToRefuse(decode()));
    }

    /** Refused by the message alone. */
    private void assertRefused(String reason, Consumer<MigrateStateEncoder> change) {
        assertEquals(reason, reason(change));
        assertEquals(reason, MigrateStateRules.reasonToRefuse(decode()));
    }

    /** Refused only where the SA is known. */
    private void assertRefusedForTheSa(String reason, Consumer<MigrateStateEncoder> change) {
        assertEquals(reason, reason(change));
        assertNull(MigrateStateRules.reasonToRefuse(decode()));
    }

    /** Refused although the encoder would not write such a message: a field overwritten behind it. */
    private void assertPokedIsRefused(String reason, Consumer<MigrateStateEncoder> change, long offset, int value) {
        change.accept(message.from(sa).newDestination(NEW_GATEWAY, 0));
        int length = message.encode();
        memory.set(Layouts.U16_HOST, Memory.OFFSET + offset, (short) value);
        assertEquals(reason, MigrateStateRules.reasonToRefuse(decode(length), sa));
        assertEquals(reason, MigrateStateRules.reasonToRefuse(decode(length)));
    }

    @Test
    void takesAPlainMove() {
        assertTaken(move -> { });
    }

    @Test
    void refusesSpiZero() {
        assertRefused("id.spi: Invalid SPI 0x0",
                move -> move.id(0xc6336407L << 32, 0, 0, Inet.AF_INET, Inet.IPPROTO_ESP));
    }

    @Test
    void refusesOtherProtocols() {
        assertRefused("id.proto: 0 is neither ESP (50), AH (51) nor IPComp (108)",
                move -> move.id(0xc6336407L << 32, 0, 0xc0ffee01, Inet.AF_INET, 0));
    }

    @Test
    void refusesOtherFamilies() {
        assertRefused("id.family: 0 is neither AF_INET nor AF_INET6",
                move -> move.id(0xc6336407L << 32, 0, 0xc0ffee01, 0, Inet.IPPROTO_ESP));
        assertRefused("new_family: 0 is neither AF_INET nor AF_INET6", move -> move.newFamily(0));
        assertRefused("new_family: 7 is neither AF_INET nor AF_INET6", move -> move.newFamily(7));
    }

    @Test
    void refusesAReservedFieldThatIsNotZero() {
        assertPokedIsRefused("reserved: 5 where it must be 0", move -> { }, MigrateStateEncoder.RESERVED, 5);
    }

    @Test
    void refusesUnknownFlags() {
        assertPokedIsRefused("flags: Unknown flags: 0x8", move -> { }, MigrateStateEncoder.FLAGS, 8);
    }

    @Test
    void refusesOffloadTogetherWithItsRemovalWhichTheKernelTakesSilently() {
        assertPokedIsRefused("flags: CLEAR_OFFLOAD together with XFRMA_OFFLOAD_DEV, which would win",
                move -> move.offload(3, 0), MigrateStateEncoder.FLAGS, xfrm4j_h.XFRM_MIGRATE_STATE_CLEAR_OFFLOAD());
        assertTaken(MigrateStateEncoder::removeOffload);
    }

    @Test
    void refusesUnknownOffloadFlags() {
        assertRefused("XFRMA_OFFLOAD_DEV: unknown flags 0x8", move -> move.offload(3, 8));
    }

    @Test
    void refusesOffloadThatDoesNotFitTheDirection() {
        sa = new SampleSa().direction(OUT).decode();
        assertRefusedForTheSa("XFRMA_OFFLOAD_DEV: flags 0x2 do not fit the SA's direction",
                move -> move.offload(3, xfrm4j_h.XFRM_OFFLOAD_INBOUND()));
        assertTaken(move -> move.offload(3, 0));
        sa = new SampleSa().direction(IN).decode();
        assertRefusedForTheSa("XFRMA_OFFLOAD_DEV: flags 0x0 do not fit the SA's direction",
                move -> move.offload(3, 0));
        assertTaken(move -> move.offload(3, xfrm4j_h.XFRM_OFFLOAD_INBOUND()));
    }

    @Test
    void refusesIncomingOffloadWithAnInterfaceId() {
        sa = new SampleSa().with(s -> s.attributes().putU32(xfrm4j_h.XFRMA_IF_ID(), 9)).decode();
        assertRefusedForTheSa("XFRMA_OFFLOAD_DEV: incoming, with if_id 0x9",
                move -> move.offload(3, xfrm4j_h.XFRM_OFFLOAD_INBOUND()));
        assertTaken(move -> move.offload(3, 0));
    }

    @Test
    void refusesOffloadWithTfcPadding() {
        sa = new SampleSa().with(s -> s.attributes().putU32(xfrm4j_h.XFRMA_TFCPAD(), 100)).decode();
        assertRefusedForTheSa("XFRMA_OFFLOAD_DEV: TFC padding cannot be offloaded", move -> move.offload(3, 0));
    }

    @Test
    void refusesPrefixesThatAreTooLong() {
        assertRefused("new_sel.prefixlen_d: 33 of at most 32",
                move -> move.newSelector().family(Inet.AF_INET).destination(0, 0, 33));
        assertRefused("new_sel.prefixlen_s: 33 of at most 32",
                move -> move.newSelector().family(Inet.AF_INET).source(0, 0, 33));
        assertRefused("new_sel.prefixlen_s: 129 of at most 128",
                move -> move.newSelector().family(Inet.AF_INET6).source(0, 0, 129));
        assertTaken(move -> move.newSelector().family(Inet.AF_INET).source(0, 0, 32).destination(0, 0, 32));
        assertTaken(move -> move.newSelector().family(Inet.AF_INET6).source(0, 0, 128).destination(0, 0, 128));
        assertRefused("new_sel.family: 7 is neither AF_INET, AF_INET6 nor AF_UNSPEC",
                move -> move.newSelector().family(7));
    }

    @Test
    void refusesASelectorWithoutFamilyForAnSaThatMayNotHaveOne() {
        sa = new SampleSa().with(s -> s.flags(0)).decode();
        assertRefusedForTheSa("new_sel.family: AF_UNSPEC would widen the selector to both families",
                MigrateStateEncoder::newSelector);
        sa = new SampleSa().with(s -> s.flags(xfrm4j_h.XFRM_STATE_AF_UNSPEC())).decode();
        assertTaken(MigrateStateEncoder::newSelector);
    }

    @Test
    void refusesAChangeOfFamilyOutsideTunnelModes() {
        sa = new SampleSa().with(s -> s.mode(xfrm4j_h.XFRM_MODE_TRANSPORT())).decode();
        Consumer<MigrateStateEncoder> toIpv6 = move -> move.newFamily(Inet.AF_INET6)
                .newDestination(0x20010db800000000L, 1).newSource(0x20010db800000000L, 2);
        assertRefusedForTheSa("new_sel.family: 2 with new_family 10, which only tunnel modes can accommodate", toIpv6);
        int[] tunnelModes = {xfrm4j_h.XFRM_MODE_TUNNEL(), xfrm4j_h.XFRM_MODE_BEET(), xfrm4j_h.XFRM_MODE_IPTFS()};
        for (int mode : tunnelModes) {
            sa = new SampleSa().with(s -> s.mode(mode)).decode();
            assertTaken(toIpv6);
        }
    }

    @Test
    void refusesHostToHostWhereTheSelectorIsNot() {
        assertRefusedForTheSa(
                "flags: UPDATE_H2H_SEL, but the SA's selector is not that of its two addresses alone",
                MigrateStateEncoder::updateHostToHostSelector);
        sa = new SampleSa().hostToHost().decode();
        assertTaken(MigrateStateEncoder::updateHostToHostSelector);
    }

    @Test
    void refusesEncapsulationOfOtherTypes() {
        assertRefused("XFRMA_ENCAP: type 7, only ESP in UDP (2) and none (0) are supported",
                move -> move.encap(Inet.TCP_ENCAP_ESPINTCP, 1, 2, 0, 0));
        assertTaken(move -> move.encap(4500, 4500));
        assertTaken(MigrateStateEncoder::removeEncap);
    }

    @Test
    void refusesEncapsulationOfOtherProtocols() {
        sa = new SampleSa().with(s -> s.protocol(Inet.IPPROTO_AH)).decode();
        assertRefused("XFRMA_ENCAP: protocol 51 cannot be encapsulated, only ESP can",
                move -> move.encap(4500, 4500));
        assertTaken(MigrateStateEncoder::removeEncap);
    }

    @Test
    void refusesKeepaliveWithoutEncapsulation() {
        sa = new SampleSa().direction(OUT).decode();
        assertRefusedForTheSa("XFRMA_NAT_KEEPALIVE_INTERVAL: 20 s without encapsulation",
                move -> move.natKeepalive(20));
        assertRefused("XFRMA_NAT_KEEPALIVE_INTERVAL: 20 s without encapsulation",
                move -> move.natKeepalive(20).removeEncap());
        assertTaken(MigrateStateEncoder::removeNatKeepalive);
        assertTaken(move -> move.natKeepalive(20).encap(4500, 4500));
        sa = new SampleSa().direction(OUT).encap(Inet.UDP_ENCAP_ESPINUDP).decode();
        assertTaken(move -> move.natKeepalive(20));
    }

    @Test
    void refusesKeepaliveOfAnSaThatIsNotOutgoing() {
        sa = new SampleSa().direction(IN).encap(Inet.UDP_ENCAP_ESPINUDP).decode();
        assertRefusedForTheSa("XFRMA_NAT_KEEPALIVE_INTERVAL: 20 s, but the SA's direction is not out",
                move -> move.natKeepalive(20));
        sa = new SampleSa().encap(Inet.UDP_ENCAP_ESPINUDP).decode();
        assertRefusedForTheSa("XFRMA_NAT_KEEPALIVE_INTERVAL: 20 s, but the SA's direction is not out",
                move -> move.natKeepalive(20));
    }

    @Test
    void refusesKeepaliveWithInheritedEspInTcp() {
        sa = new SampleSa().direction(OUT).encap(Inet.TCP_ENCAP_ESPINTCP).decode();
        assertRefusedForTheSa("XFRMA_NAT_KEEPALIVE_INTERVAL: encapsulation of type 7 is not ESP in UDP",
                move -> move.natKeepalive(20));
    }

    @Test
    void refusesAThresholdOnAnOutputSaEvenOfZero() {
        sa = new SampleSa().direction(OUT).encap(Inet.UDP_ENCAP_ESPINUDP).decode();
        assertRefusedForTheSa("XFRMA_MTIMER_THRESH: 30 s on an output SA", move -> move.mappingThreshold(30));
        assertRefusedForTheSa("XFRMA_MTIMER_THRESH: 0 s on an output SA",
                MigrateStateEncoder::removeMappingThreshold);
        sa = new SampleSa().direction(IN).encap(Inet.UDP_ENCAP_ESPINUDP).decode();
        assertTaken(move -> move.mappingThreshold(30));
    }

    @Test
    void refusesAThresholdWithoutEncapsulationEvenOfZero() {
        sa = new SampleSa().direction(IN).decode();
        assertRefusedForTheSa(
                "XFRMA_MTIMER_THRESH: 30 s without encapsulation; it goes with the encapsulation by itself",
                move -> move.mappingThreshold(30));
        assertRefused("XFRMA_MTIMER_THRESH: 0 s without encapsulation; it goes with the encapsulation by itself",
                move -> move.removeMappingThreshold().removeEncap());
        assertTaken(move -> move.mappingThreshold(30).encap(4500, 4500));
    }

    @Test
    void refusesAMarkThatNothingCanMatch() {
        assertRefused("XFRMA_MARK: value 0x100 has bits outside its mask 0xff, which the kernel would drop",
                move -> move.mark(0x100, 0xff));
        sa = new SampleSa().mark(0x100, 0xff).decode();
        assertTaken(move -> { });
    }

    @Test
    void refusesAnOldMarkThatIsNotExactlyTheSas() {
        sa = new SampleSa().mark(0x10, 0xff).decode();
        assertRefusedForTheSa("old_mark: 0x10/0xffffffff where the SA has 0x10/0xff", move -> move.oldMark(0x10, ~0));
    }

    @Test
    void refusesAMessageForAnotherSa() {
        assertRefusedForTheSa("id: does not name the SA, spi 0x1 where the SA has 0xc0ffee01",
                move -> move.id(0xc6336407L << 32, 0, 1, Inet.AF_INET, Inet.IPPROTO_ESP));
    }

    @Test
    void refusesAddressesThatWereForgotten() {
        assertRefused("new_daddr: the unspecified address", move -> move.newDestination(0, 0));
        assertRefusedForTheSa("new_saddr: the unspecified address", move -> move.newSource(0, 0));
    }

    @Test
    void refusesAttributesThatCannotBeChanged() {
        message.from(sa).encode();
        AttributeEncoder attributes = new AttributeEncoder()
                .wrap(memory, Memory.OFFSET + MigrateStateEncoder.LENGTH);
        for (int type : new int[] {xfrm4j_h.XFRMA_SA_DIR(), xfrm4j_h.XFRMA_IF_ID(), 63, 64, 200}) {
            attributes.wrap(memory, Memory.OFFSET + MigrateStateEncoder.LENGTH).putU32(type, 1);
            String reason = MigrateStateRules.reasonToRefuse(new MigrateStateDecoder()
                    .wrap(memory, Memory.OFFSET, MigrateStateEncoder.LENGTH + attributes.encodedLength()), sa);
            assertEquals(XfrmAttributes.name(type) + ": not accepted, it cannot be changed", reason);
        }
        attributes.wrap(memory, Memory.OFFSET + MigrateStateEncoder.LENGTH)
                .putU32(xfrm4j_h.XFRMA_SET_MARK_MASK(), 1);
        assertTrue(MigrateStateRules.reasonToRefuse(new MigrateStateDecoder()
                .wrap(memory, Memory.OFFSET, MigrateStateEncoder.LENGTH + attributes.encodedLength()))
                .startsWith("XFRMA_SET_MARK_MASK: ignored without"));
    }

    @Test
    void comparesOnlyTheFirstFourBytesOfIpv4Addresses() {
        memory.fill((byte) 0);
        int length = message.from(sa).encode();
        // As another program may have installed it: rubbish behind the address, which the kernel does not look at.
        memory.set(ValueLayout.JAVA_BYTE, Memory.OFFSET + 9, (byte) 1);
        assertNull(MigrateStateRules.reasonToRefuse(decode(length), sa));
    }
}
