package org.xfrm4j;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import com.sun.management.ThreadMXBean;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.management.ManagementFactory;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collections;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.xfrm4j.bindings.xfrm4j_h;
import org.xfrm4j.migrate.Migrator;
import org.xfrm4j.migrate.Move;
import org.xfrm4j.migrate.Outcome;
import org.xfrm4j.netlink.Errno;
import org.xfrm4j.netlink.ObservedSocket;
import org.xfrm4j.netlink.SocketBuffers;
import org.xfrm4j.sa.AddressFamily;
import org.xfrm4j.sa.Aead;
import org.xfrm4j.sa.Algorithm;
import org.xfrm4j.sa.Auth;
import org.xfrm4j.sa.Comp;
import org.xfrm4j.sa.Crypt;
import org.xfrm4j.sa.Direction;
import org.xfrm4j.sa.Encap;
import org.xfrm4j.sa.IpAddress;
import org.xfrm4j.sa.IpPrefix;
import org.xfrm4j.sa.Key;
import org.xfrm4j.sa.Lifetime;
import org.xfrm4j.sa.Mark;
import org.xfrm4j.sa.Mode;
import org.xfrm4j.sa.Protocol;
import org.xfrm4j.sa.ReplayEsn;
import org.xfrm4j.sa.ReplayState;
import org.xfrm4j.sa.SaId;
import org.xfrm4j.sa.SecurityAssociation;
import org.xfrm4j.sa.SecurityAssociationBuilder;
import org.xfrm4j.sa.Selector;

/** The SA database against a real kernel. */
class SaDatabaseIT {
    private static final ReplayState NEW = new ReplayState(0, 0, 0);

    @RegisterExtension
    final EmbeddedKernel kernel = new EmbeddedKernel();

    // ---- One SA ------------------------------------------------------------------------------------------------

    @ParameterizedTest
    @EnumSource(value = AddressFamily.class, names = "UNSPEC", mode = EnumSource.Mode.EXCLUDE)
    void givesBackWhatWasAdded(AddressFamily family) {
        SecurityAssociation sa = TestSas.esp(0x2001, family).replay(NEW).build();
        kernel.sas().add(sa);

        SecurityAssociation read = kernel.sas().get(sa.id()).orElseThrow();

        assertSame(sa, read);
        assertEquals(0, read.usage().packets());
        long age = System.currentTimeMillis() / 1000 - read.usage().addTime();
        assertTrue(age >= 0 && age < 60, "added " + age + " s ago");
        assertEquals(List.of(read), kernel.all());
    }

    @Test
    void givesBackEveryOptionThatAnSaCanHave() {
        SecurityAssociation outgoing = TestSas.esp(0x2002).replayWindow(0).direction(Direction.OUT)
                .mode(Mode.TUNNEL)
                .flags(SecurityAssociation.FLAG_NO_ECN | SecurityAssociation.FLAG_AF_UNSPEC)
                .extraFlags(SecurityAssociation.EXTRA_FLAG_DONT_ENCAP_DSCP
                        | SecurityAssociation.EXTRA_FLAG_OSEQ_MAY_WRAP)
                .mark(new Mark(0x20, 0xf0)).outputMark(new Mark(0x1234, 0xffff)).ifId(77).seq(99)
                .encap(Encap.espInUdp(4500, 61_000)).natKeepaliveInterval(20).tfcPadding(1200)
                .selector(Selector.of(IpPrefix.parse("10.1.0.0/16"), IpPrefix.parse("10.2.3.0/24"))
                        .withProtocol(17).withSourcePort(53, 0xffff).withDestinationPort(0x1200, 0xff00))
                .replay(new ReplayState(0xfffffff0, 0, 0)).build();
        SecurityAssociation incoming = TestSas.esp(0x2003, AddressFamily.INET6).direction(Direction.IN)
                .flags(SecurityAssociation.FLAG_DECAP_DSCP | SecurityAssociation.FLAG_ICMP)
                .encap(new Encap(Encap.ESP_IN_UDP, 1, 65_535, IpAddress.parse("2001:db8::99"))).mappingThreshold(30)
                .cpu(0).replay(new ReplayState(0, 0x80000001, 0xf0f0f0f1)).build();

        for (SecurityAssociation sa : List.of(outgoing, incoming)) {
            kernel.sas().add(sa);
            assertSame(sa, kernel.sas().get(sa.id()).orElseThrow());
        }
    }

