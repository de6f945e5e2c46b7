package org.xfrm4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
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
import org.xfrm4j.bindings.xfrm_userspi_info;
import org.xfrm4j.migrate.Change;
import org.xfrm4j.migrate.MigrateOptions;
import org.xfrm4j.migrate.Migrator;
import org.xfrm4j.migrate.Move;
import org.xfrm4j.migrate.MoveCounts;
import org.xfrm4j.migrate.MoveResult;
import org.xfrm4j.migrate.Outcome;
import org.xfrm4j.netlink.Acknowledge;
import org.xfrm4j.netlink.BatchResults;
import org.xfrm4j.netlink.Errno;
import org.xfrm4j.netlink.EventSocket;
import org.xfrm4j.netlink.NetlinkBatch;
import org.xfrm4j.netlink.NetlinkException;
import org.xfrm4j.netlink.ObservedSocket;
import org.xfrm4j.netlink.RequestSocket;
import org.xfrm4j.netlink.SocketBuffers;
import org.xfrm4j.sa.AddressFamily;
import org.xfrm4j.sa.Direction;
import org.xfrm4j.sa.Encap;
import org.xfrm4j.sa.IpPrefix;
import org.xfrm4j.sa.Lifetime;
import org.xfrm4j.sa.Mark;
import org.xfrm4j.sa.Mode;
import org.xfrm4j.sa.Offload;
import org.xfrm4j.sa.Protocol;
import org.xfrm4j.sa.SaId;
import org.xfrm4j.sa.SecurityAssociation;
import org.xfrm4j.sa.SecurityAssociationBuilder;
import org.xfrm4j.sa.Selector;
import org.xfrm4j.wire.AttributeEncoder;
import org.xfrm4j.wire.MigrateStateDecoder;
import org.xfrm4j.wire.MigrateStateEncoder;
import org.xfrm4j.wire.MigrateStateRules;
import org.xfrm4j.wire.SaEncoder;
import org.xfrm4j.wire.XfrmAttributes;

/**
 * Every way in which XFRM_MSG_MIGRATE_STATE can fail that a user can provoke, in the order of {@code
 * xfrm_user_rcv_msg} and {@code xfrm_do_migrate_state} (net/xfrm/xfrm_user.c, Linux 7.2): what the kernel says, what
 * becomes of the SA, and what the library makes of it.
 *
 * <p>What nobody can provoke here, and {@link ErrorTableTest} tests with a kernel that is none:
 * <ul>
 * <li>EINVAL without a text: a kernel before 7.2 (the host's own in {@link MigrateSupportTest}, if it is one)</li>
 * <li>EOPNOTSUPP: needs a 32-bit process, and there is no 32-bit JVM</li>
 * <li>ENOPROTOOPT: needs a kernel without CONFIG_XFRM_MIGRATE</li>
 * <li>EAFNOSUPPORT: needs a kernel without IPv6</li>
 * <li>ESRCH "State already deleted": the SA has to expire while it is being copied, within some 5 µs. It happens, to
 * about one in 10 000 that move in the moment of their expiry, but not on demand</li>
 * <li>EEXIST "Failed to add migrated state": cannot happen while the kernel is right</li>
 * </ul>
 */
class ErrorTableIT {
    private static final int MIGRATE_STATE = xfrm4j_h.XFRM_MSG_MIGRATE_STATE();
    private static final int XFRMNLGRP_MIGRATE = 7;
    private static final String NOBODY_LISTENS = "Failed to send migration notification";
    private static final SaId ID = TestSas.esp(0x7001).build().id();

    // struct xfrm_user_migrate_state, linux/xfrm.h: where fields stand that no encoder writes wrongly.
    private static final long SPI = 16;
    private static final long FAMILY = 20;
    private static final long PROTOCOL = 22;
    private static final long SELECTOR_FAMILY = 64 + 40;
    private static final long SELECTOR_PREFIXLEN_D = 64 + 42;
    private static final long SELECTOR_PREFIXLEN_S = 64 + 43;
    private static final long FLAGS = 124;
    private static final long NEW_FAMILY = 128;
    private static final long RESERVED = 130;
    private static final int STRUCT_BYTES = 132;

    private static final ValueLayout.OfInt U32 = ValueLayout.JAVA_INT_UNALIGNED;
    private static final ValueLayout.OfInt BE32 = U32.withOrder(ByteOrder.BIG_ENDIAN);
    private static final ValueLayout.OfShort U16 = ValueLayout.JAVA_SHORT_UNALIGNED;
    private static final ValueLayout.OfByte U8 = ValueLayout.JAVA_BYTE;

    @RegisterExtension
    final EmbeddedKernel kernel = new EmbeddedKernel();

    // ---- What the kernel refuses, and the library before it ---------------------------------------------------

    /**
     * A row of the table.
     *
     * @param name what is wrong
     * @param sa the SA that is to move
     * @param spoil makes a good move of it a bad one
     * @param kernelSays the kernel's text; it is always EINVAL
     * @param librarySays why the library does not send it
     */
    private record Row(String name, SecurityAssociation sa, Consumer<MigrateStateEncoder> spoil, String kernelSays,
                       String librarySays) {
        @Override
        public String toString() {
            return name;
        }
    }

    private static SecurityAssociationBuilder sa() {
        return TestSas.esp(ID.spi());
    }

    private static SecurityAssociationBuilder outgoing() {
        return sa().direction(Direction.OUT).replayWindow(0);
    }

    /**
     * Spoils what the encoder would not write: after it has written, some bytes of the message.
     *
     * @param before what the encoder is given first
     * @param overwrite overwrites bytes of the message
     */
    private record Poke(Consumer<MigrateStateEncoder> before, Consumer<MigrateStateEncoder> overwrite)
            implements Consumer<MigrateStateEncoder> {
        @Override
        public void accept(MigrateStateEncoder move) {
            before.accept(move);
        }
    }

