package org.xfrm4j.migrate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import org.junit.jupiter.api.Test;
import org.xfrm4j.RandomSas;
import org.xfrm4j.TestSas;
import org.xfrm4j.sa.AddressFamily;
import org.xfrm4j.sa.Direction;
import org.xfrm4j.sa.Encap;
import org.xfrm4j.sa.IpAddress;
import org.xfrm4j.sa.IpPrefix;
import org.xfrm4j.sa.Mark;
import org.xfrm4j.sa.Offload;
import org.xfrm4j.sa.Mode;
import org.xfrm4j.sa.Protocol;
import org.xfrm4j.sa.SecurityAssociation;
import org.xfrm4j.sa.Selector;
import org.xfrm4j.wire.MigrateStateRules;

/** Each change against a {@link Move} that says the same. */
class SaChangeTest {
    private static final IpPrefix IPV4 = IpPrefix.parse("128.0.0.0/1");
    private static final IpPrefix NEW_IPV4 = IpPrefix.parse("0.0.0.0/1");

    private static final List<SecurityAssociation> SAS = sas();

    private static List<SecurityAssociation> sas() {
        List<SecurityAssociation> sas = new ArrayList<>();
        for (SecurityAssociation sa : RandomSas.of(12, 400)) {
            if (sa.id().protocol().hasSpi()) {
                sas.add(sa);
            }
        }
        return sas;
    }

    private static void assertMakes(BiFunction<SecurityAssociation, Move.Builder, Move.Builder> model,
            SaChange change) {
        int compared = 0;
        for (SecurityAssociation sa : SAS) {
            DumpedSa dumped = new DumpedSa(sa);
            if (MigrateStateRules.reasonToRefuse(dumped.message(change), dumped.decoder()) == null) {
                Move expected = model.apply(sa, Move.of(sa).mark(sa.mark())).build();
                Move made = dumped.move(change);
                // Where there is a mark it is sent along, whether it changes or not.
                assertEquals(expected, made.mark() instanceof Change.Inherit ? withMark(made) : made, sa::toString);
                compared++;
            }
        }
        assertTrue(compared > 10, "tells nothing: " + compared);
    }

    private static Move withMark(Move move) {
        return new Move(move.sa(), move.newSource(), move.newDestination(), move.newReqid(), move.newSelector(),
                Change.to(move.sa().mark()), move.encap(), move.outputMark(), move.offload(),
                move.natKeepaliveSeconds(), move.mappingThresholdSeconds());
    }

    private static IpAddress mapped(IpAddress address) {
        return address.family() == AddressFamily.INET && address.high() < 0
                ? IpAddress.ofIpv4((int) (address.high() >>> 32) & 0x7fffffff) : address;
    }

    @Test
    void localMapsThisSideAndNoOtherAddress() {
        assertMakes((sa, move) -> {
            IpAddress source = sa.direction() == Direction.IN ? sa.source() : mapped(sa.source());
            IpAddress destination = sa.direction() == Direction.OUT ? sa.id().destination()
                    : mapped(sa.id().destination());
            return move.source(source).destination(destination);
        }, SaChange.local(IPV4, NEW_IPV4));
    }

    @Test
    void remoteMapsTheOtherSide() {
        assertMakes((sa, move) -> {
            IpAddress source = sa.direction() == Direction.OUT ? sa.source() : mapped(sa.source());
            IpAddress destination = sa.direction() == Direction.IN ? sa.id().destination()
                    : mapped(sa.id().destination());
            return move.source(source).destination(destination);
        }, SaChange.remote(IPV4, NEW_IPV4));
    }

    @Test
    void addressesOfBothSidesMayGoToAnotherFamily() {
        SecurityAssociation sa = TestSas.esp(1).replayWindow(0).direction(Direction.OUT).build();
        SaChange local = SaChange.local(IpPrefix.parse("192.0.2.0/24"), IpPrefix.parse("2001:db8:1::/120"));
        SaChange remote = SaChange.remote(IpPrefix.host(TestSas.DESTINATION), IpPrefix.host(TestSas.DESTINATION6));

        Move move = new DumpedSa(sa).move(local.and(remote));

        assertEquals(TestSas.SOURCE6, move.newSource());
        assertEquals(TestSas.DESTINATION6, move.newDestination());
        assertEquals(move, new DumpedSa(sa).move(remote.and(local)));
    }