    static Stream<Arguments> modes() {
        Selector ipv4 = Selector.of(IpPrefix.parse("10.0.0.0/8"), IpPrefix.parse("10.9.0.0/16"));
        Selector ipv6 = Selector.of(IpPrefix.parse("fd00::/64"), IpPrefix.parse("fd01::/64"));
        return Stream.of(
                Arguments.of(Mode.TUNNEL, AddressFamily.INET, ipv6),
                Arguments.of(Mode.TUNNEL, AddressFamily.INET6, ipv4),
                Arguments.of(Mode.TRANSPORT, AddressFamily.INET, ipv4),
                Arguments.of(Mode.TRANSPORT, AddressFamily.INET6, ipv6),
                Arguments.of(Mode.BEET, AddressFamily.INET, ipv6),
                Arguments.of(Mode.BEET, AddressFamily.INET6, ipv6));
    }

    @ParameterizedTest
    @MethodSource("modes")
    void givesBackEveryModeAndFamily(Mode mode, AddressFamily family, Selector selector) {
        for (SecurityAssociationBuilder builder : List.of(TestSas.esp(0x2004, family), TestSas.ah(0x2005, family))) {
            SecurityAssociation sa = builder.mode(mode).selector(selector).replay(NEW).build();
            kernel.sas().add(sa);
            assertSame(sa, kernel.sas().get(sa.id()).orElseThrow());
        }
    }

    static Stream<List<Algorithm>> algorithms() {
        return Stream.of(
                List.of(aead("rfc4106(gcm(aes))", 20, 64)),
                List.of(aead("rfc4106(gcm(aes))", 28, 96)),
                List.of(aead("rfc4106(gcm(aes))", 36, 128)),
                List.of(aead("rfc4543(gcm(aes))", 20, 128)),
                List.of(aead("rfc4309(ccm(aes))", 19, 128)),
                List.of(Aead.chaCha20Poly1305(TestSas.key(36, 1))),
                List.of(Auth.hmacSha256(TestSas.key(32, 2)), Crypt.aesCbc(TestSas.key(16, 3))),
                List.of(Auth.hmacSha512(TestSas.key(64, 4)), Crypt.aesCbc(TestSas.key(32, 5))),
                List.of(new Auth("hmac(sha1)", TestSas.key(20, 6), 96), Crypt.aesCbc(TestSas.key(24, 7))),
                List.of(Auth.hmacSha256(TestSas.key(32, 8)), new Crypt("rfc3686(ctr(aes))", TestSas.key(20, 9))),
                List.of(Auth.hmacSha256(TestSas.key(32, 10)), Crypt.cipherNull()),
                List.of(Crypt.aesCbc(TestSas.key(32, 11))));
    }

    private static Aead aead(String name, int keyBytes, int icvBits) {
        return new Aead(name, TestSas.key(keyBytes, keyBytes + icvBits), icvBits);
    }

    @ParameterizedTest
    @MethodSource("algorithms")
    void givesBackEveryKindOfAlgorithmWithItsKey(List<Algorithm> algorithms) {
        SecurityAssociationBuilder builder = SecurityAssociation.builder()
                .source(TestSas.SOURCE).destination(TestSas.DESTINATION).spi(0x2006);
        algorithms.forEach(builder::algorithm);
        SecurityAssociation sa = builder.build();
        kernel.sas().add(sa);

        SecurityAssociation read = kernel.sas().get(sa.id()).orElseThrow();

        assertEquals(algorithms, read.algorithms());
        assertFalse(read.algorithms().getFirst().key().isWiped());
    }

    /** The kernel completes what is not told: XFRMA_ALG_AUTH without a length of the ICV. */
    @Test
    void tellsTheLengthOfAnIcvThatTheKernelChose() {
        Key key = TestSas.key(32, 12);
        SecurityAssociation sa = TestSas.ah(0x2007, AddressFamily.INET).algorithm(new Auth("hmac(sha256)", key, 0))
                .build();
        kernel.sas().add(sa);

        assertEquals(List.of(new Auth("hmac(sha256)", key, 96)),
                kernel.sas().get(sa.id()).orElseThrow().algorithms());
    }

    @Test
    void givesBackAnSaOfIpcomp() {
        SecurityAssociation sa = SecurityAssociation.builder().source(TestSas.SOURCE)
                .destination(TestSas.DESTINATION).protocol(Protocol.COMP).spi(0x1234).mode(Mode.TRANSPORT)
                .algorithm(Comp.deflate()).replay(NEW).build();
        kernel.sas().add(sa);

        assertSame(sa, kernel.sas().get(sa.id()).orElseThrow());
    }

    /** Linux makes it for the packets that were not worth compressing, and takes it away again. */
    @Test
    void readsTheCompanionThatATunnelOfIpcompHas() {
        SecurityAssociation sa = SecurityAssociation.builder().source(TestSas.SOURCE)
                .destination(TestSas.DESTINATION).protocol(Protocol.COMP).spi(0x1235).algorithm(Comp.deflate()).build();
        kernel.sas().add(sa);

        SaId companion = new SaId(TestSas.DESTINATION, 0xc0000201, new Protocol(4), Mark.NONE);
        assertEquals(Set.of(sa.id(), companion), ids(kernel.all()));
        assertEquals("4 spi 0xc0000201 → 198.51.100.1", companion.toString(), "its SPI is the source");
        assertTrue(kernel.sas().delete(sa.id()));
        assertEquals(List.of(), kernel.all());
    }

