package org.xfrm4j.sa;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.xfrm4j.bindings.xfrm4j_h;
import org.xfrm4j.netlink.MalformedMessageException;
import org.xfrm4j.wire.AttributeDecoder;
import org.xfrm4j.wire.SaDecoder;
import org.xfrm4j.wire.SaEncoder;
import org.xfrm4j.wire.SaIdDecoder;
import org.xfrm4j.wire.SaIdEncoder;

class SecurityAssociationTest {
    private static final Key GCM_KEY = Key.ofHex("000102030405060708090a0b0c0d0e0f10111213");
    private static final Key KEY = Key.ofHex("000102030405060708090a0b0c0d0e0f");
    private static final Replay OUTGOING_ESN = new ReplayEsn(0x1_0000_0002L, 0, 0, List.of());

    private final MemorySegment memory = Arena.ofAuto().allocate(4096, 8).fill((byte) 0xff);

    private static SecurityAssociationBuilder esp() {
        return SecurityAssociation.builder()
                .source("192.0.2.1")
                .destination("198.51.100.7")
                .spi(0xc0ffee01)
                .reqid(42)
                .algorithm(Aead.aesGcm(GCM_KEY));
    }

    private static SecurityAssociationBuilder ah() {
        SecurityAssociation sa = esp().build();
        return SecurityAssociation.builder().id(sa.id()).source(sa.source()).protocol(Protocol.AH)
                .algorithm(new Auth("hmac(sha1)", KEY, 96));
    }

    private SecurityAssociation reread(SecurityAssociation sa) {
        int length = sa.encode(memory, 4);
        return SecurityAssociation.from(new SaDecoder().wrap(memory, 4, length));
    }

    private void assertSurvives(SecurityAssociation sa) {
        SecurityAssociation read = reread(sa);
        assertEquals(sa, read);
        assertEquals(sa.hashCode(), read.hashCode());
        assertEquals(sa.toString(), read.toString());
        byte[] first = memory.asSlice(4, sa.encode(memory, 4)).toArray(ValueLayout.JAVA_BYTE);
        byte[] again = memory.asSlice(1000, read.encode(memory, 1000)).toArray(ValueLayout.JAVA_BYTE);
        assertArrayEquals(first, again, "written again, it is the same bytes");
    }

    @Test
    void survivesAsItIs() {
        assertSurvives(esp().build());
        assertSurvives(ah().build());
        assertSurvives(esp().source("2001:db8::1").destination("2001:db8::7").build());
        assertSurvives(esp().source("2001:db8::1").destination("2001:db8::7").selector(Selector.ALL_IPV4).build());
    }

    @Test
    void survivesWithEveryFieldOfAnOutgoingSa() {
        assertSurvives(esp()
                .direction(Direction.OUT)
                .mark(new Mark(0x10, 0xff))
                .selector(Selector.of(IpPrefix.parse("10.1.0.0/16"), IpPrefix.parse("10.2.0.1"))
                        .withProtocol(6).withSourcePort(0x400, 0xfc00).withDestinationPort(443, 0xffff).withIfindex(3))
                .seq(7)
                .flags(SecurityAssociation.FLAG_ESN | SecurityAssociation.FLAG_NO_ECN
                        | SecurityAssociation.FLAG_NO_PMTU_DISCOVERY)
                .extraFlags(SecurityAssociation.EXTRA_FLAG_DONT_ENCAP_DSCP)
                .ifId(0x8000_0001)
                .cpu(3)
                .lifetime(Lifetime.UNLIMITED.withBytes(1, 2).withPackets(3, 4).withSecondsSinceAdded(5, 6)
                        .withSecondsSinceUsed(7, 8))
                .replay(OUTGOING_ESN)
                .encap(new Encap(Encap.ESP_IN_UDP, 4500, 4501, IpAddress.parse("10.0.0.5")))
                .natKeepaliveInterval(20)
                .outputMark(new Mark(0x20, 0xffff))
                .tfcPadding(1200)
                .offload(new Offload(5, Offload.PACKET))
                .careOfAddress(IpAddress.parse("203.0.113.1"))
                .securityContext(SecurityContext.selinux("system_u:object_r:ipsec_spd_t:s0"))
                .replayThreshold(0)
                .eventTimerThreshold(10)
                .initialUsage(new Usage(1L << 40, 2, 3, 4))
                .otherAttribute(new RawAttribute(200, new byte[] {1, 2, 3, 4, 5}))
                .build());
    }