    @Test
    void anAddressThatIsForgottenWhenTheFamilyChangesIsRefused() {
        DumpedSa out = new DumpedSa(TestSas.esp(1).replayWindow(0).direction(Direction.OUT).build());
        SaChange local = SaChange.local(IpPrefix.host(TestSas.SOURCE), IpPrefix.host(TestSas.SOURCE6));
        SaChange remote = SaChange.remote(IpPrefix.host(TestSas.DESTINATION), IpPrefix.host(TestSas.DESTINATION6));
        assertEquals("new_daddr: still the SA's, where new_family is another",
                MigrateStateRules.reasonToRefuse(out.message(local), out.decoder()));
        assertEquals("new_saddr: still the SA's, where new_family is another",
                MigrateStateRules.reasonToRefuse(out.message(remote), out.decoder()));
    }

    @Test
    void reqidIsOneForAllOrMapped() {
        assertMakes((sa, move) -> move.reqid(7), SaChange.reqid(7));
        assertMakes((sa, move) -> move.reqid(0), SaChange.reqid(0));
        assertMakes((sa, move) -> move.reqid(sa.reqid() ^ 0x55), SaChange.reqid(reqid -> reqid ^ 0x55));
    }

    @Test
    void selectorIsSet() {
        Selector selector = Selector.of(IpPrefix.parse("10.1.0.0/16"), IpPrefix.parse("10.2.3.4"));
        assertMakes((sa, move) -> move.selector(selector), SaChange.selector(selector));
    }

    @Test
    void selectorFollowsOnlyWhereItIsOfTheSasOwnHosts() {
        DumpedSa host = new DumpedSa(TestSas.esp(1).selector(TestSas.hostToHost(TestSas.SOURCE, TestSas.DESTINATION))
                .build());
        assertEquals(new NewSelector.HostToHost(), host.move(SaChange.hostToHostSelector()).newSelector());
        DumpedSa any = new DumpedSa(TestSas.esp(1).build());
        assertTrue(MigrateStateRules.reasonToRefuse(any.message(SaChange.hostToHostSelector()), any.decoder())
                .startsWith("flags: UPDATE_H2H_SEL"));
    }

    @Test
    void marksAreSetAndRemoved() {
        Mark mark = new Mark(0x50, 0xff);
        assertMakes((sa, move) -> move.mark(mark), SaChange.mark(mark));
        assertMakes((sa, move) -> move.mark(Mark.NONE), SaChange.removeMark());
        assertMakes((sa, move) -> move.outputMark(mark), SaChange.outputMark(mark));
        assertMakes((sa, move) -> move.outputMark(Mark.NONE), SaChange.removeOutputMark());
    }

    @Test
    void portsOfAnIncomingSaAreTheOtherWayRound() {
        Encap encap = new Encap(Encap.ESP_IN_UDP, 4500, 31_000, IpAddress.UNSPECIFIED);
        assertMakes((sa, move) -> move.encap(sa.direction() == Direction.IN
                        ? new Encap(Encap.ESP_IN_UDP, 31_000, 4500, encapOriginal(sa))
                        : new Encap(Encap.ESP_IN_UDP, 4500, 31_000, encapOriginal(sa))),
                SaChange.encap(encap));
        assertMakes((sa, move) -> move.removeEncap(), SaChange.removeEncap());
    }

    /** An address that is not there is read as that of the family. */
    private static IpAddress encapOriginal(SecurityAssociation sa) {
        DumpedSa dumped = new DumpedSa(sa);
        return ((Change.Set<Encap>) dumped.move(SaChange.encap(
                new Encap(Encap.ESP_IN_UDP, 1, 2, IpAddress.UNSPECIFIED))).encap()).value().originalAddress();
    }

    @Test
    void keepaliveIsForOutgoingSas() {
        assertMakes((sa, move) -> sa.direction() == Direction.OUT ? move.natKeepalive(20) : move,
                SaChange.natKeepalive(20));
        assertMakes((sa, move) -> sa.direction() == Direction.OUT ? move.natKeepalive(0) : move,
                SaChange.natKeepalive(0));
    }

    @Test
    void offloadIsSetAndRemoved() {
        Offload offload = new Offload(7, 0);
        assertMakes((sa, move) -> move.offload(offload), SaChange.offload(offload));
        assertMakes((sa, move) -> move.removeOffload(), SaChange.removeOffload());
    }

    @Test
    void oneAfterAnotherAndForSomeAlone() {
        assertMakes((sa, move) -> sa.mode().equals(Mode.TRANSPORT) ? move.reqid(2) : move.reqid(1),
                SaChange.reqid(1).and(SaChange.reqid(2).where(SaSelection.mode(Mode.TRANSPORT))));
        assertMakes((sa, move) -> sa.id().protocol().equals(Protocol.ESP) ? move.reqid(1).outputMark(Mark.exactly(3))
                        : move, SaChange.reqid(1).and(SaChange.outputMark(Mark.exactly(3)))
                .where(SaSelection.protocol(Protocol.ESP)));
    }
}