    static Stream<Arguments> windows() {
        return Stream.of(
                Arguments.of(Direction.UNSPECIFIED, new ReplayEsn(0x1_0000_0005L, 0x2_0000_0007L, 64,
                        List.of(0xdeadbeef, 0x80000001))),
                Arguments.of(Direction.IN, new ReplayEsn(0, 0xffff_ffffL, ReplayEsn.MAX_WINDOW,
                        Collections.nCopies(ReplayEsn.MAX_WINDOW / 32, 0x55555555))),
                Arguments.of(Direction.IN, new ReplayEsn(0, 7, 33, List.of(0x7f, 0))),
                Arguments.of(Direction.OUT, new ReplayEsn(0x7_ffff_fff0L, 0, 0, List.of())));
    }

    @ParameterizedTest
    @MethodSource("windows")
    void givesBackExtendedSequenceNumbersAndWindow(Direction direction, ReplayEsn replay) {
        SecurityAssociation sa = TestSas.esp(0x2008).replayWindow(0).direction(direction)
                .flags(SecurityAssociation.FLAG_ESN).replay(replay).build();
        kernel.sas().add(sa);

        assertEquals(replay, kernel.sas().get(sa.id()).orElseThrow().replay());
    }

    @Test
    void findsNothingWhereThereIsNothing() {
        SecurityAssociation sa = kernel.add(TestSas.esp(0x2009).build());
        SaId id = sa.id();
        List<SaId> others = List.of(
                new SaId(id.destination(), 0x200a, id.protocol(), id.mark()),
                new SaId(TestSas.SOURCE, id.spi(), id.protocol(), id.mark()),
                new SaId(id.destination(), id.spi(), Protocol.AH, id.mark()),
                new SaId(TestSas.DESTINATION6, id.spi(), id.protocol(), id.mark()));
        for (SaId other : others) {
            assertEquals(Optional.empty(), kernel.sas().get(other), other::toString);
            assertFalse(kernel.sas().read(other, decoder -> fail("there is none: " + other)));
            assertFalse(kernel.sas().delete(other), other::toString);
        }
        assertEquals(List.of(sa), kernel.all());
    }

    @Test
    void deletesTheOneThatIsNamed() {
        SecurityAssociation one = kernel.add(TestSas.esp(0x200b).build());
        SecurityAssociation other = kernel.add(TestSas.esp(0x200c).build());

        assertTrue(kernel.sas().delete(one.id()));
        assertEquals(List.of(other), kernel.all());
        assertFalse(kernel.sas().delete(one.id()));
    }

    @Test
    void readsWhereTheKernelPutIt() {
        SecurityAssociation sa = kernel.add(TestSas.esp(0x200d).build());
        AtomicReference<SecurityAssociation> read = new AtomicReference<>();

        assertTrue(kernel.sas().read(sa.id(), decoder -> read.set(SecurityAssociation.from(decoder))));

        assertEquals(sa, read.get());
    }

    /** With a receive buffer so small that the answer and its acknowledgement do not fit together. */
    @Test
    void readsAlsoThroughTheSmallestReceiveBuffer() {
        SecurityAssociation sa = kernel.add(TestSas.esp(0x200e).build());
        try (Xfrm small = Xfrm.open(new SocketBuffers(1, 64 * 1024))) {
            assertEquals(Optional.of(sa), small.sas().get(sa.id()));
            assertEquals(List.of(sa), small.sas().list(SaFilter.ALL));
            assertEquals(Optional.empty(), small.sas().get(SaId.of(TestSas.DESTINATION, 1, Protocol.ESP)));
        }
    }

    // ---- Marks -------------------------------------------------------------------------------------------------

    @Test
    void tellsSasOfOneSpiApartByTheirMarks() {
        List<Mark> marks = List.of(new Mark(1, 0xff), new Mark(2, 0xff), new Mark(0x100, 0xff00));
        List<SecurityAssociation> sas = new ArrayList<>();
        for (int i = 0; i < marks.size(); i++) {
            SecurityAssociation sa = TestSas.esp(0x2010).mark(marks.get(i)).algorithm(TestSas.aesGcm(i)).build();
            kernel.sas().add(sa);
            sas.add(sa);
        }
        for (SecurityAssociation sa : sas) {
            assertEquals(sa.algorithms(), kernel.sas().get(sa.id()).orElseThrow().algorithms());
            assertEquals(sa.mark(), kernel.sas().get(sa.id()).orElseThrow().mark());
        }
        SaId unmarked = sas.getFirst().id().withMark(Mark.NONE);
        assertEquals(Optional.empty(), kernel.sas().get(unmarked), "no mark is not any mark");

        assertTrue(kernel.sas().delete(sas.get(1).id()));
        assertEquals(List.of(marks.get(2), marks.get(0)),
                kernel.all().stream().map(SecurityAssociation::mark).toList());
    }

