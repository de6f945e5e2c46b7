package org.xfrm4j.migrate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.xfrm4j.EmbeddedKernel;
import org.xfrm4j.Refusal;
import org.xfrm4j.TestSas;
import org.xfrm4j.netlink.Acknowledge;
import org.xfrm4j.netlink.Errno;
import org.xfrm4j.sa.AddressFamily;
import org.xfrm4j.sa.IpAddress;
import org.xfrm4j.sa.SecurityAssociation;

/** Lists of moves: in order, in batches, one result for each. */
class MoveListIT {
    private static final int SPI = 0xc0ffee01;
    private static final IpAddress A = TestSas.DESTINATION;
    private static final IpAddress B = TestSas.NEW_DESTINATION;
    private static final IpAddress C = IpAddress.parse("203.0.113.77");

    @RegisterExtension
    final EmbeddedKernel kernel = new EmbeddedKernel();

    private final MoveCheck check = new MoveCheck(kernel);

    private SecurityAssociation add(IpAddress destination, int reqid) {
        return kernel.add(TestSas.inUse(TestSas.esp(SPI)).destination(destination).reqid(reqid)
                .algorithm(TestSas.aesGcm(reqid)).build());
    }

    private static Move to(IpAddress destination, SecurityAssociation sa) {
        return Move.of(sa).destination(destination).build();
    }

    private static SecurityAssociation at(IpAddress destination, SecurityAssociation sa) {
        return sa.toBuilder().destination(destination).build();
    }

    @Test
    void movesAChainWhoseEndGoesFirst() {
        SecurityAssociation first = add(A, 1);
        SecurityAssociation second = add(B, 2);

        List<MoveResult> results = new Migrator(kernel.xfrm()).move(List.of(to(C, second), to(B, first)));

        results.forEach(MoveCheck::assertMoved);
        check.assertHolds(List.of(at(B, first), at(C, second)));
    }

    @Test
    void refusesTheFirstOfAChainWhoseEndGoesLast() {
        SecurityAssociation first = add(A, 1);
        SecurityAssociation second = add(B, 2);

        List<MoveResult> results = new Migrator(kernel.xfrm()).move(List.of(to(B, first), to(C, second)));

        assertEquals(Outcome.REJECTED, results.get(0).outcome());
        assertEquals(new Refusal(Errno.EEXIST, "New SA tuple already occupied", null), results.get(0).refusal());
        MoveCheck.assertMoved(results.get(1));
        check.assertHolds(List.of(first, at(C, second)));
    }

    @Test
    void movesOneSaTwiceInOneList() {
        SecurityAssociation sa = add(A, 1);

        List<MoveResult> results = new Migrator(kernel.xfrm()).move(List.of(to(B, sa), to(C, at(B, sa))));

        results.forEach(MoveCheck::assertMoved);
        check.assertHolds(List.of(at(C, sa)));
    }

    @Test
    void exchangesTwoByAThirdPlace() {
        SecurityAssociation first = add(A, 1);
        SecurityAssociation second = add(B, 2);

        List<MoveResult> results = new Migrator(kernel.xfrm())
                .move(List.of(to(C, first), to(A, second), to(B, at(C, first))));

        results.forEach(MoveCheck::assertMoved);
        check.assertHolds(List.of(at(B, first), at(A, second)));
    }

    @Test
    void givesNoResultsForNoMoves() {
        assertEquals(List.of(), new Migrator(kernel.xfrm()).move(List.of()));
    }

    /** "Nobody listens" is the normal case, and no failure; only the last of a batch is acknowledged. */
    @Test
    void tellsTheKernelsWarningWithTheLastOfABatch() {
        List<Move> moves = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            moves.add(to(B, kernel.add(TestSas.esp(SPI + i).build())));
        }

        List<MoveResult> results = new Migrator(kernel.xfrm()).move(moves);

        results.forEach(MoveCheck::assertMoved);
        assertNull(results.get(0).warning());
        assertNull(results.get(1).warning());
        assertEquals("Failed to send migration notification", results.get(2).warning());
    }

    /** Who has read an SA wipes its keys as soon as can be: a move needs none. */
    @Test
    void movesAnSaWhoseKeysWereWipedFromTheJvmBefore() {
        SecurityAssociation before = add(A, 1);
        SecurityAssociation read = kernel.all().getFirst();
        read.wipeKeys();

        MoveCheck.assertMoved(new Migrator(kernel.xfrm()).move(List.of(to(B, read))).getFirst());

        check.assertHolds(List.of(at(B, before)));
    }

    @Test
    void canBeUsedAgain() {
        Migrator migrator = new Migrator(kernel.xfrm());
        SecurityAssociation sa = add(A, 1);
        for (IpAddress destination : List.of(B, C, A, B)) {
            MoveCheck.assertMoved(migrator.move(List.of(to(destination, sa))).getFirst());
            sa = at(destination, sa);
            check.assertHolds(List.of(sa));
        }
    }

    @ParameterizedTest
    @EnumSource
    void movesMoreThanOneBatchTakes(Acknowledge acknowledge) {
        List<SecurityAssociation> sas = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            sas.add(TestSas.inUse(TestSas.esp(SPI + i, i % 3 == 0 ? AddressFamily.INET6 : AddressFamily.INET)).build());
        }
        assertEquals(List.of(), kernel.sas().addAll(sas));
        List<SecurityAssociation> before = new ArrayList<>(kernel.all());
        Collections.shuffle(before, new Random(1));
        List<Move> moves = before.stream().map(sa -> to(elsewhere(sa), sa)).toList();

        List<MoveResult> results = new Migrator(kernel.xfrm(), new MigrateOptions(100, acknowledge)).move(moves);

        assertEquals(moves, results.stream().map(MoveResult::move).toList());
        results.forEach(MoveCheck::assertMoved);
        check.assertHolds(before.stream().map(sa -> at(elsewhere(sa), sa)).toList());
    }

    private static IpAddress elsewhere(SecurityAssociation sa) {
        return sa.family() == AddressFamily.INET ? TestSas.NEW_DESTINATION : TestSas.NEW_DESTINATION6;
    }
}