    private static Poke poke(Consumer<MigrateStateEncoder> overwrite) {
        return new Poke(move -> { }, overwrite);
    }

    private static Poke u32(long at, int value) {
        return poke(move -> move.segment().set(U32, move.offset() + at, value));
    }

    private static Poke spi(int spi) {
        return poke(move -> move.segment().set(BE32, move.offset() + SPI, spi));
    }

    private static Poke u16(long at, int value) {
        return poke(move -> move.segment().set(U16, move.offset() + at, (short) value));
    }

    private static Poke u8(long at, int value) {
        return poke(move -> move.segment().set(U8, move.offset() + at, (byte) value));
    }

    private static int encode(MigrateStateEncoder move, Consumer<MigrateStateEncoder> spoil) {
        spoil.accept(move);
        int length = move.encode();
        if (spoil instanceof Poke poke) {
            poke.overwrite().accept(move);
        }
        return length;
    }

    static Stream<Row> rows() {
        Encap encap = Encap.espInUdp(4500, 4500);
        return Stream.of(
                new Row("SPI 0", sa().build(), spi(0),
                        "Invalid SPI 0x0", "id.spi: Invalid SPI 0x0"),
                new Row("reserved", sa().build(), u16(RESERVED, 5),
                        "Reserved field must be zero", "reserved: 5 where it must be 0"),
                new Row("an unknown flag", sa().build(), u32(FLAGS, 4),
                        "Unknown flags: 0x4", "flags: Unknown flags: 0x4"),
                new Row("an unknown flag beside a known one", sa().build(),
                        u32(FLAGS, 0x8000_0001),
                        "Unknown flags: 0x80000000", "flags: Unknown flags: 0x80000000"),
                new Row("no family", sa().build(), u16(NEW_FAMILY, 0),
                        "Invalid address family", "new_family: 0 is neither AF_INET nor AF_INET6"),
                new Row("an unknown family", sa().build(), u16(NEW_FAMILY, 17),
                        "Invalid address family", "new_family: 17 is neither AF_INET nor AF_INET6"),
                new Row("a selector of an unknown family", sa().build(), u16(SELECTOR_FAMILY, 17),
                        "Invalid address family in selector",
                        "new_sel.family: 17 is neither AF_INET, AF_INET6 nor AF_UNSPEC"),
                new Row("a destination prefix longer than IPv4", sa().build(), u8(SELECTOR_PREFIXLEN_D, 33),
                        "Invalid prefix length in selector (must be <= 32 for IPv4)",
                        "new_sel.prefixlen_d: 33 of at most 32"),
                new Row("a source prefix longer than IPv4", sa().build(), u8(SELECTOR_PREFIXLEN_S, 255),
                        "Invalid prefix length in selector (must be <= 32 for IPv4)",
                        "new_sel.prefixlen_s: 255 of at most 32"),
                new Row("a prefix longer than IPv6", sa().selector(Selector.ALL_IPV6).build(),
                        u8(SELECTOR_PREFIXLEN_D, 129),
                        "Invalid prefix length in selector (must be <= 128 for IPv6)",
                        "new_sel.prefixlen_d: 129 of at most 128"),
                new Row("host-to-host of all traffic", sa().build(), MigrateStateEncoder::updateHostToHostSelector,
                        "SA selector is not a single-host match for SA addresses",
                        "flags: UPDATE_H2H_SEL, but the SA's selector is not that of its two addresses alone"),
                new Row("host-to-host of another host", sa()
                        .selector(TestSas.hostToHost(TestSas.SOURCE, TestSas.NEW_DESTINATION)).build(),
                        MigrateStateEncoder::updateHostToHostSelector,
                        "SA selector is not a single-host match for SA addresses",
                        "flags: UPDATE_H2H_SEL, but the SA's selector is not that of its two addresses alone"),
                new Row("ESP in TCP", sa().build(), move -> move.encap(Encap.ESP_IN_TCP, 4500, 4500, 0, 0),
                        "Unsupported encapsulation type",
                        "XFRMA_ENCAP: type 7, only ESP in UDP (2) and none (0) are supported"),
                new Row("the encapsulation of a draft", sa().build(), move -> move.encap(1, 4500, 4500, 0, 0),
                        "Unsupported encapsulation type",
                        "XFRMA_ENCAP: type 1, only ESP in UDP (2) and none (0) are supported"),
                new Row("a mapping threshold without encapsulation", sa().build(), move -> move.mappingThreshold(9),
                        "MTIMER_THRESH requires encapsulation", "XFRMA_MTIMER_THRESH: 9 s without encapsulation;"
                                + " it goes with the encapsulation by itself"),
                new Row("removal of a mapping threshold that is not there", sa().build(),
                        MigrateStateEncoder::removeMappingThreshold,
                        "MTIMER_THRESH requires encapsulation", "XFRMA_MTIMER_THRESH: 0 s without encapsulation;"
                                + " it goes with the encapsulation by itself"),
                new Row("a mapping threshold while encapsulation goes", sa().encap(encap).build(),
                        move -> move.removeEncap().mappingThreshold(9),
                        "MTIMER_THRESH requires encapsulation", "XFRMA_MTIMER_THRESH: 9 s without encapsulation;"
                                + " it goes with the encapsulation by itself"),
                new Row("a mapping threshold of an outgoing SA", outgoing().encap(encap).build(),
                        move -> move.mappingThreshold(9),
                        "MTIMER_THRESH should not be set on output SA", "XFRMA_MTIMER_THRESH: 9 s on an output SA"),
                new Row("a keepalive without encapsulation", outgoing().build(), move -> move.natKeepalive(20),
                        "NAT_KEEPALIVE_INTERVAL requires encapsulation",
                        "XFRMA_NAT_KEEPALIVE_INTERVAL: 20 s without encapsulation"),
                new Row("a keepalive while encapsulation goes", outgoing().encap(encap).build(),
                        move -> move.removeEncap().natKeepalive(20),
                        "NAT_KEEPALIVE_INTERVAL requires encapsulation",
                        "XFRMA_NAT_KEEPALIVE_INTERVAL: 20 s without encapsulation"),
                // From here on it is the copy of the SA that fails: the table's "State migration clone failed",
                // which is said only where the reason is not.
                new Row("a keepalive of an incoming SA", sa().direction(Direction.IN).encap(encap).build(),
                        move -> move.natKeepalive(20),
                        "NAT keepalive is only supported for outbound SAs",
                        "XFRMA_NAT_KEEPALIVE_INTERVAL: 20 s, but the SA's direction is not out"),
                new Row("encapsulation of AH", TestSas.ah(ID.spi(), AddressFamily.INET).build(),
                        move -> move.encap(4500, 4500),
                        "AH is not compatible with encapsulation",
                        "XFRMA_ENCAP: protocol 51 cannot be encapsulated, only ESP can"),
                new Row("a selector of the other family in transport mode", sa().mode(Mode.TRANSPORT).build(),
                        move -> Selector.ALL_IPV6.encode(move.newSelector()),
                        "Only tunnel modes can accommodate a change of family",
                        "new_sel.family: 10 with new_family 2, which only tunnel modes can accommodate"),
                new Row("unknown flags of an offload", sa().build(), move -> move.offload(1, 0x80),
                        "Unrecognized flags in offload request", "XFRMA_OFFLOAD_DEV: unknown flags 0x80"),
                new Row("an offload in the wrong direction", outgoing().build(),
                        move -> move.offload(1, Offload.INBOUND),
                        "Mismatched SA and offload direction",
                        "XFRMA_OFFLOAD_DEV: flags 0x2 do not fit the SA's direction"),
                new Row("an offload of an incoming SA with an if_id", sa().ifId(3).build(),
                        move -> move.offload(1, Offload.INBOUND),
                        "XFRM if_id is not supported in RX path", "XFRMA_OFFLOAD_DEV: incoming, with if_id 0x3"),
                new Row("an offload of TFC padding", sa().tfcPadding(100).build(), move -> move.offload(1, 0),
                        "TFC padding can't be offloaded", "XFRMA_OFFLOAD_DEV: TFC padding cannot be offloaded"));
    }