    /** Linux 7.2 compares through the SA's mask; what {@link SaDatabase#get} documents. */
    @Test
    void findsAnSaThroughItsMaskAsTheKernelDoes() {
        SecurityAssociation sa = kernel.add(TestSas.esp(0x2011).mark(new Mark(1, 0xff)).build());

        assertEquals(Optional.of(sa), kernel.sas().get(sa.id().withMark(Mark.exactly(0x701))));
        assertEquals(Optional.empty(), kernel.sas().get(sa.id().withMark(Mark.exactly(0x702))));
    }

    // ---- Refusals ----------------------------------------------------------------------------------------------

    @Test
    void saysWhichSaIsThereAlready() {
        SecurityAssociation sa = kernel.add(TestSas.esp(0xc0ffee01).build());

        XfrmException refused = assertThrows(XfrmException.class, () -> kernel.sas().add(sa));

        assertEquals("XFRM_MSG_NEWSA refused: EEXIST (17) [esp spi 0xc0ffee01 → 198.51.100.1]", refused.getMessage());
        assertEquals(Errno.EEXIST, refused.errno());
        assertEquals(new Refusal(Errno.EEXIST, null, null), refused.refusal());
        assertEquals(List.of(sa), kernel.all());
    }

    @Test
    void refusesASecondSaOfTheSameNameWhateverElseDiffers() {
        SecurityAssociation sa = kernel.add(TestSas.esp(0x2012).build());
        SecurityAssociation other = TestSas.esp(0x2012).source(TestSas.NEW_SOURCE).reqid(9)
                .algorithm(TestSas.aesGcm(99)).build();

        assertEquals(Errno.EEXIST, assertThrows(XfrmException.class, () -> kernel.sas().add(other)).errno());
        assertEquals(List.of(sa), kernel.all());
    }

    @Test
    void givesTheKernelsReasonForAnAlgorithmThatItDoesNotHave() {
        SecurityAssociation sa = TestSas.esp(0x2013).algorithm(new Aead("rfc9999(none)", TestSas.key(36, 1), 128))
                .build();

        XfrmException refused = assertThrows(XfrmException.class, () -> kernel.sas().add(sa));

        assertEquals("XFRM_MSG_NEWSA refused: ENOSYS (38) Requested AEAD algorithm not found"
                + " [esp spi 0x00002013 → 198.51.100.1]", refused.getMessage());
        assertEquals("Requested AEAD algorithm not found", refused.refusal().text());
        assertEquals(List.of(), kernel.all());
    }

    @Test
    void refusesAKeyOfAWrongLength() {
        SecurityAssociation sa = TestSas.esp(0x2014).algorithm(Aead.aesGcm(TestSas.key(35, 1))).build();

        XfrmException refused = assertThrows(XfrmException.class, () -> kernel.sas().add(sa));

        assertEquals(Errno.EINVAL, refused.errno());
        assertEquals("Kernel was unable to initialize cryptographic operations", refused.refusal().text());
    }

    @Test
    void showsNoKeyInAnyText() {
        Key cipher = TestSas.key(36, 4711);
        Key sha = TestSas.key(32, 4712);
        SecurityAssociation aead = TestSas.esp(0x2015).algorithm(Aead.aesGcm(cipher)).build();
        SecurityAssociation cbc = TestSas.espCbc(0x2016, AddressFamily.INET).algorithm(Auth.hmacSha256(sha)).build();
        SecurityAssociation bad = TestSas.esp(0x2017).algorithm(new Aead("rfc9999(none)", cipher, 128)).build();
        List<String> texts = new ArrayList<>();
        kernel.sas().add(aead);
        kernel.sas().add(cbc);
        for (SecurityAssociation sa : List.of(aead, cbc, bad)) {
            XfrmException refused = assertThrows(XfrmException.class, () -> kernel.sas().add(sa));
            texts.addAll(List.of(refused.toString(), refused.refusal().toString(), sa.toString(), sa.id().toString(),
                    sa.algorithms().toString()));
        }
        texts.add(kernel.sas().addAll(List.of(aead, bad)).toString());
        texts.add(kernel.all().toString());
        texts.add(kernel.sas().get(aead.id()).toString());

        for (String text : texts) {
            for (byte[] key : List.of(bytes(cipher), bytes(sha))) {
                assertFalse(text.toLowerCase().contains(HexFormat.of().formatHex(key, 0, 4)), text);
                assertFalse(text.contains(HexFormat.ofDelimiter(":").formatHex(key, 0, 4)), text);
                assertFalse(text.contains(key[0] + ", " + key[1] + ", " + key[2]), text);
            }
        }
    }

