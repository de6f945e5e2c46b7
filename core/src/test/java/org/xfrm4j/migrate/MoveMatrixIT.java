package org.xfrm4j.migrate;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.xfrm4j.EmbeddedKernel;
import org.xfrm4j.TestSas;
import org.xfrm4j.sa.AddressFamily;
import org.xfrm4j.sa.Comp;
import org.xfrm4j.sa.IpAddress;
import org.xfrm4j.sa.Mode;
import org.xfrm4j.sa.Protocol;
import org.xfrm4j.sa.SecurityAssociation;
import org.xfrm4j.sa.SecurityAssociationBuilder;
import org.xfrm4j.sa.Selector;

/** To new addresses, in and between both families: every kind of SA in every mode. */
class MoveMatrixIT {
    private static final int SPI = 0xc0ffee01;

    @RegisterExtension
    final EmbeddedKernel kernel = new EmbeddedKernel();

    /** The algorithms and the form of the sequence numbers. */
    private enum Kind {
        ESP_GCM, ESP_GCM_ESN, ESP_CBC, AH, AH_ESN;

        SecurityAssociationBuilder builder(int spi, AddressFamily family) {
            return switch (this) {
                case ESP_GCM -> TestSas.inUse(TestSas.esp(spi, family));
                case ESP_GCM_ESN -> TestSas.inUseWithEsn(TestSas.esp(spi, family));
                case ESP_CBC -> TestSas.inUse(TestSas.espCbc(spi, family));
                case AH -> TestSas.inUse(TestSas.ah(spi, family));
                case AH_ESN -> TestSas.inUseWithEsn(TestSas.ah(spi, family));
            };
        }
    }

    private record Case(Kind kind, Mode mode, AddressFamily from, AddressFamily to) {
        boolean changesFamily() {
            return from != to;
        }
    }

    static List<Case> cases() {
        List<Case> cases = new ArrayList<>();
        for (Kind kind : Kind.values()) {
            for (Mode mode : List.of(Mode.TUNNEL, Mode.TRANSPORT, Mode.BEET)) {
                for (AddressFamily from : List.of(AddressFamily.INET, AddressFamily.INET6)) {
                    for (AddressFamily to : List.of(AddressFamily.INET, AddressFamily.INET6)) {
                        cases.add(new Case(kind, mode, from, to));
                    }
                }
            }
        }
        return cases;
    }

    /** Others that a careless lookup could take for the one to move: none of them may change. */
    private void addOthers(Case c) {
        kernel.add(c.kind.builder(SPI + 1, c.from).mode(c.mode).build());
        kernel.add(c.kind.builder(SPI, c.from).mode(c.mode).destination(source(c.from)).build());
        kernel.add(c.kind.builder(SPI + 1, c.to).mode(c.mode).destination(newDestination(c.to)).build());
        kernel.add((c.kind == Kind.AH || c.kind == Kind.AH_ESN ? Kind.ESP_GCM : Kind.AH).builder(SPI, c.from).build());
    }

    @ParameterizedTest
    @MethodSource("cases")
    void movesToNewAddressesAndKeepsAllElse(Case c) {
        addOthers(c);
        SecurityAssociation before = kernel.add(c.kind.builder(SPI, c.from).mode(c.mode)
                .selector(TestSas.hostToHost(source(c.from), destination(c.from)).withProtocol(17)
                        .withDestinationPort(4711, 0xffff))
                .build());
        // Between the families a transport SA's selector has to go along; a tunnel's is for what is inside.
        boolean selectorGoesAlong = c.mode.equals(Mode.TRANSPORT) && c.changesFamily();

        SecurityAssociation after = new MoveCheck(kernel).moves(before,
                move -> {
                    move.source(newSource(c.to)).destination(newDestination(c.to));
                    return selectorGoesAlong ? move.hostToHostSelector() : move;
                },
                sa -> {
                    sa.source(newSource(c.to)).destination(newDestination(c.to));
                    return selectorGoesAlong ? sa.selector(TestSas.hostToHost(newSource(c.to), newDestination(c.to))
                            .withProtocol(17).withDestinationPort(4711, 0xffff)) : sa;
                });

        assertEquals(c.to, after.family());
    }