    @ParameterizedTest
    @MethodSource("rows")
    void isRefusedByTheKernelAndTheSaStays(Row row) {
        SecurityAssociation before = kernel.add(row.sa());

        BatchResults results = sendRaw(before.id(), move -> encode(move, row.spoil()));

        assertEquals(new Refusal(Errno.EINVAL, row.kernelSays(), null), Refusal.of(results, 0));
        assertEquals(List.of(before), kernel.all());
        assertStillMoves(before);
    }

    /** As good as it was: it can be moved, which also makes its copy once more. */
    private void assertStillMoves(SecurityAssociation before) {
        MoveResult result = new Migrator(kernel.xfrm()).move(List.of(toNewDestination(before))).getFirst();
        assertEquals(Outcome.MOVED, result.outcome(), result::toString);
        assertEquals(List.of(TestSas.NEW_DESTINATION),
                kernel.all().stream().map(SecurityAssociation::destination).toList());
    }

    /**
     * What the kernel would take without a word, and do something else than what was meant.
     *
     * @param name what is wrong
     * @param sa the SA that is to move
     * @param spoil makes a good move of it a bad one
     * @param harm tells of the moved SA what went wrong
     * @param librarySays why the library does not send it
     */
    private record Trap(String name, SecurityAssociation sa, Consumer<MigrateStateEncoder> spoil,
                        Predicate<SecurityAssociation> harm, String librarySays) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Trap> traps() {
        return Stream.of(
                new Trap("no destination", sa().build(), move -> move.newDestination(0, 0),
                        sa -> sa.destination().isUnspecified(), "new_daddr: the unspecified address"),
                new Trap("no source", sa().build(), move -> move.newSource(0, 0),
                        sa -> sa.source().isUnspecified(), "new_saddr: the unspecified address"),
                new Trap("a selector that is forgotten", sa().selector(Selector.of(IpPrefix.parse("10.1.0.0/16"),
                        IpPrefix.parse("10.2.0.0/16"))).build(), MigrateStateEncoder::newSelector,
                        sa -> sa.selector().equals(Selector.ALL),
                        "new_sel.family: AF_UNSPEC would widen the selector to both families"),
                new Trap("a mark with bits outside its mask", sa().build(), move -> move.mark(0x13, 0x0f),
                        sa -> sa.mark().equals(new Mark(3, 0x0f)),
                        "XFRMA_MARK: value 0x13 has bits outside its mask 0xf, which the kernel would drop"),
                new Trap("an old mark that finds the SA through its mask", sa().mark(new Mark(5, 0xff)).build(),
                        move -> move.oldMark(0x705, 0xffff).inheritMark(),
                        sa -> sa.mark().equals(new Mark(0x705, 0xffff)),
                        "old_mark: 0x705/0xffff where the SA has 0x5/0xff"),
                new Trap("removal and setting of an offload", sa().build(),
                        new Poke(move -> move.offload(1, 0), u32(FLAGS, 1).overwrite()), sa -> true, "flags: CLEAR_OFFLOAD together with XFRMA_OFFLOAD_DEV, which would win"),
                new Trap("the mask of an output mark alone", sa().outputMark(new Mark(1, 0xff)).build(),
                        // Its first attribute is the value: make it another mask.
                        new Poke(move -> move.outputMark(0xf0, 0xff),
                                u16(STRUCT_BYTES + 2, xfrm4j_h.XFRMA_SET_MARK_MASK()).overwrite()), sa -> sa.outputMark().equals(new Mark(1, 0xff)),
                        "XFRMA_SET_MARK_MASK: ignored without XFRMA_SET_MARK"));
    }