    // ---- Update ------------------------------------------------------------------------------------------------

    @Test
    void updatesLimitsAndEncapsulation() {
        SecurityAssociation sa = kernel.add(TestSas.esp(0x2018).encap(Encap.espInUdp(4500, 4500)).build());
        Lifetime limits = sa.lifetime().withPackets(5, 6).withSecondsSinceAdded(50_000, 60_000);

        kernel.sas().update(sa.toBuilder().lifetime(limits).encap(Encap.espInUdp(4500, 1024)).build());

        SecurityAssociation updated = kernel.sas().get(sa.id()).orElseThrow();
        assertEquals(limits, updated.lifetime());
        assertEquals(Encap.espInUdp(4500, 1024), updated.encap());
        assertEquals(sa.algorithms(), updated.algorithms());
        assertEquals(1, kernel.all().size());
    }

    @Test
    void doesNotMakeAnSaByUpdatingOne() {
        SecurityAssociation sa = TestSas.esp(0x2019).build();

        XfrmException refused = assertThrows(XfrmException.class, () -> kernel.sas().update(sa));

        assertEquals("XFRM_MSG_UPDSA refused: ESRCH (3) [esp spi 0x00002019 → 198.51.100.1]", refused.getMessage());
        assertEquals(List.of(), kernel.all());
    }

    // ---- Many --------------------------------------------------------------------------------------------------

    @Test
    void addsThousandsAndTellsByIndexWhichWereRefused() {
        int count = 5_000;
        Set<Integer> refused = Set.of(0, 1, 255, 256, 257, 2_500, 4_998, 4_999);
        List<SecurityAssociation> sas = IntStream.range(0, count).mapToObj(i -> TestSas.esp(0x10000 + i).build())
                .toList();
        refused.forEach(index -> kernel.sas().add(sas.get(index)));

        List<SaDatabase.AddRefusal> refusals = kernel.sas().addAll(sas);

        assertEquals(refused.stream().sorted().toList(),
                refusals.stream().map(SaDatabase.AddRefusal::index).toList());
        for (SaDatabase.AddRefusal refusal : refusals) {
            assertEquals(sas.get(refusal.index()).id(), refusal.id());
            assertEquals(new Refusal(Errno.EEXIST, null, null), refusal.refusal());
        }
        assertEquals(ids(sas), ids(kernel.all()));
    }

    @Test
    void addsTheOthersWhenAllOfABatchAreRefused() {
        List<SecurityAssociation> bad = IntStream.range(0, 300).mapToObj(i -> TestSas.esp(0x20000 + i)
                .algorithm(new Aead("rfc9999(none)", TestSas.key(36, 1), 128)).build()).toList();
        List<SecurityAssociation> all = new ArrayList<>(bad);
        all.add(TestSas.esp(0x30000).build());

        List<SaDatabase.AddRefusal> refusals = kernel.sas().addAll(all);

        assertEquals(300, refusals.size());
        assertEquals(Set.of(new Refusal(Errno.ENOSYS, "Requested AEAD algorithm not found", null)),
                new HashSet<>(refusals.stream().map(SaDatabase.AddRefusal::refusal).toList()));
        assertEquals(1, kernel.all().size());
    }

