package org.xfrm4j.migrate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.xfrm4j.EmbeddedKernel;
import org.xfrm4j.TestSas;
import org.xfrm4j.netlink.Errno;
import org.xfrm4j.sa.AddressFamily;
import org.xfrm4j.sa.Direction;
import org.xfrm4j.sa.Encap;
import org.xfrm4j.sa.IpAddress;
import org.xfrm4j.sa.IpPrefix;
import org.xfrm4j.sa.Lifetime;
import org.xfrm4j.sa.Mark;
import org.xfrm4j.sa.Mode;
import org.xfrm4j.sa.Offload;
import org.xfrm4j.sa.ReplayEsn;
import org.xfrm4j.sa.ReplayState;
import org.xfrm4j.sa.SecurityAssociation;
import org.xfrm4j.sa.SecurityAssociationBuilder;
import org.xfrm4j.sa.Selector;

/** What else changes when an SA moves: each property kept, set and removed, and all others as they were. */
class MoveChangesIT {
    private static final int SPI = 0xc0ffee01;
    private static final Encap NAT_T = Encap.espInUdp(4500, 32_768);
    private static final Encap OTHER_PORTS = Encap.espInUdp(4500, 61_234);

    @RegisterExtension
    final EmbeddedKernel kernel = new EmbeddedKernel();

    private final MoveCheck check = new MoveCheck(kernel);

    @BeforeEach
    void addsOthersThatMustNotChange() {
        kernel.add(TestSas.inUse(TestSas.esp(SPI + 1)).encap(NAT_T).build());
        kernel.add(TestSas.inUse(TestSas.ah(SPI, AddressFamily.INET)).outputMark(new Mark(1, 2)).build());
    }

    /** Moves to new addresses, with that change and that difference beside. */
    private SecurityAssociation moves(SecurityAssociation before, UnaryOperator<Move.Builder> change,
            UnaryOperator<SecurityAssociationBuilder> difference) {
        return check.moves(before,
                move -> change.apply(move.source(TestSas.NEW_SOURCE).destination(TestSas.NEW_DESTINATION)),
                sa -> difference.apply(sa.source(TestSas.NEW_SOURCE).destination(TestSas.NEW_DESTINATION)));
    }

    private SecurityAssociation add(UnaryOperator<SecurityAssociationBuilder> with) {
        return kernel.add(with.apply(TestSas.inUse(TestSas.esp(SPI))).build());
    }

    private static SecurityAssociationBuilder outgoing(SecurityAssociationBuilder sa) {
        return sa.direction(Direction.OUT).replayWindow(0).replay(new ReplayState(0x1234, 0, 0))
                .flags(SecurityAssociation.FLAG_NO_ECN);
    }

    private static SecurityAssociationBuilder incoming(SecurityAssociationBuilder sa) {
        return sa.direction(Direction.IN).replay(new ReplayState(0, 0x5678, 0x0f0f0f0f)).extraFlags(0);
    }

    // ---- Encapsulation -----------------------------------------------------------------------------------------

    @Test
    void addsEncapsulation() {
        moves(add(sa -> sa), move -> move.encap(NAT_T), sa -> sa.encap(NAT_T));
    }

    @Test
    void keepsEncapsulation() {
        moves(add(sa -> sa.encap(NAT_T)), move -> move, sa -> sa);
    }

    @Test
    void changesThePortsOfEncapsulation() {
        moves(add(sa -> sa.encap(NAT_T)), move -> move.encap(OTHER_PORTS), sa -> sa.encap(OTHER_PORTS));
    }

    @Test
    void changesThePortsOfEncapsulationAlone() {
        check.moves(add(sa -> sa.encap(NAT_T)), move -> move.encap(OTHER_PORTS), sa -> sa.encap(OTHER_PORTS));
    }

    @Test
    void removesEncapsulation() {
        moves(add(sa -> sa.encap(NAT_T)), Move.Builder::removeEncap, sa -> sa.encap(null));
    }

    @Test
    void removesEncapsulationThatIsNotThere() {
        moves(add(sa -> sa), Move.Builder::removeEncap, sa -> sa);
    }

