package org.xfrm4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.xfrm4j.bindings.xfrm4j_h;
import org.xfrm4j.migrate.MigrateOptions;
import org.xfrm4j.migrate.Migrator;
import org.xfrm4j.migrate.Move;
import org.xfrm4j.migrate.MoveCounts;
import org.xfrm4j.migrate.MoveResult;
import org.xfrm4j.migrate.Outcome;
import org.xfrm4j.netlink.Acknowledge;
import org.xfrm4j.netlink.AnsweringKernel;
import org.xfrm4j.netlink.AnsweringKernel.Answer;
import org.xfrm4j.netlink.Errno;
import org.xfrm4j.netlink.NetlinkException;
import org.xfrm4j.sa.Direction;
import org.xfrm4j.sa.Encap;
import org.xfrm4j.sa.IpAddress;
import org.xfrm4j.sa.IpPrefix;
import org.xfrm4j.sa.Mark;
import org.xfrm4j.sa.Protocol;
import org.xfrm4j.sa.SaId;
import org.xfrm4j.sa.SecurityAssociation;
import org.xfrm4j.sa.SecurityAssociationBuilder;
import org.xfrm4j.sa.Selector;
import org.xfrm4j.wire.MigrateStateDecoder;
import org.xfrm4j.wire.SaIdDecoder;

/**
 * The answers to XFRM_MSG_MIGRATE_STATE that a real kernel does not give on demand, and answers that were lost: what
 * the library makes of them. The kernel is one that keeps a list of SAs and answers as the test says; {@link
 * ErrorTableIT} has all that the real one says.
 */
class ErrorTableTest {
    private static final String NOT_INSTALLED = "Failed to add migrated state";
    private static final int GETSA = xfrm4j_h.XFRM_MSG_GETSA();
    private static final int MIGRATE_STATE = xfrm4j_h.XFRM_MSG_MIGRATE_STATE();

    private final List<SecurityAssociation> sas = new ArrayList<>();
    /** What is answered to a move, and done about it. */
    private UnaryOperator<MigrateStateDecoder> effect = move -> move;
    private Answer answer = Answer.DONE;
    private final AnsweringKernel kernel = new AnsweringKernel(this::answer);
    private final Xfrm xfrm = new Xfrm(kernel::socket);

    @AfterEach
    void close() {
        xfrm.close();
    }

    private Answer answer(int type, MemorySegment payload) {
        if (type == MIGRATE_STATE) {
            effect.apply(new MigrateStateDecoder().wrap(payload, 0, payload.byteSize()));
            return answer;
        }
        if (type == GETSA) {
            return payload.byteSize() < SA_ID_BYTES || isFilter(payload)
                    ? Answer.dump(sas.stream().map(ErrorTableTest::encoded).toList())
                    : get(payload);
        }
        throw new AssertionError("an unexpected request: " + type);
    }

    private static final int SA_ID_BYTES = 24;

    /** A dump's attributes stand where an SA's name would: the first is XFRMA_PROTO, of 5 bytes. */
    private static boolean isFilter(MemorySegment payload) {
        return payload.get(ValueLayout.JAVA_SHORT_UNALIGNED, 0) == 5;
    }

    private Answer get(MemorySegment payload) {
        SaId id = SaId.from(new SaIdDecoder().wrap(payload, 0), Mark.NONE);
        return sas.stream().filter(sa -> sa.id().equals(id)).findFirst()
                .map(sa -> Answer.dump(List.of(encoded(sa)))).orElse(Answer.refused(Errno.ESRCH, null));
    }

    private static byte[] encoded(SecurityAssociation sa) {
        byte[] bytes = new byte[4096];
        return Arrays.copyOf(bytes, sa.encode(MemorySegment.ofArray(bytes), 0));
    }

    // ---- What the kernel does besides answering ----

    private void movesIt() {
        effect = move -> {
            SecurityAssociation sa = named(move);
            sas.remove(sa);
            sas.add(sa.toBuilder().destination(IpAddress.ofIpv4((int) (move.newDestinationHigh() >>> 32))).build());
            return move;
        };
    }

    private void losesIt() {
        effect = move -> {
            sas.remove(named(move));
            return move;
        };
    }

