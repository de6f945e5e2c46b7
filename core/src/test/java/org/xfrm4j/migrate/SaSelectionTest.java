package org.xfrm4j.migrate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.xfrm4j.RandomSas;
import org.xfrm4j.sa.Direction;
import org.xfrm4j.sa.IpAddress;
import org.xfrm4j.sa.IpPrefix;
import org.xfrm4j.sa.Mark;
import org.xfrm4j.sa.Mode;
import org.xfrm4j.sa.Protocol;
import org.xfrm4j.sa.SecurityAssociation;

/** Each selection against the same said about the value. */
class SaSelectionTest {
    private static final List<SecurityAssociation> SAS = RandomSas.of(11, 600);
    /** The first with all that a selection may ask for. */
    private static final SecurityAssociation SA = SAS.stream()
            .filter(sa -> sa.ifId() != 0 && sa.reqid() != 0 && !sa.mark().isNone()).findFirst().orElseThrow();

    private static void assertSelects(Predicate<SecurityAssociation> model, SaSelection selection) {
        long selected = 0;
        for (SecurityAssociation sa : SAS) {
            assertEquals(model.test(sa), selection.test(new DumpedSa(sa).decoder()), sa::toString);
            selected += model.test(sa) ? 1 : 0;
        }
        assertTrue(selected > 0 && selected < SAS.size(), "tells nothing: " + selected + " of " + SAS.size());
    }

    private static IpPrefix half(IpAddress address) {
        return new IpPrefix(address, 1);
    }

    private static boolean inHalf(IpAddress address, IpAddress of) {
        return address.family() == of.family() && address.high() < 0 == of.high() < 0;
    }

    @Test
    void byOuterAddress() {
        assertSelects(sa -> sa.source().equals(SA.source()), SaSelection.source(IpPrefix.host(SA.source())));
        assertSelects(sa -> sa.id().destination().equals(SA.id().destination()),
                SaSelection.destination(IpPrefix.host(SA.id().destination())));
        assertSelects(sa -> inHalf(sa.source(), SA.source()), SaSelection.source(half(SA.source())));
        assertSelects(sa -> sa.source().family() == SA.source().family(),
                SaSelection.destination(new IpPrefix(SA.source(), 0)));
    }

    @Test
    void localIsTheSourceOfOutgoingAndTheDestinationOfIncomingSas() {
        IpAddress address = SA.source();
        assertSelects(sa -> switch (sa.direction()) {
            case OUT -> inHalf(sa.source(), address);
            case IN -> inHalf(sa.id().destination(), address);
            case UNSPECIFIED -> inHalf(sa.source(), address) || inHalf(sa.id().destination(), address);
        }, SaSelection.local(half(address)));
    }

    @Test
    void remoteIsTheOtherEnd() {
        IpAddress address = SA.source();
        assertSelects(sa -> switch (sa.direction()) {
            case OUT -> inHalf(sa.id().destination(), address);
            case IN -> inHalf(sa.source(), address);
            case UNSPECIFIED -> inHalf(sa.source(), address) || inHalf(sa.id().destination(), address);
        }, SaSelection.remote(half(address)));
    }

    @Test
    void byProtocolModeAndDirection() {
        for (Protocol protocol : List.of(Protocol.ESP, Protocol.AH, Protocol.COMP)) {
            assertSelects(sa -> sa.id().protocol().equals(protocol), SaSelection.protocol(protocol));
        }
        for (Mode mode : List.of(Mode.TRANSPORT, Mode.TUNNEL, Mode.BEET)) {
            assertSelects(sa -> sa.mode().equals(mode), SaSelection.mode(mode));
        }
        for (Direction direction : Direction.values()) {
            assertSelects(sa -> sa.direction() == direction, SaSelection.direction(direction));
        }
    }

    @Test
    void byOneOrSeveralNumbers() {
        int[] spis = SAS.stream().limit(50).mapToInt(sa -> sa.id().spi()).toArray();
        assertSelects(sa -> sa.id().spi() == spis[7], SaSelection.spi(spis[7]));
        assertSelects(sa -> contains(spis, sa.id().spi()), SaSelection.spi(spis));
        int[] reqids = SAS.stream().limit(50).mapToInt(SecurityAssociation::reqid).toArray();
        assertSelects(sa -> sa.reqid() == 0, SaSelection.reqid(0));
        assertSelects(sa -> contains(reqids, sa.reqid()), SaSelection.reqid(reqids));
        assertSelects(sa -> sa.ifId() == SA.ifId(), SaSelection.ifId(SA.ifId()));
        assertSelects(sa -> sa.ifId() == 0, SaSelection.ifId(0));
    }

    private static boolean contains(int[] numbers, int number) {
        for (int each : numbers) {
            if (each == number) {
                return true;
            }
        }
        return false;
    }

    @Test
    void byTheExactMark() {
        assertSelects(sa -> sa.mark().equals(SA.mark()), SaSelection.mark(SA.mark()));
        assertSelects(sa -> sa.mark().isNone(), SaSelection.mark(Mark.NONE));
    }

    @Test
    void togetherEitherAndNot() {
        SaSelection esp = SaSelection.protocol(Protocol.ESP);
        SaSelection tunnel = SaSelection.mode(Mode.TUNNEL);
        Predicate<SecurityAssociation> isEsp = sa -> sa.id().protocol().equals(Protocol.ESP);
        Predicate<SecurityAssociation> isTunnel = sa -> sa.mode().equals(Mode.TUNNEL);
        assertSelects(isEsp.and(isTunnel), esp.and(tunnel));
        assertSelects(isEsp.or(isTunnel), esp.or(tunnel));
        assertSelects(isEsp.negate(), esp.negate());
        assertSelects(isEsp, SaSelection.ALL.and(esp));
    }
}