    @Test
    void keepsAndChangesTheAddressBeforeNat() {
        Encap first = new Encap(Encap.ESP_IN_UDP, 4500, 4500, IpAddress.parse("10.0.0.1"));
        Encap second = new Encap(Encap.ESP_IN_UDP, 4500, 4500, IpAddress.parse("10.0.0.2"));
        SecurityAssociation sa = moves(add(with -> with.encap(first)), move -> move, kept -> kept);
        moves(sa, move -> move.encap(second), changed -> changed.encap(second));
    }

    @Test
    void takesEncapsulationAlongFromIpv4ToIpv6AndBack() {
        SecurityAssociation before = add(sa -> sa.encap(NAT_T));
        SecurityAssociation there = check.moves(before,
                move -> move.source(TestSas.NEW_SOURCE6).destination(TestSas.NEW_DESTINATION6),
                sa -> sa.source(TestSas.NEW_SOURCE6).destination(TestSas.NEW_DESTINATION6));
        check.moves(there, move -> move.source(TestSas.SOURCE).destination(TestSas.DESTINATION).encap(OTHER_PORTS),
                sa -> sa.source(TestSas.SOURCE).destination(TestSas.DESTINATION).encap(OTHER_PORTS));
    }

    // ---- Reqid -------------------------------------------------------------------------------------------------

    @Test
    void changesTheReqid() {
        moves(add(sa -> sa.reqid(7)), move -> move.reqid(0xfffffff8), sa -> sa.reqid(0xfffffff8));
    }

    @Test
    void takesReqid0ForNoneAndNotForKeep() {
        moves(add(sa -> sa.reqid(7)), move -> move.reqid(0), sa -> sa.reqid(0));
    }

    @Test
    void keepsAReqidOf0() {
        moves(add(sa -> sa.reqid(0)), move -> move, sa -> sa);
    }

    // ---- Selector ----------------------------------------------------------------------------------------------

    private static final Selector NARROW = Selector.of(IpPrefix.parse("10.1.0.0/16"), IpPrefix.parse("10.2.3.0/24"))
            .withProtocol(6).withSourcePort(1000, 0xfff8).withDestinationPort(443, 0xffff).withIfindex(1);

    @Test
    void keepsASelectorInAllItsParts() {
        moves(add(sa -> sa.selector(NARROW)), move -> move, sa -> sa);
    }

    @Test
    void setsASelector() {
        moves(add(sa -> sa), move -> move.selector(NARROW), sa -> sa.selector(NARROW));
    }

    @Test
    void setsASelectorOfTheOtherFamilyInsideATunnel() {
        Selector inside = Selector.of(IpPrefix.parse("2001:db8:a::/48"), IpPrefix.parse("2001:db8:b::1"));
        moves(add(sa -> sa.selector(NARROW)), move -> move.selector(inside), sa -> sa.selector(inside));
    }

    @Test
    void derivesAHostToHostSelectorAndKeepsWhatIsAboveIp() {
        Selector before = TestSas.hostToHost(TestSas.SOURCE, TestSas.DESTINATION).withProtocol(17)
                .withSourcePort(500, 0xffff).withDestinationPort(501, 0xff00).withIfindex(1);
        Selector after = TestSas.hostToHost(TestSas.NEW_SOURCE, TestSas.NEW_DESTINATION).withProtocol(17)
                .withSourcePort(500, 0xffff).withDestinationPort(501, 0xff00).withIfindex(1);
        moves(add(sa -> sa.mode(Mode.TRANSPORT).selector(before)), Move.Builder::hostToHostSelector,
                sa -> sa.selector(after));
    }

    // ---- NAT keepalive and mapping threshold --------------------------------------------------------------------

    @Test
    void setsChangesKeepsAndRemovesTheNatKeepalive() {
        SecurityAssociation sa = add(with -> outgoing(with).encap(NAT_T));
        sa = moves(sa, move -> move.natKeepalive(20), set -> set.natKeepaliveInterval(20));
        sa = check.moves(sa, move -> move.natKeepalive(0x7fff_ffff), set -> set.natKeepaliveInterval(0x7fff_ffff));
        sa = check.moves(sa, move -> move.encap(OTHER_PORTS), kept -> kept.encap(OTHER_PORTS));
        check.moves(sa, Move.Builder::removeNatKeepalive, removed -> removed.natKeepaliveInterval(0));
    }