    @Test
    void addsNothingOfNothing() {
        assertEquals(List.of(), kernel.sas().addAll(List.of()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"esp", "ah", "comp"})
    void flushesOneProtocol(String name) {
        SecurityAssociation comp = SecurityAssociation.builder().source(TestSas.SOURCE)
                .destination(TestSas.DESTINATION).protocol(Protocol.COMP).spi(0x55).mode(Mode.TRANSPORT)
                .algorithm(Comp.deflate()).build();
        List<SecurityAssociation> sas = List.of(TestSas.esp(0x2020).build(),
                TestSas.esp(0x2021, AddressFamily.INET6).build(), TestSas.ah(0x2022, AddressFamily.INET).build(),
                comp);
        assertEquals(List.of(), kernel.sas().addAll(sas));
        Protocol protocol = sas.stream().map(SecurityAssociation::protocol)
                .filter(each -> each.toString().equals(name)).findFirst().orElseThrow();

        kernel.sas().flush(protocol);

        assertEquals(ids(sas.stream().filter(sa -> !sa.protocol().equals(protocol)).toList()), ids(kernel.all()));
    }

    @Test
    void flushesAllProtocols() {
        kernel.sas().add(TestSas.esp(0x2023).build());
        kernel.sas().add(TestSas.ah(0x2024, AddressFamily.INET6).build());

        kernel.sas().flush();

        assertEquals(List.of(), kernel.all());
    }

    @Test
    void isContentWhereThereIsNothingToFlush() {
        assertDoesNotThrow(() -> kernel.sas().flush());
        assertDoesNotThrow(() -> kernel.sas().flush(Protocol.ESP));
        SecurityAssociation sa = kernel.add(TestSas.ah(0x2025, AddressFamily.INET).build());
        kernel.sas().flush(Protocol.ESP);
        assertEquals(List.of(sa), kernel.all());
    }

    // ---- Dumps -------------------------------------------------------------------------------------------------

    @Test
    void listsNothingWhereThereIsNothing() {
        assertEquals(List.of(), kernel.all());
    }

    static Stream<Arguments> filters() {
        return Stream.of(
                filter(SaFilter.ALL, sa -> true),
                filter(SaFilter.ALL.protocol(Protocol.AH), sa -> sa.protocol().equals(Protocol.AH)),
                filter(SaFilter.ALL.protocol(Protocol.COMP), sa -> false),
                filter(SaFilter.ALL.source(IpPrefix.parse("10.0.1.0/24")), within("10.0.1.", null)),
                filter(SaFilter.ALL.source(IpPrefix.parse("10.0.0.0/8")), within("10.0.", null)),
                filter(SaFilter.ALL.destination(IpPrefix.parse("10.1.2.7/32")), sa -> at(sa, "10.1.2.7")),
                filter(SaFilter.ALL.destination(IpPrefix.parse("10.1.2.6/31")),
                        sa -> at(sa, "10.1.2.6") || at(sa, "10.1.2.7")),
                filter(SaFilter.ALL.source(IpPrefix.parse("10.0.1.0/24")).destination(IpPrefix.parse("10.1.2.0/24")),
                        within("10.0.1.", "10.1.2.")),
                filter(SaFilter.ALL.source(IpPrefix.parse("fd00:0:0:1::/64")), within("fd00:0:0:1:", null)),
                filter(SaFilter.ALL.destination(IpPrefix.parse("fd01:0:0:2::7/128")), sa -> at(sa, "fd01:0:0:2::7")),
                filter(SaFilter.ALL.destination(IpPrefix.parse("fd01:0:0:2::6/127")),
                        sa -> at(sa, "fd01:0:0:2::6") || at(sa, "fd01:0:0:2::7")),
                filter(SaFilter.ALL.source(IpPrefix.parse("fd00::/16")).protocol(Protocol.AH),
                        sa -> sa.protocol().equals(Protocol.AH) && within("fd00:", null).apply(sa)),
                filter(SaFilter.ALL.source(IpPrefix.ALL_IPV4), sa -> sa.family() == AddressFamily.INET),
                filter(SaFilter.ALL.destination(IpPrefix.ALL_IPV6), sa -> sa.family() == AddressFamily.INET6));
    }

    private static Arguments filter(SaFilter filter, Function<SecurityAssociation, Boolean> matches) {
        return Arguments.of(filter, matches);
    }

    private static Function<SecurityAssociation, Boolean> within(String source, String destination) {
        return sa -> sa.source().toString().startsWith(source)
                && (destination == null || sa.destination().toString().startsWith(destination));
    }

    private static boolean at(SecurityAssociation sa, String destination) {
        return sa.destination().equals(IpAddress.parse(destination));
    }

    /** The library does not look at what comes: what comes is what the kernel let through. */
    @ParameterizedTest
    @MethodSource("filters")
    void letsTheKernelFilter(SaFilter filter, Function<SecurityAssociation, Boolean> matches) {
        List<SecurityAssociation> sas = new ArrayList<>();
        for (int source = 1; source <= 3; source++) {
            for (int destination = 1; destination <= 3; destination++) {
                for (int host = 5; host <= 8; host++) {
                    int spi = 0x3000 + sas.size();
                    String[] ipv4 = {"10.0." + source + "." + host, "10.1." + destination + "." + host};
                    String[] ipv6 = {"fd00:0:0:" + source + "::" + host, "fd01:0:0:" + destination + "::" + host};
                    sas.add(TestSas.esp(spi).source(ipv4[0]).destination(ipv4[1]).build());
                    sas.add(TestSas.ah(spi, AddressFamily.INET6).source(ipv6[0]).destination(ipv6[1]).build());
                    sas.add(TestSas.esp(spi, AddressFamily.INET6).source(ipv6[0]).destination(ipv6[1]).build());
                }
            }
        }
        assertEquals(List.of(), kernel.sas().addAll(sas));
        Set<SaId> wanted = ids(sas.stream().filter(matches::apply).toList());
        ObservedSocket socket = ObservedSocket.open(SocketBuffers.DEFAULT);
        try (Xfrm observed = new Xfrm(socket::requests)) {
            List<SecurityAssociation> listed = observed.sas().list(filter);
            assertEquals(wanted, ids(listed));
            assertEquals(wanted.size(), listed.size());
            assertEquals(wanted.size(), socket.received(xfrm4j_h.XFRM_MSG_NEWSA()), "the kernel filtered");
        }
    }

    @Test
    void refusesAFilterOfTwoFamiliesBeforeAnythingIsAsked() {
        SaFilter source = SaFilter.ALL.source(IpPrefix.ALL_IPV4);
        assertEquals("source 0.0.0.0/0 and destination ::/0 of different families: an SA has one",
                assertThrows(IllegalArgumentException.class, () -> source.destination(IpPrefix.ALL_IPV6))
                        .getMessage());
    }

    @Test
    void listsTheNewestFirst() {
        for (int i = 0; i < 300; i++) {
            kernel.sas().add(TestSas.esp(0x4000 + i).build());
        }
        assertEquals(IntStream.range(0, 300).map(i -> 0x4000 + 299 - i).boxed().toList(),
                kernel.all().stream().map(SecurityAssociation::spi).toList());
    }

    @Test
    void dumpsTwentyThousandSasWithoutAnObjectForEach() {
        int count = 20_000;
        Iterable<SecurityAssociation> sas = () -> IntStream.range(0, count)
                .mapToObj(i -> TestSas.esp(0x100000 + i).build()).iterator();
        assertEquals(List.of(), kernel.sas().addAll(sas));
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        BitSet seen = new BitSet();
        long least = Long.MAX_VALUE;
        // The first rounds compile; afterwards what is left is the JVM's own noise.
        for (int round = 0; round < 20 && least >= count; round++) {
            seen.clear();
            long before = threads.getCurrentThreadAllocatedBytes();
            try (SaDump dump = kernel.sas().dump(SaFilter.ALL)) {
                while (dump.next()) {
                    if (dump.sa().reqid() != 0 && dump.sa().selector().family() == 2) {
                        seen.set(dump.sa().spi() - 0x100000);
                    }
                }
            }
            least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
            assertEquals(count, seen.cardinality(), "each once, none left out");
        }
        assertTrue(least < count, least + " bytes for " + count + " SAs");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 999})
    void canBeLeftHalfWay(int read) {
        kernel.sas().addAll(IntStream.range(0, 3_000).mapToObj(i -> TestSas.esp(0x5000 + i).build()).toList());
        SaDump dump = kernel.sas().dump(SaFilter.ALL);
        for (int i = 0; i < read; i++) {
            assertTrue(dump.next());
        }

        dump.close();

        dump.close();
        assertThrows(IllegalStateException.class, dump::next);
        assertEquals(3_000, kernel.all().size(), "nothing of the first is left over");
        assertTrue(kernel.sas().delete(SaId.of(TestSas.DESTINATION, 0x5000, Protocol.ESP)));
    }