    @ParameterizedTest
    @MethodSource("traps")
    void isTakenByTheKernelWithoutAWord(Trap trap) {
        SecurityAssociation before = kernel.add(trap.sa());

        BatchResults results = sendRaw(before.id(), move -> encode(move, trap.spoil()));

        assertEquals(new Refusal(0, NOBODY_LISTENS, null), Refusal.of(results, 0));
        List<SecurityAssociation> after = kernel.all();
        assertEquals(1, after.size());
        assertTrue(!after.getFirst().id().equals(before.id()) && trap.harm().test(after.getFirst()),
                after::toString);
    }

    @ParameterizedTest
    @MethodSource("traps")
    void isTakenForATrapByTheLibraryAndNotSent(Trap trap) {
        isRefusedByTheLibraryAndNotSent(new Row(trap.name(), trap.sa(), trap.spoil(), null, trap.librarySays()));
    }

    /** Names that no SA can have, or that are not those of the SA in hand: the kernel would look for them in vain. */
    static Stream<Row> wrongNames() {
        return Stream.of(
                new Row("no protocol", sa().build(), u8(PROTOCOL, 0), "Can not find state",
                        "id.proto: 0 is neither ESP (50), AH (51) nor IPComp (108)"),
                new Row("a protocol without SAs", sa().build(), u8(PROTOCOL, 6), "Can not find state",
                        "id.proto: 6 is neither ESP (50), AH (51) nor IPComp (108)"),
                new Row("an unknown family", sa().build(), u16(FAMILY, 17), "Can not find state",
                        "id.family: 17 is neither AF_INET nor AF_INET6"),
                new Row("another SPI", sa().build(), spi(0x7002),
                        "Can not find state", "id: does not name the SA, spi 0x7002 where the SA has 0x7001"),
                new Row("another old mark", sa().build(), move -> move.oldMark(3, 3).mark(3, 3), null,
                        "old_mark: 0x3/0x3 where the SA has 0x0/0x0"));
    }

    @ParameterizedTest
    @MethodSource("wrongNames")
    void isNotFoundByTheKernelUnderAnotherName(Row row) {
        SecurityAssociation before = kernel.add(row.sa());
        BatchResults results = sendRaw(before.id(), move -> encode(move, row.spoil()));
        // An SA without a mark is found under every mark; what is sent becomes its mark.
        boolean found = row.kernelSays() == null;
        assertEquals(found ? new Refusal(0, NOBODY_LISTENS, null) : new Refusal(Errno.ESRCH, row.kernelSays(), null),
                Refusal.of(results, 0));
        assertEquals(found ? new Mark(3, 3) : Mark.NONE, kernel.all().getFirst().mark());
        assertEquals(found ? TestSas.NEW_DESTINATION : before.destination(), kernel.all().getFirst().destination());
    }

    @ParameterizedTest
    @MethodSource({"rows", "wrongNames"})
    void isRefusedByTheLibraryAndNotSent(Row row) {
        SecurityAssociation before = kernel.add(row.sa());
        if (row.spoil() instanceof Poke) {
            assertRuleRefuses(row, before.id());
            return;
        }
        ObservedSocket socket = ObservedSocket.open(SocketBuffers.DEFAULT);
        List<Object> reports = new ArrayList<>();
        try (Xfrm observed = new Xfrm(new Sockets(socket)::next)) {
            MoveCounts counts = new Migrator(observed).stream(SaFilter.ALL, (sa, move) -> {
                move.newDestination(TestSas.NEW_DESTINATION.high(), TestSas.NEW_DESTINATION.low());
                row.spoil().accept(move);
                return true;
            }, report -> reports.addAll(List.of(report.outcome(), report.refusal())));
            assertEquals(new MoveCounts(0, 1, 0, 0, 0), counts);
        }

        assertEquals(List.of(Outcome.REJECTED, new Refusal(0, row.librarySays(), null)), reports);
        assertEquals(0, socket.sent(MIGRATE_STATE));
        assertEquals(List.of(before), kernel.all());
    }

    /** What the encoder cannot be made to write never gets to the pipeline: the rules themselves are asked. */
    private void assertRuleRefuses(Row row, SaId id) {
        MemorySegment memory = MemorySegment.ofArray(new byte[MigrateStateEncoder.MAX_ENCODED_LENGTH]);
        List<String> reasons = new ArrayList<>();
        assertTrue(kernel.sas().read(id, sa -> {
            MigrateStateEncoder move = new MigrateStateEncoder().wrap(memory, 0).from(sa);
            move.newDestination(TestSas.NEW_DESTINATION.high(), TestSas.NEW_DESTINATION.low());
            int length = encode(move, row.spoil());
            reasons.add(MigrateStateRules.reasonToRefuse(new MigrateStateDecoder().wrap(memory, 0, length), sa));
        }));
        assertEquals(List.of(row.librarySays()), reasons);
    }

    /** An observed socket first, and others behind it. */
    private static final class Sockets {
        private ObservedSocket first;

        Sockets(ObservedSocket first) {
            this.first = first;
        }

        RequestSocket next() {
            ObservedSocket next = first != null ? first : ObservedSocket.open(SocketBuffers.DEFAULT);
            first = null;
            return next.requests();
        }
    }

    // ---- The same by a list of moves ---------------------------------------------------------------------------