    @Test
    void addsEncapsulationAndNatKeepaliveTogether() {
        moves(add(MoveChangesIT::outgoing), move -> move.encap(NAT_T).natKeepalive(25),
                sa -> sa.encap(NAT_T).natKeepaliveInterval(25));
    }

    @Test
    void removesTheNatKeepaliveTogetherWithTheEncapsulation() {
        moves(add(sa -> outgoing(sa).encap(NAT_T).natKeepaliveInterval(20)), Move.Builder::removeEncap,
                sa -> sa.encap(null).natKeepaliveInterval(0));
    }

    @Test
    void removesTheNatKeepaliveOfAnSaThatHasNoEncapsulation() {
        moves(add(sa -> sa), Move.Builder::removeNatKeepalive, sa -> sa);
    }

    @Test
    void setsChangesKeepsAndRemovesTheMappingThreshold() {
        SecurityAssociation sa = add(with -> incoming(with).encap(NAT_T));
        sa = moves(sa, move -> move.mappingThreshold(60), set -> set.mappingThreshold(60));
        sa = check.moves(sa, move -> move.mappingThreshold(0x7fff_ffff), set -> set.mappingThreshold(0x7fff_ffff));
        sa = check.moves(sa, move -> move.encap(OTHER_PORTS), kept -> kept.encap(OTHER_PORTS));
        check.moves(sa, Move.Builder::removeMappingThreshold, removed -> removed.mappingThreshold(0));
    }

    @Test
    void addsEncapsulationAndMappingThresholdTogether() {
        moves(add(MoveChangesIT::incoming), move -> move.encap(NAT_T).mappingThreshold(61),
                sa -> sa.encap(NAT_T).mappingThreshold(61));
    }

    @Test
    void removesTheMappingThresholdTogetherWithTheEncapsulation() {
        moves(add(sa -> incoming(sa).encap(NAT_T).mappingThreshold(60)), Move.Builder::removeEncap,
                sa -> sa.encap(null).mappingThreshold(0));
    }

    @Test
    void setsTheMappingThresholdOfAnSaWithoutDirection() {
        moves(add(sa -> sa.encap(NAT_T)), move -> move.mappingThreshold(60), sa -> sa.mappingThreshold(60));
    }

    // ---- Output mark -------------------------------------------------------------------------------------------

    @Test
    void setsAnOutputMark() {
        moves(add(sa -> sa), move -> move.outputMark(new Mark(0x10, 0xff)), sa -> sa.outputMark(new Mark(0x10, 0xff)));
    }

    @Test
    void keepsAnOutputMark() {
        moves(add(sa -> sa.outputMark(new Mark(0x10, 0xff))), move -> move, sa -> sa);
    }

    @Test
    void keepsAnOutputMarkOfZeroWithAMask() {
        moves(add(sa -> sa.outputMark(new Mark(0, 0xff))), move -> move, sa -> sa);
    }

    @Test
    void changesValueAndMaskOfAnOutputMark() {
        moves(add(sa -> sa.outputMark(new Mark(0x10, 0xff))), move -> move.outputMark(Mark.exactly(0xcafe)),
                sa -> sa.outputMark(Mark.exactly(0xcafe)));
    }

    @Test
    void removesAnOutputMark() {
        moves(add(sa -> sa.outputMark(new Mark(0x10, 0xff))), Move.Builder::removeOutputMark,
                sa -> sa.outputMark(Mark.NONE));
    }

    // ---- Offload -----------------------------------------------------------------------------------------------

    @Test
    void removesAnOffloadThatIsNotThere() {
        moves(add(sa -> sa), Move.Builder::removeOffload, sa -> sa);
    }

    /** A device that cannot do it: the kernel moves the SA, does the work itself, and says nothing. */
    @Test
    void movesWithoutOffloadWhereTheDeviceCannotDoTheCryptography() throws SocketException {
        Offload crypto = new Offload(loopback(), 0);
        SecurityAssociation after = moves(add(sa -> sa), move -> move.offload(crypto), sa -> sa);
        assertNull(after.offload());
    }