    /**
     * What was there all the time is dumped, and once, whatever is added and deleted beside it. (The kernel never marks
     * a dump of SAs as inconsistent: its walk keeps its place in the list.)
     */
    @Test
    void dumpsWhatStaysOnceWhileAnotherThreadAddsAndDeletes() throws Exception {
        int staying = 1_500;
        List<SecurityAssociation> sas = new ArrayList<>();
        for (int i = 0; i < staying; i++) {
            sas.add(TestSas.esp(0x100000 + i).build());
            sas.add(TestSas.esp(0x200000 + i).build());
        }
        assertEquals(List.of(), kernel.sas().addAll(sas));
        AtomicBoolean stop = new AtomicBoolean();
        AtomicReference<Throwable> failure = new AtomicReference<>();
        int[] changes = new int[1];
        Thread other = Thread.ofPlatform().start(() -> {
            try (Xfrm mine = Xfrm.open()) {
                for (int i = 0; !stop.get(); i++) {
                    SaId fleeting = SaId.of(TestSas.DESTINATION, 0x200000 + i % staying, Protocol.ESP);
                    if (mine.sas().delete(fleeting)) {
                        mine.sas().add(TestSas.esp(0x300000 + i).build());
                        changes[0]++;
                    } else {
                        mine.sas().add(TestSas.esp(fleeting.spi()).build());
                    }
                }
            } catch (Throwable failed) {
                failure.set(failed);
            }
        });
        try {
            for (int round = 0; round < 15; round++) {
                BitSet once = new BitSet();
                try (SaDump dump = kernel.sas().dump(SaFilter.ALL)) {
                    while (dump.next()) {
                        int index = dump.sa().spi() - 0x100000;
                        if (index < staying) {
                            assertFalse(once.get(index), "twice: " + index);
                            once.set(index);
                        }
                    }
                }
                assertEquals(staying, once.cardinality());
            }
        } finally {
            stop.set(true);
            other.join();
        }
        assertNull(failure.get());
        assertTrue(changes[0] > 0, "the other thread came to do something meanwhile");
    }