    static Stream<Arguments> movesThatTheBuilderRefuses() {
        SecurityAssociation plain = sa().build();
        SecurityAssociation out = outgoing().encap(Encap.espInUdp(1, 2)).build();
        SecurityAssociation ah = TestSas.ah(ID.spi(), AddressFamily.INET).build();
        SecurityAssociation transport = sa().mode(Mode.TRANSPORT).build();
        return Stream.of(
                Arguments.of(Move.of(new SaId(TestSas.DESTINATION, 0, Protocol.ESP, Mark.NONE))
                        .source(TestSas.NEW_SOURCE).destination(TestSas.NEW_DESTINATION).reqid(1)
                        .selector(Selector.ALL_IPV4), "id.spi: Invalid SPI 0x0"),
                Arguments.of(Move.of(plain).hostToHostSelector(),
                        "flags: UPDATE_H2H_SEL, but the SA's selector is not that of its two addresses alone"),
                Arguments.of(Move.of(plain).encap(new Encap(7, 1, 2, TestSas.SOURCE)),
                        "XFRMA_ENCAP: type 7, only ESP in UDP (2) and none (0) are supported"),
                Arguments.of(Move.of(ah).encap(Encap.espInUdp(1, 2)),
                        "XFRMA_ENCAP: protocol 51 cannot be encapsulated, only ESP can"),
                Arguments.of(Move.of(plain).mappingThreshold(9), "XFRMA_MTIMER_THRESH: 9 s without encapsulation;"
                        + " it goes with the encapsulation by itself"),
                Arguments.of(Move.of(out).mappingThreshold(9), "XFRMA_MTIMER_THRESH: 9 s on an output SA"),
                Arguments.of(Move.of(plain).natKeepalive(20),
                        "XFRMA_NAT_KEEPALIVE_INTERVAL: 20 s without encapsulation"),
                Arguments.of(Move.of(out).removeEncap().natKeepalive(20),
                        "XFRMA_NAT_KEEPALIVE_INTERVAL: 20 s without encapsulation"),
                Arguments.of(Move.of(transport).selector(Selector.ALL_IPV6),
                        "new_sel.family: 10 with new_family 2, which only tunnel modes can accommodate"),
                Arguments.of(Move.of(plain).offload(new Offload(1, 0x80)),
                        "XFRMA_OFFLOAD_DEV: unknown flags 0x80"));
    }

    @ParameterizedTest
    @MethodSource("movesThatTheBuilderRefuses")
    void cannotEvenBeBuilt(Move.Builder move, String reason) {
        IllegalArgumentException refused = assertThrows(IllegalArgumentException.class, move::build);
        assertTrue(refused.getMessage().startsWith("the move of ") && refused.getMessage().endsWith(
                " is not possible: " + reason), refused.getMessage());
    }

    /** Who makes a move by hand gets past the builder, but not past the rules. */
    @Test
    void isRefusedByTheLibraryAlsoWhenItWasMadeByHand() {
        SecurityAssociation before = kernel.add(sa().build());
        Move good = toNewDestination(before);
        Move bad = new Move(before.id(), good.newSource(), good.newDestination(), good.newReqid(), good.newSelector(),
                good.mark(), new Change.Set<>(new Encap(7, 1, 2, TestSas.SOURCE)),
                good.outputMark(), good.offload(), good.natKeepaliveSeconds(), good.mappingThresholdSeconds());
        ObservedSocket socket = ObservedSocket.open(SocketBuffers.DEFAULT);
        try (Xfrm observed = new Xfrm(socket::requests)) {
            assertEquals(List.of(new MoveResult(bad, Outcome.REJECTED, new Refusal(0,
                            "XFRMA_ENCAP: type 7, only ESP in UDP (2) and none (0) are supported", null), null)),
                    new Migrator(observed).move(List.of(bad)));
            assertEquals(0, socket.sent(MIGRATE_STATE));
        }
        assertEquals(List.of(before), kernel.all());
    }

    /** What only the SA itself would tell is left to the kernel when the SA is not at hand. */
    static Stream<Arguments> blindMoves() {
        Encap encap = Encap.espInUdp(4500, 4500);
        return Stream.of(
                blind(sa(), Move.Builder::hostToHostSelector,
                        "SA selector is not a single-host match for SA addresses"),
                blind(sa(), move -> move.mappingThreshold(9), "MTIMER_THRESH requires encapsulation"),
                blind(outgoing().encap(encap), move -> move.mappingThreshold(9),
                        "MTIMER_THRESH should not be set on output SA"),
                blind(outgoing(), move -> move.natKeepalive(20), "NAT_KEEPALIVE_INTERVAL requires encapsulation"),
                blind(sa().encap(encap), move -> move.natKeepalive(20),
                        "NAT keepalive is only supported for outbound SAs"),
                blind(sa().mode(Mode.TRANSPORT), move -> move.selector(Selector.ALL_IPV6),
                        "Only tunnel modes can accommodate a change of family"),
                blind(outgoing(), move -> move.offload(new Offload(1, Offload.INBOUND)),
                        "Mismatched SA and offload direction"),
                blind(sa(), move -> move.offload(new Offload(1, Offload.PACKET)), "State migration clone failed"),
                blind(sa(), move -> move.offload(new Offload(9999, Offload.PACKET)),
                        "State migration clone failed"));
    }

    private static Arguments blind(SecurityAssociationBuilder sa, Function<Move.Builder, Move.Builder> change,
                                   String text) {
        SecurityAssociation built = sa.build();
        Move move = change.apply(Move.of(built.id()).source(TestSas.NEW_SOURCE).destination(TestSas.NEW_DESTINATION)
                .reqid(built.reqid()).selector(built.selector())).build();
        return Arguments.of(text, built, move);
    }

    @ParameterizedTest
    @MethodSource("blindMoves")
    void isRejectedWithTheKernelsReasonAndTheSaStays(String text, SecurityAssociation sa, Move move) {
        SecurityAssociation before = kernel.add(sa);

        List<MoveResult> results = new Migrator(kernel.xfrm()).move(List.of(move));

        assertEquals(List.of(new MoveResult(move, Outcome.REJECTED, new Refusal(Errno.EINVAL, text, null), null)),
                results);
        assertEquals("esp spi 0x00007001 → 198.51.100.1: REJECTED, EINVAL (22) " + text,
                results.getFirst().toString());
        assertEquals(List.of(before), kernel.all());
        assertStillMoves(before);
    }