    @Test
    void doesNotMoveWhereTheDeviceCannotDoItAll() throws SocketException {
        SecurityAssociation sa = add(with -> with);
        List<SecurityAssociation> before = kernel.all();
        Move move = Move.of(sa).destination(TestSas.NEW_DESTINATION)
                .offload(new Offload(loopback(), Offload.PACKET)).build();

        MoveResult result = new Migrator(kernel.xfrm()).move(List.of(move)).getFirst();

        assertEquals(Outcome.REJECTED, result.outcome());
        assertEquals(Errno.EINVAL, result.refusal().errno());
        assertEquals("State migration clone failed", result.refusal().text());
        check.assertHolds(before);
    }

    private static int loopback() throws SocketException {
        return NetworkInterface.getByName("lo").getIndex();
    }

    // ---- What a move cannot change ------------------------------------------------------------------------------

    @Test
    void keepsTheDirectionOfIncomingAndOutgoingSas() {
        SecurityAssociation in = kernel.add(incoming(TestSas.inUse(TestSas.esp(SPI))).build());
        SecurityAssociation out = kernel.add(outgoing(TestSas.inUse(TestSas.esp(SPI + 2))).build());
        assertEquals(Direction.IN, moves(in, move -> move, sa -> sa).direction());
        assertEquals(Direction.OUT, moves(out, move -> move, sa -> sa).direction());
    }

    @Test
    void keepsTheCpu() {
        moves(add(sa -> outgoing(sa).cpu(0)), move -> move, sa -> sa);
    }

    @Test
    void keepsTheSequenceNumbersOfAnOutgoingSaWithEsn() {
        moves(add(sa -> outgoing(sa).replay(new ReplayEsn(0xffff_ffff_ffff_fff0L, 0, 0, List.of()))
                .flags(SecurityAssociation.FLAG_ESN)), move -> move, sa -> sa);
    }

    @Test
    void keepsTheLargestReplayWindow() {
        Integer[] bitmap = new Integer[ReplayEsn.MAX_WINDOW / Integer.SIZE];
        for (int i = 0; i < bitmap.length; i++) {
            bitmap[i] = 0x9e3779b9 * (i + 1);
        }
        moves(add(sa -> sa.replayWindow(0).flags(SecurityAssociation.FLAG_ESN)
                .replay(new ReplayEsn(1, 0x1_0000_0002L, ReplayEsn.MAX_WINDOW, List.of(bitmap)))),
                move -> move, sa -> sa);
    }

    @Test
    void keepsEachLimit() {
        moves(add(sa -> sa.lifetime(new Lifetime(1L << 50, -2, 1L << 60, -3, 80_000, 0xffff_ffffL, 70_000, 80_001))),
                move -> move, sa -> sa);
    }

    // ---- All at once -------------------------------------------------------------------------------------------

    @Test
    void changesEverythingThatCanBeChangedInOneMove() {
        SecurityAssociation before = add(sa -> outgoing(sa).encap(NAT_T).natKeepaliveInterval(20)
                .mark(new Mark(0x100, 0xff00)).outputMark(new Mark(1, 1)).selector(NARROW));
        Selector everything = Selector.ALL_IPV6;
        check.moves(before, move -> move.source(TestSas.NEW_SOURCE6).destination(TestSas.NEW_DESTINATION6)
                        .encap(OTHER_PORTS).natKeepalive(30).mark(new Mark(0x200, 0xffff)).reqid(77)
                        .outputMark(new Mark(2, 3)).selector(everything).removeOffload(),
                sa -> sa.source(TestSas.NEW_SOURCE6).destination(TestSas.NEW_DESTINATION6)
                        .encap(OTHER_PORTS).natKeepaliveInterval(30).mark(new Mark(0x200, 0xffff)).reqid(77)
                        .outputMark(new Mark(2, 3)).selector(everything));
    }

    @Test
    void removesEverythingThatCanBeRemovedInOneMove() {
        SecurityAssociation before = add(sa -> outgoing(sa).encap(NAT_T).natKeepaliveInterval(20)
                .mark(new Mark(0x100, 0xff00)).outputMark(new Mark(1, 1)).selector(NARROW).reqid(7));
        moves(before, move -> move.removeEncap().removeNatKeepalive().removeMark().removeOutputMark()
                        .removeOffload().reqid(0).selector(Selector.ALL_IPV4),
                sa -> sa.encap(null).natKeepaliveInterval(0).mark(Mark.NONE).outputMark(Mark.NONE).reqid(0)
                        .selector(Selector.ALL_IPV4));
    }
}