    @Test
    void survivesWithEveryFieldOfAnIncomingSa() {
        assertSurvives(esp()
                .direction(Direction.IN)
                .flags(SecurityAssociation.FLAG_AF_UNSPEC | SecurityAssociation.FLAG_DECAP_DSCP)
                .selector(Selector.ALL)
                .replay(new ReplayEsn(0, 0xffff_ffffL, 64, List.of(-1, 0x80000000)))
                .encap(Encap.espInUdp(4500, 4500))
                .mappingThreshold(30)
                .offload(new Offload(5, Offload.INBOUND))
                .build());
        assertSurvives(esp().replayWindow(32).replay(new ReplayState(1, 2, 0x80000001)).build());
    }

    @Test
    void survivesWithEveryKindOfAlgorithm() {
        SecurityAssociation sa = ah().protocol(Protocol.ESP).mode(Mode.TRANSPORT).algorithm(Crypt.aesCbc(KEY)).build();
        assertEquals(2, sa.algorithms().size());
        assertSurvives(sa);
        assertSurvives(ah().protocol(Protocol.ESP).algorithm(new Auth("hmac(sha1)", KEY, 0)).build());
        assertSurvives(ah().protocol(Protocol.ESP).algorithm(Crypt.cipherNull()).build());
        assertSurvives(SecurityAssociation.builder().source("192.0.2.1").destination("192.0.2.2").spi(0xffff)
                .protocol(Protocol.COMP).algorithm(Comp.deflate()).build());
    }

    @Test
    void survivesInBeetAndIptfsMode() {
        assertSurvives(esp().mode(Mode.BEET).build());
        assertSurvives(esp().mode(Mode.IPTFS).direction(Direction.OUT)
                .iptfs(Iptfs.outgoing(true, 1, 2, 3)).build());
        assertSurvives(esp().mode(Mode.IPTFS).direction(Direction.IN).iptfs(Iptfs.incoming(1, 2)).build());
        assertSurvives(esp().mode(Mode.IPTFS).direction(Direction.OUT)
                .iptfs(Iptfs.outgoing(false, 0, null, null)).build());
    }

    @Test
    void survivesAsMobileIpv6RouteOptimization() {
        assertSurvives(SecurityAssociation.builder().source("2001:db8::1").destination("2001:db8::2")
                .protocol(Protocol.ROUTING).mode(Mode.ROUTE_OPTIMIZATION)
                .careOfAddress(IpAddress.parse("2001:db8::3")).build());
    }

    @Test
    void keepsTheMaskWhenTheMarkIsZero() {
        SecurityAssociation sa = esp().mark(new Mark(0, 0xff)).outputMark(new Mark(0, 0xf)).build();
        assertSurvives(sa);
        assertEquals(0xff, reread(sa).mark().mask());
        assertEquals(0xf, reread(sa).outputMark().mask());
    }

    @Test
    void leavesOutWhatItDoesNotHave() {
        int length = esp().build().encode(memory, 4);
        AttributeDecoder attributes = new SaDecoder().wrap(memory, 4, length).attributes();
        assertTrue(attributes.next());
        assertEquals(xfrm4j_h.XFRMA_ALG_AEAD(), attributes.type());
        assertFalse(attributes.next());
    }

    @Test
    void writesAMoreThanFullBatchAsAnException() {
        assertThrows(IndexOutOfBoundsException.class, () -> esp().build().encode(memory, memory.byteSize() - 100));
    }

    @Test
    void takesTheTruncatedFormOfAnAlgorithmThatADumpTellsTwice() {
        SaEncoder encoder = new SaEncoder().wrap(memory, 4).family(2).protocol(51).spi(1);
        new Auth("hmac(sha256)", KEY, 0).encode(memory, encoder.attributes());
        new Auth("hmac(sha256)", KEY, 128).encode(memory, encoder.attributes());
        SecurityAssociation sa = SecurityAssociation.from(new SaDecoder().wrap(memory, 4, encoder.encodedLength()));
        assertEquals(List.of(new Auth("hmac(sha256)", KEY, 128)), sa.algorithms());
    }

    @Test
    void readsAnSaThatWaitsForAnIkeDaemon() {
        SaEncoder encoder = new SaEncoder().wrap(memory, 4).family(10).protocol(50).mode(1);
        SecurityAssociation sa = SecurityAssociation.from(new SaDecoder().wrap(memory, 4, encoder.encodedLength()));
        assertEquals(0, sa.spi());
        assertEquals(IpAddress.ANY_IPV6, sa.destination());
        assertNull(sa.replay());
    }