    /** An SA that an IKE daemon has reserved an SPI for (XFRM_MSG_ALLOCSPI) and has not filled in yet: no keys. */
    @ParameterizedTest
    @EnumSource(Acknowledge.class)
    void doesNotMoveAnSaThatIsNotFinished(Acknowledge acknowledge) {
        reserveSpi(ID.spi());
        SecurityAssociation larval = kernel.all().getFirst();
        assertEquals(List.of(), larval.algorithms());
        List<Object> reports = new ArrayList<>();

        MoveCounts counts = new Migrator(kernel.xfrm(), new MigrateOptions(8, acknowledge)).stream(SaFilter.ALL,
                (sa, move) -> {
                    move.newDestination(TestSas.NEW_DESTINATION.high(), TestSas.NEW_DESTINATION.low());
                    return true;
                }, report -> reports.addAll(List.of(report.outcome(), report.refusal())));

        assertEquals(new MoveCounts(0, 1, 0, 0, 0), counts);
        assertEquals(List.of(Outcome.REJECTED, new Refusal(Errno.EINVAL, "ESP: AEAD or CRYPT must be provided", null)),
                reports);
        assertEquals(List.of(larval), kernel.all());
    }

    private void reserveSpi(int spi) {
        NetlinkBatch batch = kernel.xfrm().requests().newBatch(1, 1024);
        long at = batch.begin(xfrm4j_h.XFRM_MSG_ALLOCSPI(), 0);
        new SaEncoder().wrap(batch.segment(), at)
                .source(TestSas.SOURCE.high(), TestSas.SOURCE.low())
                .destination(TestSas.DESTINATION.high(), TestSas.DESTINATION.low())
                .protocol(50).family(2).mode(Mode.TUNNEL.number());
        batch.segment().set(U32, at + xfrm_userspi_info.min$offset(), spi);
        batch.segment().set(U32, at + xfrm_userspi_info.max$offset(), spi);
        batch.end(xfrm_userspi_info.sizeof());
        kernel.xfrm().requests().execute(batch);
        assertEquals(0, batch.results().error(0), batch.results().text(0));
    }

    // ---- What no encoder can write -----------------------------------------------------------------------------

    @ParameterizedTest
    @ValueSource(ints = {0, 24, STRUCT_BYTES - 1})
    void isRefusedByTheKernelWhenItIsCutShort(int bytes) {
        SecurityAssociation before = kernel.add(sa().build());

        BatchResults results = sendRaw(before.id(), move -> bytes);

        assertEquals(new Refusal(Errno.EINVAL, "Invalid header length", null), Refusal.of(results, 0));
        assertEquals(List.of(before), kernel.all());
    }

    static Stream<Arguments> forbiddenAttributes() {
        List<Integer> accepted = List.of(xfrm4j_h.XFRMA_MARK(), xfrm4j_h.XFRMA_ENCAP(), xfrm4j_h.XFRMA_OFFLOAD_DEV(),
                xfrm4j_h.XFRMA_SET_MARK(), xfrm4j_h.XFRMA_SET_MARK_MASK(), xfrm4j_h.XFRMA_MTIMER_THRESH(),
                xfrm4j_h.XFRMA_NAT_KEEPALIVE_INTERVAL());
        return IntStream.rangeClosed(1, xfrm4j_h.XFRMA_IPTFS_PKT_SIZE()).filter(type -> !accepted.contains(type))
                .mapToObj(type -> Arguments.of(XfrmAttributes.name(type), type));
    }

    @ParameterizedTest
    @MethodSource("forbiddenAttributes")
    void isRefusedByTheKernelWithEveryOtherAttribute(String name, int type) {
        SecurityAssociation before = kernel.add(sa().build());
        byte[] payload = forbiddenPayload(type);

        BatchResults results = sendRaw(before.id(), move -> {
            int length = move.encode();
            AttributeEncoder attributes = new AttributeEncoder().wrap(move.segment(), move.offset() + length);
            long at = attributes.begin(type);
            MemorySegment.copy(payload, 0, move.segment(), U8, at, payload.length);
            attributes.end(payload.length);
            return length + attributes.encodedLength();
        });

        boolean named = type == xfrm4j_h.XFRMA_SA_DIR() || type == xfrm4j_h.XFRMA_SA_PCPU();
        assertEquals(named ? new Refusal(Errno.EINVAL, "Invalid attribute " + name.substring("XFRMA_".length()), null)
                        : new Refusal(Errno.EINVAL, "Unsupported attribute in XFRM_MSG_MIGRATE_STATE", name),
                Refusal.of(results, 0));
        assertEquals(List.of(before), kernel.all());
    }

    /** As long as the kernel's xfrma_policy wants them. */
    private static byte[] forbiddenPayload(int type) {
        if (type == xfrm4j_h.XFRMA_IPTFS_DONT_FRAG()) {
            return new byte[0];
        }
        if (type == xfrm4j_h.XFRMA_SA_DIR()) {
            return new byte[] {1};
        }
        if (type > xfrm4j_h.XFRMA_SA_DIR()) {
            return new byte[type == xfrm4j_h.XFRMA_IPTFS_REORDER_WINDOW() ? 2 : 4];
        }
        boolean long64 = type == xfrm4j_h.XFRMA_LASTUSED();
        boolean wide = List.of(xfrm4j_h.XFRMA_PROTO(), xfrm4j_h.XFRMA_TFCPAD(), xfrm4j_h.XFRMA_REPLAY_THRESH(),
                xfrm4j_h.XFRMA_ETIMER_THRESH(), xfrm4j_h.XFRMA_SA_EXTRA_FLAGS(), xfrm4j_h.XFRMA_IF_ID()).contains(type);
        return new byte[type == xfrm4j_h.XFRMA_PROTO() ? 1 : wide ? 4 : long64 ? 8 : 512];
    }