    @ParameterizedTest
    @MethodSource("cases")
    void movesThereAndBackAgain(Case c) {
        SecurityAssociation before = kernel.add(c.kind.builder(SPI, c.from).mode(c.mode)
                .selector(TestSas.hostToHost(source(c.from), destination(c.from))).build());
        MoveCheck check = new MoveCheck(kernel);

        SecurityAssociation there = check.moves(before,
                move -> move.source(newSource(c.to)).destination(newDestination(c.to)).hostToHostSelector(),
                sa -> sa.source(newSource(c.to)).destination(newDestination(c.to))
                        .selector(TestSas.hostToHost(newSource(c.to), newDestination(c.to))));
        SecurityAssociation back = check.moves(there,
                move -> move.source(source(c.from)).destination(destination(c.from)).hostToHostSelector(),
                sa -> sa.source(source(c.from)).destination(destination(c.from))
                        .selector(TestSas.hostToHost(source(c.from), destination(c.from))));

        MoveCheck.assertSame(before, back);
    }

    @Test
    void movesOneEndAlone() {
        MoveCheck check = new MoveCheck(kernel);
        SecurityAssociation sa = kernel.add(TestSas.inUse(TestSas.esp(SPI)).build());
        sa = check.moves(sa, move -> move.source(TestSas.NEW_SOURCE), to -> to.source(TestSas.NEW_SOURCE));
        check.moves(sa, move -> move.destination(TestSas.NEW_DESTINATION),
                to -> to.destination(TestSas.NEW_DESTINATION));
    }

    @Test
    void leavesTheSaAsItIsWhereNothingIsToChange() {
        SecurityAssociation before = kernel.add(TestSas.inUse(TestSas.esp(SPI)).build());
        new MoveCheck(kernel).moves(before, move -> move, sa -> sa);
    }

    @Test
    void movesAnSaOfIpComp() {
        SecurityAssociation before = kernel.add(SecurityAssociation.builder().protocol(Protocol.COMP).spi(0xc0de)
                .mode(Mode.TRANSPORT).source(TestSas.SOURCE).destination(TestSas.DESTINATION).reqid(9)
                .algorithm(Comp.deflate()).build());
        new MoveCheck(kernel).moves(before, move -> move.destination(TestSas.NEW_DESTINATION),
                sa -> sa.destination(TestSas.NEW_DESTINATION));
    }

    /** What the kernel stores and has no use for, or cannot change by a move, has to come along, too. */
    @Test
    void keepsWhatCannotBeChanged() {
        SecurityAssociation before = kernel.add(TestSas.inUse(TestSas.esp(SPI))
                .flags(0xff & ~(SecurityAssociation.FLAG_ESN))
                .extraFlags(SecurityAssociation.EXTRA_FLAG_DONT_ENCAP_DSCP
                        | SecurityAssociation.EXTRA_FLAG_OSEQ_MAY_WRAP)
                .tfcPadding(1400)
                .careOfAddress(IpAddress.parse("203.0.113.9"))
                .ifId(0xfedcba98)
                .seq(0x89abcdef)
                .build());
        new MoveCheck(kernel).moves(before,
                move -> move.source(TestSas.NEW_SOURCE).destination(TestSas.NEW_DESTINATION),
                sa -> sa.source(TestSas.NEW_SOURCE).destination(TestSas.NEW_DESTINATION));
    }

    @Test
    void movesAnSaWhoseSelectorIsForBothFamilies() {
        SecurityAssociation before = kernel.add(TestSas.inUse(TestSas.esp(SPI))
                .flags(SecurityAssociation.FLAG_AF_UNSPEC).selector(Selector.ALL).build());
        new MoveCheck(kernel).moves(before,
                move -> move.source(TestSas.NEW_SOURCE6).destination(TestSas.NEW_DESTINATION6),
                sa -> sa.source(TestSas.NEW_SOURCE6).destination(TestSas.NEW_DESTINATION6));
    }

    private static IpAddress source(AddressFamily family) {
        return family == AddressFamily.INET ? TestSas.SOURCE : TestSas.SOURCE6;
    }

    private static IpAddress destination(AddressFamily family) {
        return family == AddressFamily.INET ? TestSas.DESTINATION : TestSas.DESTINATION6;
    }

    private static IpAddress newSource(AddressFamily family) {
        return family == AddressFamily.INET ? TestSas.NEW_SOURCE : TestSas.NEW_SOURCE6;
    }

    private static IpAddress newDestination(AddressFamily family) {
        return family == AddressFamily.INET ? TestSas.NEW_DESTINATION : TestSas.NEW_DESTINATION6;
    }
}