    private SecurityAssociation named(MigrateStateDecoder move) {
        SaId id = SaId.from(move.id(), Mark.NONE);
        return sas.stream().filter(sa -> sa.id().equals(id)).findFirst().orElseThrow();
    }

    private static SecurityAssociation sa(int spi) {
        return TestSas.esp(spi).build();
    }

    private static Move move(SecurityAssociation sa) {
        return Move.of(sa).destination(TestSas.NEW_DESTINATION).build();
    }

    private MoveResult moveOne(Acknowledge acknowledge) {
        SecurityAssociation sa = sa(0x9001);
        sas.add(sa);
        return new Migrator(xfrm, new MigrateOptions(8, acknowledge)).move(List.of(move(sa))).getFirst();
    }

    // ---- Refusals ----

    static Stream<Arguments> refusals() {
        return Stream.of(
                Arguments.of(Errno.EINVAL, null),
                Arguments.of(Errno.EOPNOTSUPP, null),
                Arguments.of(Errno.ENOPROTOOPT, "XFRM_MSG_MIGRATE_STATE is not supported"),
                Arguments.of(Errno.EAFNOSUPPORT, "IPv6 support disabled"),
                Arguments.of(Errno.EINVAL, "State migration clone failed"),
                Arguments.of(Errno.EEXIST, "New SA tuple already occupied"));
    }

    /** Numbers that say by themselves that nothing was touched. */
    @ParameterizedTest
    @MethodSource("refusals")
    void isRejectedWithoutALookWhereTheNumberTellsAll(int errno, String text) {
        for (Acknowledge acknowledge : Acknowledge.values()) {
            sas.clear();
            answer = Answer.refused(errno, text);

            MoveResult result = moveOne(acknowledge);

            assertEquals(new MoveResult(move(sa(0x9001)), Outcome.REJECTED, new Refusal(errno, text, null), null),
                    result);
        }
        assertEquals(List.of(MIGRATE_STATE, MIGRATE_STATE), kernel.sent(), "and nothing else was asked");
    }

    @Test
    void isGoneWhenItVanishedInTheSameMoment() {
        losesIt();
        answer = Answer.refused(Errno.ESRCH, "State already deleted");

        MoveResult result = moveOne(Acknowledge.ERRORS_AND_LAST);

        assertEquals(Outcome.GONE, result.outcome());
        assertEquals(new Refusal(Errno.ESRCH, "State already deleted", null), result.refusal());
    }

    /** The one row in which an SA is lost: deleted at the old place, and not inserted at the new one. */
    @Test
    void isLostWhenTheOldOneWasDeletedAndTheNewOneCouldNotBeInserted() {
        losesIt();
        answer = Answer.refused(Errno.EEXIST, NOT_INSTALLED);

        MoveResult result = moveOne(Acknowledge.ERRORS_AND_LAST);

        assertEquals(Outcome.LOST, result.outcome());
        assertEquals("esp spi 0x00009001 → 198.51.100.1: LOST, EEXIST (17) " + NOT_INSTALLED, result.toString());
    }

    @Test
    void isLostThenAlsoThoughAnotherStandsInTheWay() {
        SecurityAssociation occupant = sa(0x9001).toBuilder().destination(TestSas.NEW_DESTINATION).reqid(77).build();
        sas.add(occupant);
        losesIt();
        answer = Answer.refused(Errno.EEXIST, NOT_INSTALLED);

        assertEquals(Outcome.LOST, moveOne(Acknowledge.ERRORS_AND_LAST).outcome());
        assertEquals(List.of(occupant), sas);
    }

    /** A number that this version knows nothing of, of a kernel to come: the SAs tell. */
    @ParameterizedTest
    @ValueSource(ints = {Errno.EEXIST, Errno.ENOMEM, Errno.EBUSY, Errno.ERANGE, Errno.ENODEV, 4711})
    void looksForTheSaWhereTheNumberLeavesOpenWhereItIs(int errno) {
        answer = Answer.refused(errno, null);
        assertEquals(Outcome.REJECTED, moveOne(Acknowledge.ERRORS_AND_LAST).outcome());

        sas.clear();
        losesIt();
        MoveResult lost = moveOne(Acknowledge.ERRORS_AND_LAST);
        assertEquals(Outcome.LOST, lost.outcome());
        assertEquals(errno, lost.refusal().errno());

        sas.clear();
        movesIt();
        MoveResult moved = moveOne(Acknowledge.ERRORS_AND_LAST);
        assertEquals(Outcome.MOVED, moved.outcome());
        assertEquals(null, moved.refusal());
    }