    @Test
    void readsAModeThatItDoesNotKnowAndDoesNotBuildOne() {
        SaEncoder encoder = new SaEncoder().wrap(memory, 4).family(2).protocol(50).mode(9).spi(1);
        SecurityAssociation sa = SecurityAssociation.from(new SaDecoder().wrap(memory, 4, encoder.encodedLength()));
        assertTrue(sa.toString().contains("mode 9"));
        assertRefused("mode: 9 is not supported", builder -> builder.mode(new Mode(9)));
    }

    @Test
    void tellsWhichSaIsMalformed() {
        SaEncoder encoder = new SaEncoder().wrap(memory, 4).family(3).protocol(50).spi(0xabc);
        assertEquals("SA spi 0x00000abc: family: 3 is neither AF_INET nor AF_INET6",
                assertThrows(MalformedMessageException.class, () -> SecurityAssociation.from(
                        new SaDecoder().wrap(memory, 4, encoder.encodedLength()))).getMessage());
    }

    @Test
    void cannotBeWrittenOnceItsKeysAreWiped() {
        SecurityAssociation sa = reread(esp().build());
        sa.wipeKeys();
        assertEquals("key: wiped, it cannot be used any more",
                assertThrows(IllegalStateException.class, () -> sa.encode(memory, 4)).getMessage());
        esp().build().encode(memory, 4);
    }

    @Test
    void printsAsIpXfrmDoesWithoutTheKey() {
        assertEquals("""
                src 192.0.2.1 dst 198.51.100.7
                \tproto esp spi 0xc0ffee01 reqid 42 mode tunnel
                \treplay-window 0 flag nopmtudisc esn extra_flag dont-encap-dscp
                \tmark 0x10/0xff output-mark 0x20/0xffff
                \taead rfc4106(gcm(aes)) <key> (160 bits) 128
                \tencap type espinudp sport 4500 dport 4500 addr 0.0.0.0
                \tanti-replay esn context: seq-hi 0x0, seq 0x0, oseq-hi 0x1, oseq 0x2, replay_window 0, bitmap-length 0
                \tif_id 0x8
                \tnat-keepalive-interval 20
                \tdir out
                \tXFRMA_#200 (1 bytes)
                \tsel src 10.1.0.0/16 dst 10.2.0.1/32 proto 6 dport 443
                \tlimit: bytes soft 1000 hard (INF)""", esp()
                .direction(Direction.OUT)
                .flags(SecurityAssociation.FLAG_ESN | SecurityAssociation.FLAG_NO_PMTU_DISCOVERY)
                .extraFlags(SecurityAssociation.EXTRA_FLAG_DONT_ENCAP_DSCP)
                .mark(new Mark(0x10, 0xff))
                .outputMark(new Mark(0x20, 0xffff))
                .encap(Encap.espInUdp(4500, 4500))
                .replay(OUTGOING_ESN)
                .ifId(8)
                .natKeepaliveInterval(20)
                .otherAttribute(new RawAttribute(200, new byte[] {1}))
                .selector(Selector.of(IpPrefix.parse("10.1.0.0/16"), IpPrefix.parse("10.2.0.1"))
                        .withProtocol(6).withDestinationPort(443, 0xffff))
                .lifetime(Lifetime.UNLIMITED.withBytes(1000, Lifetime.INFINITE))
                .build().toString());
    }

    @Test
    void startsABuilderFromAnSaWithAllOfIt() {
        SecurityAssociation sa = esp().direction(Direction.OUT).replay(OUTGOING_ESN).ifId(4).tfcPadding(5).build();
        assertEquals(sa, sa.toBuilder().build());
        assertEquals(9, sa.toBuilder().reqid(9).build().reqid());
    }

    @Test
    void namesAnSaWithItsMark() {
        SaId id = SaId.of(IpAddress.parse("198.51.100.7"), 0xc0ffee01, Protocol.ESP);
        assertEquals("esp spi 0xc0ffee01 → 198.51.100.7", id.toString());
        assertEquals(24, id.encode(new SaIdEncoder().wrap(memory, 4)));
        assertEquals(id, SaId.from(new SaIdDecoder().wrap(memory, 4), Mark.NONE));
        SaId marked = id.withMark(new Mark(0, 1));
        assertEquals("esp spi 0xc0ffee01 → 198.51.100.7 mark 0x0/0x1", marked.toString());
        assertEquals(24 + 12, marked.encode(new SaIdEncoder().wrap(memory, 4)));
        AttributeDecoder attributes = new AttributeDecoder().wrap(memory, 4 + 24, 12);
        assertTrue(attributes.next());
        assertEquals(xfrm4j_h.XFRMA_MARK(), attributes.type());
    }