    @Test
    void isRefusedByTheKernelWhenAnAttributeIsCutShort() {
        SecurityAssociation before = kernel.add(sa().build());

        BatchResults results = sendRaw(before.id(), move -> {
            int length = move.encode();
            AttributeEncoder attributes = new AttributeEncoder().wrap(move.segment(), move.offset() + length);
            attributes.putU32(xfrm4j_h.XFRMA_MARK(), 1);
            return length + attributes.encodedLength();
        });

        assertEquals(new Refusal(Errno.ERANGE, "Attribute failed policy validation", "XFRMA_MARK"),
                Refusal.of(results, 0));
        assertEquals(List.of(before), kernel.all());
    }

    // ---- No such SA --------------------------------------------------------------------------------------------

    static Stream<SaId> absent() {
        return Stream.of(
                SaId.of(ID.destination(), 0x7002, Protocol.ESP),
                SaId.of(TestSas.SOURCE, ID.spi(), Protocol.ESP),
                SaId.of(ID.destination(), ID.spi(), Protocol.AH),
                SaId.of(TestSas.DESTINATION6, ID.spi(), Protocol.ESP),
                ID.withMark(new Mark(2, 0xff)));
    }

    @ParameterizedTest
    @MethodSource("absent")
    void isGoneWhereThereIsNoSuchSa(SaId absent) {
        SecurityAssociation marked = sa().mark(new Mark(1, 0xff)).build();
        SecurityAssociation before = kernel.add(absent.mark().isNone() ? sa().build() : marked);
        Move move = blindMove(absent);

        MoveResult result = new Migrator(kernel.xfrm()).move(List.of(move)).getFirst();

        assertEquals(new MoveResult(move, Outcome.GONE, new Refusal(Errno.ESRCH, "Can not find state", null), null),
                result);
        assertEquals(List.of(before), kernel.all());
    }

    @Test
    void isGoneWhenItHasExpired() throws Exception {
        Lifetime oneSecond = Lifetime.UNLIMITED.withSecondsSinceAdded(0, 1);
        SecurityAssociation before = kernel.add(sa().lifetime(oneSecond).build());
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (!kernel.all().isEmpty()) {
            assertTrue(System.nanoTime() < deadline, "the SA does not expire");
            Thread.sleep(50);
        }
        Move move = toNewDestination(before);

        assertEquals(new MoveResult(move, Outcome.GONE, new Refusal(Errno.ESRCH, "Can not find state", null), null),
                new Migrator(kernel.xfrm()).move(List.of(move)).getFirst());
        assertEquals(List.of(), kernel.all());
    }

    // ---- The place is taken ------------------------------------------------------------------------------------

    @Test
    void isRejectedWhereThePlaceIsTakenAndCanBeTriedAgain() {
        SecurityAssociation occupant = kernel.add(sa().destination(TestSas.NEW_DESTINATION)
                .algorithm(TestSas.aesGcm(99)).build());
        SecurityAssociation before = kernel.add(sa().build());
        Move move = toNewDestination(before);

        MoveResult result = new Migrator(kernel.xfrm()).move(List.of(move)).getFirst();

        assertEquals(new MoveResult(move, Outcome.REJECTED,
                new Refusal(Errno.EEXIST, "New SA tuple already occupied", null), null), result);
        assertEquals("esp spi 0x00007001 → 198.51.100.1: REJECTED, EEXIST (17) New SA tuple already occupied",
                result.toString());
        assertEquals(List.of(before, occupant), kernel.all());

        assertTrue(kernel.sas().delete(occupant.id()));
        assertEquals(Outcome.MOVED, new Migrator(kernel.xfrm()).move(List.of(move)).getFirst().outcome());
        assertEquals(before.algorithms(), kernel.all().getFirst().algorithms());
    }

    /** An SA without a mark takes the packets of every mark: it is in the way of all. */
    @Test
    void isRejectedWhereOneWithoutAMarkStands() {
        SecurityAssociation occupant = kernel.add(sa().destination(TestSas.NEW_DESTINATION).build());
        SecurityAssociation before = kernel.add(sa().mark(Mark.exactly(5)).build());

        MoveResult result = new Migrator(kernel.xfrm()).move(List.of(toNewDestination(before))).getFirst();

        assertEquals(new Refusal(Errno.EEXIST, "New SA tuple already occupied", null), result.refusal());
        assertEquals(List.of(before, occupant), kernel.all());
    }

    @Test
    void movesBesideOneOfAnotherMark() {
        SecurityAssociation other = kernel.add(sa().destination(TestSas.NEW_DESTINATION).mark(Mark.exactly(4)).build());
        SecurityAssociation before = kernel.add(sa().mark(Mark.exactly(5)).build());

        assertEquals(Outcome.MOVED,
                new Migrator(kernel.xfrm()).move(List.of(toNewDestination(before))).getFirst().outcome());
        assertEquals(List.of(other.id().withMark(Mark.exactly(5)), other.id()),
                kernel.all().stream().map(SecurityAssociation::id).toList());
    }

    // ---- No permission -----------------------------------------------------------------------------------------

    /** What runs without CAP_NET_ADMIN. */
    static final class Unprivileged {
        public static void main(String[] args) {
            try (Xfrm xfrm = Xfrm.open()) {
                for (Acknowledge acknowledge : Acknowledge.values()) {
                    Move move = blindMove(ID);
                    MoveResult result = new Migrator(xfrm, new MigrateOptions(8, acknowledge))
                            .move(List.of(move)).getFirst();
                    System.out.println(result + " | " + result.refusal().errno() + " | " + result.warning());
                }
                refused(() -> xfrm.sas().list(SaFilter.ALL));
                refused(() -> xfrm.sas().get(ID));
                refused(() -> xfrm.sas().add(sa().build()));
                refused(() -> xfrm.sas().update(sa().build()));
                refused(() -> xfrm.sas().delete(ID));
                refused(() -> xfrm.sas().flush());
                refused(() -> new Migrator(xfrm).stream(SaFilter.ALL, (sa, move) -> true, report -> { }));
                System.out.println(xfrm.sas().addAll(List.of(sa().build())));
            }
        }