    // ---- Lost answers ----

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 5})
    void looksForEachSaWhoseAnswerWasLost(int others) {
        for (int i = 0; i < others; i++) {
            sas.add(sa(0x9100 + i));
        }
        List<Move> moves = new ArrayList<>(sas.stream().map(ErrorTableTest::move).toList());
        answer = Answer.LOST;
        movesIt();
        assertEquals(Collections.nCopies(others, Outcome.MOVED), outcomes(moves));

        sas.clear();
        moves.forEach(move -> sas.add(sa(move.sa().spi())));
        effect = move -> move;
        assertEquals(Collections.nCopies(others, Outcome.REJECTED), outcomes(moves));

        losesIt();
        assertEquals(Collections.nCopies(others, Outcome.LOST), outcomes(moves));
    }

    private List<Outcome> outcomes(List<Move> moves) {
        return new Migrator(xfrm).move(moves).stream().map(MoveResult::outcome).toList();
    }

    @Test
    void saysThatTheAnswerWasLost() {
        answer = Answer.LOST;
        assertEquals("esp spi 0x00009001 → 198.51.100.1: REJECTED, ENOBUFS (105) the kernel's answer was lost",
                moveOne(Acknowledge.ERRORS_AND_LAST).toString());
    }

    /** What stands at the new place is not what was to move, and the old one is still there. */
    @Test
    void doesNotTakeAnotherForTheMovedOne() {
        sas.add(sa(0x9001).toBuilder().destination(TestSas.NEW_DESTINATION).build());
        answer = Answer.LOST;
        assertEquals(Outcome.REJECTED, moveOne(Acknowledge.ERRORS_AND_LAST).outcome());
    }

    static Stream<Arguments> changesInPlace() {
        SecurityAssociation sa = TestSas.esp(0x9300).direction(Direction.OUT).replayWindow(0)
                .encap(Encap.espInUdp(4500, 4500)).natKeepaliveInterval(10).outputMark(new Mark(1, 1))
                .selector(TestSas.hostToHost(TestSas.SOURCE, TestSas.DESTINATION)).build();
        SecurityAssociation incoming = TestSas.esp(0x9301).direction(Direction.IN)
                .encap(Encap.espInUdp(4500, 4500)).mappingThreshold(5).build();
        Selector selector = Selector.of(IpPrefix.parse("10.0.0.0/8"), IpPrefix.parse("10.1.0.0/16"));
        Encap ports = Encap.espInUdp(4500, 61_000);
        Encap original = new Encap(Encap.ESP_IN_UDP, 4500, 4500, TestSas.NEW_SOURCE);
        Selector hosts = TestSas.hostToHost(TestSas.NEW_SOURCE, TestSas.DESTINATION);
        return Stream.of(
                change("reqid", sa, move -> move.reqid(99), with -> with.reqid(99)),
                change("source", sa, move -> move.source(TestSas.NEW_SOURCE), with -> with.source(TestSas.NEW_SOURCE)),
                change("selector", sa, move -> move.selector(selector), with -> with.selector(selector)),
                change("source and derived selector", sa,
                        move -> move.source(TestSas.NEW_SOURCE).hostToHostSelector(),
                        with -> with.source(TestSas.NEW_SOURCE).selector(hosts)),
                change("ports", sa, move -> move.encap(ports), with -> with.encap(ports)),
                change("address before NAT", sa, move -> move.encap(original), with -> with.encap(original)),
                change("encapsulation", incoming, Move.Builder::removeEncap,
                        with -> with.encap(null).mappingThreshold(0)),
                change("output mark", sa, move -> move.outputMark(new Mark(1, 3)),
                        with -> with.outputMark(new Mark(1, 3))),
                change("no output mark", sa, Move.Builder::removeOutputMark, with -> with.outputMark(Mark.NONE)),
                change("keepalive", sa, move -> move.natKeepalive(11), with -> with.natKeepaliveInterval(11)),
                change("no keepalive", sa, Move.Builder::removeNatKeepalive, with -> with.natKeepaliveInterval(0)),
                change("threshold", incoming, move -> move.mappingThreshold(6), with -> with.mappingThreshold(6)));
    }

    private static Arguments change(String name, SecurityAssociation sa, UnaryOperator<Move.Builder> change,
                                    UnaryOperator<SecurityAssociationBuilder> effect) {
        return Arguments.of(name, sa, change.apply(Move.of(sa)).build(), effect.apply(sa.toBuilder()).build());
    }

    /** The place says nothing where it stays the same: what was to change does. */
    @ParameterizedTest
    @MethodSource("changesInPlace")
    void tellsWhetherAnSaWasChangedWhereItStands(String name, SecurityAssociation sa, Move move,
                                                 SecurityAssociation changed) {
        answer = Answer.LOST;
        sas.add(sa);
        assertEquals(List.of(Outcome.REJECTED), outcomes(List.of(move)));

        effect = message -> {
            sas.set(0, changed);
            return message;
        };
        assertEquals(List.of(Outcome.MOVED), outcomes(List.of(move)));
    }

    @Test
    void breaksOffWhenEvenTheLookUpIsLost() {
        AnsweringKernel mute = new AnsweringKernel((type, payload) -> Answer.LOST);
        try (Xfrm deaf = new Xfrm(mute::socket)) {
            NetlinkException broken = assertThrows(NetlinkException.class,
                    () -> new Migrator(deaf).move(List.of(move(sa(0x9001)))));
            assertEquals(Errno.ENOBUFS, broken.errno());
            assertTrue(broken.getMessage().contains("XFRM_MSG_GETSA"), broken.getMessage());
        }
    }

    @Test
    void countsWhatAStreamFoundByLooking() {
        for (int i = 0; i < 20; i++) {
            sas.add(sa(0x9200 + i));
        }
        answer = Answer.LOST;
        movesIt();
        MoveCounts counts = new Migrator(xfrm, new MigrateOptions(7, Acknowledge.ERRORS_AND_LAST))
                .stream(SaFilter.ALL, (sa, move) -> {
                    move.newDestination(TestSas.NEW_DESTINATION.high(), TestSas.NEW_DESTINATION.low());
                    return sa.spi() % 2 == 0;
                }, report -> { });
        assertEquals(new MoveCounts(10, 0, 0, 0, 10), counts);
    }

    // ---- The probe ----

    static Stream<Arguments> support() {
        return Stream.of(
                Arguments.of(Errno.ESRCH, MigrateSupport.SUPPORTED),
                Arguments.of(Errno.EINVAL, MigrateSupport.OLD_KERNEL),
                Arguments.of(Errno.ENOPROTOOPT, MigrateSupport.CONFIG_OFF),
                Arguments.of(Errno.EPERM, MigrateSupport.NO_PERMISSION),
                Arguments.of(Errno.EOPNOTSUPP, MigrateSupport.COMPAT_TASK));
    }

    @ParameterizedTest
    @MethodSource("support")
    void understandsEveryAnswerToTheProbe(int errno, MigrateSupport support) {
        answer = Answer.refused(errno, null);
        assertEquals(support, xfrm.migrateSupport());
        assertTrue(support.reason().length() > 20);
    }

    @Test
    void doesNotGuessWhatAnotherAnswerToTheProbeMeans() {
        answer = Answer.refused(Errno.ENOMEM, null);
        assertEquals("XFRM_MSG_MIGRATE_STATE refused: ENOMEM (12) [probe]",
                assertThrows(XfrmException.class, xfrm::migrateSupport).getMessage());
        answer = Answer.DONE;
        assertThrows(XfrmException.class, xfrm::migrateSupport);
    }

    @Test
    void probesForAnSaThatCannotExist() {
        List<Integer> protocols = new ArrayList<>();
        effect = move -> {
            protocols.add(move.id().protocol());
            return move;
        };
        answer = Answer.refused(Errno.ESRCH, "Can not find state");
        xfrm.migrateSupport();
        assertEquals(List.of(0), protocols);
        assertThrows(IllegalArgumentException.class,
                () -> SaId.of(TestSas.DESTINATION, 0, Protocol.ESP), "as no SA can have SPI 0");
    }
}