    @Test
    void refusesToNameAnSaWithoutAnSpi() {
        assertEquals("spi: 0x00000000 names no SA", assertThrows(IllegalArgumentException.class,
                () -> SaId.of(IpAddress.parse("198.51.100.7"), 0, Protocol.ESP)).getMessage());
    }

    private static void assertRefused(String message, UnaryOperator<SecurityAssociationBuilder> change) {
        assertRefused(message, esp(), change);
    }

    private static void assertRefused(String message, SecurityAssociationBuilder good,
            UnaryOperator<SecurityAssociationBuilder> change) {
        good.build();
        SecurityAssociationBuilder bad = change.apply(good);
        assertEquals(message, assertThrows(IllegalArgumentException.class, bad::build).getMessage());
    }

    @Test
    void refusesWhatNamesNoSa() {
        assertRefused("spi: 0x00000000 names no SA", sa -> sa.spi(0));
        assertRefused("source: 2001:db8::1 and destination 198.51.100.7 of different families",
                sa -> sa.source("2001:db8::1"));
        assertRefused("proto: 6 is not one of SAs", sa -> sa.protocol(new Protocol(6)));
        assertRefused("mark: 0x100/0xff has bits outside its mask, which the kernel drops",
                sa -> sa.mark(new Mark(0x100, 0xff)));
        assertEquals("source: missing", assertThrows(NullPointerException.class,
                () -> SecurityAssociation.builder().destination("192.0.2.1").spi(1).build()).getMessage());
    }

    @Test
    void refusesSelectorsThatTheModeCannotHave() {
        assertRefused("selector: no family, which needs the flag af-unspec (src ::/0 dst ::/0)",
                sa -> sa.selector(Selector.ALL));
        assertRefused("selector: src ::/0 dst ::/0, of another family than the SA in transport mode",
                sa -> sa.selector(Selector.ALL_IPV6).mode(Mode.TRANSPORT));
        assertEquals("selector: source 10.0.0.0/8 and destination ::/0 of different families",
                assertThrows(IllegalArgumentException.class,
                        () -> Selector.of(IpPrefix.parse("10.0.0.0/8"), IpPrefix.ALL_IPV6)).getMessage());
        assertEquals("selector source port: 65536 is not between 0 and 65535",
                assertThrows(IllegalArgumentException.class,
                        () -> Selector.ALL_IPV4.withSourcePort(65536, 0xffff)).getMessage());
        assertEquals("prefix length: 33 is not between 0 and 32", assertThrows(IllegalArgumentException.class,
                () -> new IpPrefix(IpAddress.ANY_IPV4, 33)).getMessage());
    }

    @Test
    void refusesAlgorithmsThatTheProtocolCannotHave() {
        assertRefused("algorithms: aead together with auth or enc", sa -> sa.algorithm(Crypt.aesCbc(KEY)));
        assertRefused("algorithms: comp with esp", sa -> sa.algorithm(Comp.deflate()));
        assertRefused("algorithms: ah needs an auth algorithm", sa -> sa.protocol(Protocol.AH));
        assertRefused("algorithms: ah takes an auth algorithm only", ah(), sa -> sa.algorithm(Crypt.aesCbc(KEY)));
        assertRefused("algorithms: comp needs a comp algorithm", sa -> sa.protocol(Protocol.COMP).spi(1));
        assertRefused("spi: 0x00010000 is larger than 0xffff, the largest CPI of IPComp",
                sa -> sa.protocol(Protocol.COMP).spi(0x10000));
        assertEquals("algorithms: esp needs an aead, auth or enc algorithm",
                assertThrows(IllegalArgumentException.class, () -> SecurityAssociation.builder()
                        .source("192.0.2.1").destination("192.0.2.2").spi(1).build()).getMessage());
        assertThrows(IllegalArgumentException.class, () -> new Crypt("", KEY));
        assertThrows(IllegalArgumentException.class, () -> new Crypt("x".repeat(64), KEY));
    }