        private static void refused(Runnable call) {
            try {
                call.run();
                System.out.println("permitted");
            } catch (NetlinkException refused) {
                System.out.println(refused.getMessage());
            }
        }
    }

    @Test
    void isRejectedWithoutPermissionAndTheSaStays() throws Exception {
        SecurityAssociation before = kernel.add(sa().build());

        List<String> printed = ChildJvm.run(ChildJvm.WITHOUT_NET_ADMIN, Unprivileged.class);

        String rejected = "esp spi 0x00007001 → 198.51.100.1: REJECTED, EPERM (1) | 1 | null";
        String refused = " refused: EPERM (1) [esp spi 0x00007001 → 198.51.100.1]";
        assertEquals(List.of(rejected, rejected,
                "the kernel ended the dump: EPERM (1)",
                "XFRM_MSG_GETSA" + refused,
                "XFRM_MSG_NEWSA" + refused,
                "XFRM_MSG_UPDSA" + refused,
                "XFRM_MSG_DELSA" + refused,
                "XFRM_MSG_FLUSHSA refused: EPERM (1) [all protocols]",
                "the kernel ended the dump: EPERM (1)",
                "[AddRefusal[index=0, id=esp spi 0x00007001 → 198.51.100.1, refusal=EPERM (1)]]"), printed);
        assertEquals(List.of(before), kernel.all());
    }

    // ---- Success with a warning --------------------------------------------------------------------------------

    @ParameterizedTest
    @EnumSource(Acknowledge.class)
    void movesWithAWarningWhereNobodyListens(Acknowledge acknowledge) {
        List<Move> moves = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            moves.add(toNewDestination(kernel.add(TestSas.esp(0x7100 + i).build())));
        }

        List<MoveResult> results = new Migrator(kernel.xfrm(), new MigrateOptions(8, acknowledge)).move(moves);

        String others = acknowledge == Acknowledge.EVERY ? NOBODY_LISTENS : null;
        assertEquals(List.of(new MoveResult(moves.get(0), Outcome.MOVED, null, others),
                new MoveResult(moves.get(1), Outcome.MOVED, null, others),
                new MoveResult(moves.get(2), Outcome.MOVED, null, NOBODY_LISTENS)), results);
        assertEquals(Collections.nCopies(3, TestSas.NEW_DESTINATION),
                kernel.all().stream().map(SecurityAssociation::destination).toList());
    }

    @ParameterizedTest
    @EnumSource(Acknowledge.class)
    void movesWithoutAWarningWhereSomebodyListens(Acknowledge acknowledge) {
        Move move = toNewDestination(kernel.add(sa().build()));
        try (EventSocket events = EventSocket.open(xfrm4j_h.NETLINK_XFRM(), SocketBuffers.DEFAULT,
                XFRMNLGRP_MIGRATE)) {
            assertEquals(List.of(new MoveResult(move, Outcome.MOVED, null, null)),
                    new Migrator(kernel.xfrm(), new MigrateOptions(8, acknowledge)).move(List.of(move)));
            assertEquals(EventSocket.Found.MESSAGE, events.next(0));
            assertEquals(MIGRATE_STATE, events.type());
        }
    }

    /** What is refused is not announced. */
    @Test
    void isNotAnnouncedWhenItIsRejectedOrGone() {
        kernel.add(sa().destination(TestSas.NEW_DESTINATION).build());
        SecurityAssociation before = kernel.add(sa().build());
        Move absent = blindMove(SaId.of(TestSas.DESTINATION, 0x7777, Protocol.ESP));
        try (EventSocket events = EventSocket.open(xfrm4j_h.NETLINK_XFRM(), SocketBuffers.DEFAULT,
                XFRMNLGRP_MIGRATE)) {
            assertEquals(List.of(Outcome.REJECTED, Outcome.GONE), new Migrator(kernel.xfrm())
                    .move(List.of(toNewDestination(before), absent)).stream().map(MoveResult::outcome).toList());
            assertEquals(EventSocket.Found.NOTHING, events.next(0));
        }
    }

    // ---- Help --------------------------------------------------------------------------------------------------

    private static Move toNewDestination(SecurityAssociation sa) {
        return Move.of(sa).destination(TestSas.NEW_DESTINATION).build();
    }

    private static Move blindMove(SaId id) {
        return Move.of(id).source(TestSas.NEW_SOURCE).destination(TestSas.NEW_DESTINATION).reqid(1)
                .selector(Selector.of(IpPrefix.ALL_IPV4, IpPrefix.ALL_IPV4)).build();
    }

    /** Writes what follows the header of a message that starts as a good move, and returns its length. */
    private interface RawMessage {
        int write(MigrateStateEncoder move);
    }

    /** Sends a message past the rules; it would move the SA to {@link TestSas#NEW_DESTINATION}. */
    private BatchResults sendRaw(SaId id, RawMessage message) {
        NetlinkBatch batch = kernel.xfrm().requests().newBatch(1, 2048);
        MigrateStateEncoder move = new MigrateStateEncoder();
        long payload = batch.begin(MIGRATE_STATE, 0);
        assertTrue(kernel.sas().read(id, sa -> move.wrap(batch.segment(), payload).from(sa)));
        move.newDestination(TestSas.NEW_DESTINATION.high(), TestSas.NEW_DESTINATION.low());
        batch.end(message.write(move));
        kernel.xfrm().requests().execute(batch);
        return batch.results();
    }
}