    /**
     * A moved SA goes to the head of the kernel's list, behind the back of every dump that has begun: who wants to see
     * all SAs must not dump while others move. A migration that streams moves only what its own dump has shown.
     */
    @Test
    void missesAnSaThatMovesAfterTheDumpHasBegun() {
        kernel.sas().addAll(IntStream.range(0, 5_000).mapToObj(i -> TestSas.esp(0x5000 + i).build()).toList());
        Set<Integer> seen = new HashSet<>();
        try (Xfrm another = kernel.xfrm().openAnother(); SaDump dump = kernel.sas().dump(SaFilter.ALL)) {
            assertTrue(dump.next());
            Move move = Move.of(TestSas.esp(0x5000).build()).destination(TestSas.NEW_DESTINATION).build();
            assertEquals(Outcome.MOVED, new Migrator(another).move(List.of(move)).getFirst().outcome());
            do {
                seen.add(dump.sa().spi());
            } while (dump.next());
        }
        assertFalse(seen.contains(0x5000));
        assertEquals(4_999, seen.size());
        assertEquals(5_000, kernel.all().size(), "nothing was lost");
    }

    // ---- Keys --------------------------------------------------------------------------------------------------

    @Test
    void wipesTheKeysOfWhatItSent() {
        ObservedSocket socket = ObservedSocket.open(SocketBuffers.DEFAULT);
        SecurityAssociation sa = TestSas.espCbc(0x6001, AddressFamily.INET).build();
        SecurityAssociation second = TestSas.esp(0x6002).build();
        try (Xfrm observed = new Xfrm(socket::requests)) {
            observed.sas().add(sa);
            assertWiped(socket.lastSegment(), "add");
            observed.sas().update(sa);
            assertWiped(socket.lastSegment(), "update");
            assertThrows(XfrmException.class, () -> observed.sas().add(sa));
            assertWiped(socket.lastSegment(), "refused add");
            assertEquals(1, observed.sas().addAll(List.of(sa, second)).size());
            assertWiped(socket.lastSegment(), "addAll");
        }
        assertEquals(2, kernel.all().size(), "they were sent with their keys all the same");
        assertEquals(Set.copyOf(sa.algorithms()), Set.copyOf(kernel.find(sa.id()).orElseThrow().algorithms()));
    }

    @Test
    void wipesKeysAlsoWhenAnSaInTheMiddleCannotBeWritten() {
        ObservedSocket socket = ObservedSocket.open(SocketBuffers.DEFAULT);
        SecurityAssociation first = TestSas.esp(0x6003).build();
        SecurityAssociation wiped = TestSas.esp(0x6004).build();
        try (Xfrm observed = new Xfrm(socket::requests)) {
            observed.sas().addAll(List.of(first)); // so that the batch's memory is known
            MemorySegment batch = socket.lastSegment();
            wiped.wipeKeys();
            assertThrows(IllegalStateException.class,
                    () -> observed.sas().addAll(List.of(TestSas.esp(0x6005).build(), wiped)));
            assertWiped(batch, "addAll that broke off");
            assertEquals(List.of(), observed.sas().addAll(List.of(TestSas.esp(0x6006).build())), "and works again");
            assertThrows(IllegalStateException.class, () -> observed.sas().add(wiped));
            assertTrue(observed.sas().delete(first.id()), "and so does the request");
        }
    }

    /** Look-ups hold no keys, but may follow on one that did. */
    private static void assertWiped(MemorySegment segment, String after) {
        byte[] bytes = segment.toArray(ValueLayout.JAVA_BYTE);
        assertArrayEquals(new byte[bytes.length], bytes, () -> "left behind by " + after);
    }

    // ---- Help --------------------------------------------------------------------------------------------------

    /** Compares all that the kernel does not change by itself. */
    private static void assertSame(SecurityAssociation expected, SecurityAssociation actual) {
        for (RecordComponent component : SecurityAssociation.class.getRecordComponents()) {
            if (!Set.of("usage", "stats", "lastUsed").contains(component.getName())) {
                assertEquals(value(expected, component), value(actual, component), component.getName());
            }
        }
    }

    private static Object value(SecurityAssociation sa, RecordComponent component) {
        try {
            return component.getAccessor().invoke(sa);
        } catch (ReflectiveOperationException impossible) {
            throw new AssertionError(impossible);
        }
    }

    private static Set<SaId> ids(List<SecurityAssociation> sas) {
        return new HashSet<>(sas.stream().map(SecurityAssociation::id).toList());
    }

    private static byte[] bytes(Key key) {
        byte[] bytes = new byte[key.byteLength()];
        key.copyTo(MemorySegment.ofArray(bytes), 0);
        return Arrays.copyOf(bytes, bytes.length);
    }
}