    @Test
    void refusesReplayWindowsThatDoNotFit() {
        assertRefused("replay window: 33 packets; more than 32 need ReplayEsn", sa -> sa.replayWindow(33));
        assertRefused("flags: esn needs ReplayEsn", sa -> sa.flags(SecurityAssociation.FLAG_ESN));
        assertRefused("replay window: 32 packets, where ReplayEsn has its own",
                sa -> sa.replayWindow(32).replay(ReplayEsn.ofWindow(64)));
        assertRefused("replay window: 32 packets on an outgoing SA",
                sa -> sa.replayWindow(32).direction(Direction.OUT));
        assertRefused("replay: a window, or numbers received, on an outgoing SA",
                sa -> sa.replay(ReplayEsn.ofWindow(64)).direction(Direction.OUT));
        assertRefused("replay: numbers sent on an incoming SA", sa -> sa.replay(OUTGOING_ESN).direction(Direction.IN));
        assertThrows(IllegalArgumentException.class, () -> new ReplayEsn(0, 0, 33, List.of(0)));
        assertThrows(IllegalArgumentException.class, () -> ReplayEsn.ofWindow(ReplayEsn.MAX_WINDOW + 1));
        assertEquals(2, ReplayEsn.ofWindow(33).bitmap().size());
    }

    @Test
    void refusesNatOptionsThatDoNotFit() {
        assertRefused("nat keepalive interval: 20 s without ESP in UDP", sa -> sa.natKeepaliveInterval(20));
        assertRefused("nat keepalive interval: 20 s, only outgoing SAs (direction out) have one",
                sa -> sa.natKeepaliveInterval(20).encap(Encap.espInUdp(1, 2)));
        assertRefused("mapping threshold: 30 s without encapsulation", sa -> sa.mappingThreshold(30));
        assertRefused("mapping threshold: 30 s on an outgoing SA",
                sa -> sa.mappingThreshold(30).encap(Encap.espInUdp(1, 2)).direction(Direction.OUT));
        assertRefused("encap: ah cannot be encapsulated, only esp can", ah(), sa -> sa.encap(Encap.espInUdp(1, 2)));
        assertThrows(IllegalArgumentException.class, () -> Encap.espInUdp(65536, 1));
    }

    @Test
    void refusesOptionsOfOtherModesAndDirections() {
        assertRefused("tfc padding: 5 bytes, only esp in tunnel mode has it",
                sa -> sa.tfcPadding(5).mode(Mode.TRANSPORT));
        assertRefused("iptfs: iptfs-opts dont-frag in tunnel mode",
                sa -> sa.iptfs(Iptfs.outgoing(true, null, null, null)));
        assertRefused("direction: missing, iptfs needs it", sa -> sa.mode(Mode.IPTFS));
        assertRefused("direction: missing, an SA for cpu 2 needs it", sa -> sa.cpu(2));
        assertRefused("flags: 0x2 is for incoming SAs",
                sa -> sa.direction(Direction.OUT).flags(SecurityAssociation.FLAG_DECAP_DSCP));
        assertRefused("flags: nopmtudisc is for outgoing SAs",
                sa -> sa.direction(Direction.IN).flags(SecurityAssociation.FLAG_NO_PMTU_DISCOVERY));
        assertRefused("extra flags: 0x2 is for outgoing SAs",
                sa -> sa.direction(Direction.IN).extraFlags(SecurityAssociation.EXTRA_FLAG_OSEQ_MAY_WRAP));
        assertRefused("iptfs: iptfs-opts dont-frag of outgoing SAs on an incoming one", sa -> sa.mode(Mode.IPTFS)
                .direction(Direction.IN).iptfs(Iptfs.outgoing(true, null, null, null)));
        assertRefused("iptfs: iptfs-opts drop-time 1 of incoming SAs on an outgoing one", sa -> sa.mode(Mode.IPTFS)
                .direction(Direction.OUT).iptfs(Iptfs.incoming(1, null)));
    }

    @Test
    void knowsTheNumbersOfItsEnums() {
        for (AddressFamily family : AddressFamily.values()) {
            assertEquals(family, AddressFamily.of(family.number()));
        }
        assertEquals(Direction.IN, Direction.of(xfrm4j_h.XFRM_SA_DIR_IN()));
        assertEquals(Direction.OUT, Direction.of(xfrm4j_h.XFRM_SA_DIR_OUT()));
        assertThrows(IllegalArgumentException.class, () -> Direction.of(3));
        assertEquals("beet", Mode.BEET.toString());
        assertEquals("iptfs", Mode.IPTFS.toString());
    }
}
