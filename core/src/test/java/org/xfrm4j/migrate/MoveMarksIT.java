package org.xfrm4j.migrate;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.xfrm4j.EmbeddedKernel;
import org.xfrm4j.Refusal;
import org.xfrm4j.SaFilter;
import org.xfrm4j.TestSas;
import org.xfrm4j.netlink.Acknowledge;
import org.xfrm4j.sa.Mark;
import org.xfrm4j.sa.SecurityAssociation;

/** SAs that differ in their marks alone: the right one moves, and no two get to one place. */
class MoveMarksIT {
    private static final int SPI = 0xc0ffee01;
    private static final String TAKEN = "XFRMA_MARK: New SA tuple already occupied: another SA has this destination, "
            + "SPI, protocol and mark";

    private static final String SHADOWED = "old_mark: the kernel would take another SA of this destination, SPI and "
            + "protocol, whose mark matches as well";

    @RegisterExtension
    final EmbeddedKernel kernel = new EmbeddedKernel();

    private final MoveCheck check = new MoveCheck(kernel);

    /** The mark in its reqid, too, to tell them apart. */
    private SecurityAssociation add(Mark mark) {
        return kernel.add(TestSas.inUse(TestSas.esp(SPI)).mark(mark).reqid(mark.value() + 1)
                .algorithm(TestSas.aesGcm(mark.hashCode())).build());
    }

    private Move toNewAddresses(SecurityAssociation sa) {
        return Move.of(sa).source(TestSas.NEW_SOURCE).destination(TestSas.NEW_DESTINATION).build();
    }

    private SecurityAssociation atNewAddresses(SecurityAssociation sa) {
        return sa.toBuilder().source(TestSas.NEW_SOURCE).destination(TestSas.NEW_DESTINATION).build();
    }

    private void assertMovesAmong(List<Mark> marks, Mark wanted) {
        kernel.sas().flush();
        marks.forEach(this::add);
        SecurityAssociation sa = kernel.all().stream().filter(one -> one.mark().equals(wanted)).findFirst().orElseThrow();
        check.moves(sa, toNewAddresses(sa), atNewAddresses(sa));
    }

    @Test
    void movesTheWantedOneOfSeveralOfOneSpiAndDestination() {
        List<Mark> marks = List.of(Mark.exactly(1), Mark.exactly(2), Mark.exactly(3), Mark.exactly(0xfffffffe));
        marks.forEach(wanted -> assertMovesAmong(marks, wanted));
    }

    @Test
    void movesTheWantedOneOfSeveralWithMasks() {
        List<Mark> marks = List.of(new Mark(0x100, 0xff00), new Mark(0x200, 0xff00), new Mark(0x300, 0xff00));
        marks.forEach(wanted -> assertMovesAmong(marks, wanted));
    }

    @Test
    void movesTheWantedOneOfSeveralWithMasksThatDoNotOverlap() {
        List<Mark> marks = List.of(new Mark(0x1, 0xf), new Mark(0x20, 0xf0), new Mark(0x300, 0xf00));
        marks.forEach(wanted -> assertMovesAmong(marks, wanted));
    }

    @Test
    void movesTheOneWithoutAMarkBesideOthersWithOne() {
        List<Mark> marks = List.of(Mark.exactly(1), Mark.NONE, new Mark(0x20, 0xf0));
        assertMovesAmong(marks.subList(0, 2), Mark.NONE);
    }

    @Test
    void changesTheMarkOnTheWay() {
        SecurityAssociation before = add(new Mark(0x100, 0xff00));
        check.moves(before,
                move -> move.destination(TestSas.NEW_DESTINATION).mark(new Mark(0x1200, 0xfff00)),
                sa -> sa.destination(TestSas.NEW_DESTINATION).mark(new Mark(0x1200, 0xfff00)));
    }

    @Test
    void setsAMarkOnAnSaWithoutOne() {
        check.moves(add(Mark.NONE), move -> move.destination(TestSas.NEW_DESTINATION).mark(Mark.exactly(9)),
                sa -> sa.destination(TestSas.NEW_DESTINATION).mark(Mark.exactly(9)));
    }

    @Test
    void removesTheMarkOnTheWay() {
        check.moves(add(Mark.exactly(9)), move -> move.destination(TestSas.NEW_DESTINATION).removeMark(),
                sa -> sa.destination(TestSas.NEW_DESTINATION).mark(Mark.NONE));
    }

    @Test
    void keepsAMarkOfZeroWithAMask() {
        SecurityAssociation before = add(new Mark(0, 0xff));
        check.moves(before, toNewAddresses(before), atNewAddresses(before));
    }

    // ---- The mark alone: the kernel does not look whether the new place is free ---------------------------------

    @Test
    void changesOnlyTheMarkWhereThePlaceIsFree() {
        add(Mark.exactly(1));
        check.moves(add(Mark.exactly(2)), move -> move.mark(Mark.exactly(3)), sa -> sa.mark(Mark.exactly(3)));
    }

    @Test
    void changesOnlyTheMask() {
        check.moves(add(new Mark(1, 0xf)), move -> move.mark(new Mark(1, 0xff)), sa -> sa.mark(new Mark(1, 0xff)));
    }

    @Test
    void removesOnlyTheMark() {
        check.moves(add(Mark.exactly(2)), Move.Builder::removeMark, sa -> sa.mark(Mark.NONE));
    }

    @Test
    void doesNotSendAMoveOfTheMarkAloneToATakenPlace() {
        SecurityAssociation there = add(Mark.exactly(1));
        SecurityAssociation before = add(Mark.exactly(2));

        MoveResult result = new Migrator(kernel.xfrm())
                .move(List.of(Move.of(before).mark(there.mark()).build())).getFirst();

        assertEquals(Outcome.REJECTED, result.outcome());
        assertEquals(new Refusal(0, TAKEN, null), result.refusal());
        check.assertHolds(List.of(there, before));
    }

    @Test
    void doesNotRemoveTheMarkWhereAnotherSaMatchesPacketsWithoutOne() {
        SecurityAssociation before = add(Mark.exactly(2));
        SecurityAssociation there = add(new Mark(0, 0xff));

        MoveResult result = new Migrator(kernel.xfrm())
                .move(List.of(Move.of(before).removeMark().build())).getFirst();

        assertEquals(Outcome.REJECTED, result.outcome());
        assertEquals(new Refusal(0, TAKEN, null), result.refusal());
        check.assertHolds(List.of(before, there));
    }

    /** Each is looked up when its turn has come: after those before it, and before those behind it. */
    @Test
    void changesMarksInTheOrderGiven() {
        SecurityAssociation one = add(Mark.exactly(1));
        SecurityAssociation two = add(Mark.exactly(2));
        Move oneToTwo = Move.of(one).mark(Mark.exactly(2)).build();
        Move twoToThree = Move.of(two).mark(Mark.exactly(3)).build();
        SecurityAssociation three = two.toBuilder().mark(Mark.exactly(3)).build();
        Migrator migrator = new Migrator(kernel.xfrm());

        List<MoveResult> tooEarly = migrator.move(List.of(oneToTwo, twoToThree));

        assertEquals(List.of(Outcome.REJECTED, Outcome.MOVED), tooEarly.stream().map(MoveResult::outcome).toList());
        check.assertHolds(List.of(one, three));
        kernel.sas().flush();
        one = add(Mark.exactly(1));
        two = add(Mark.exactly(2));

        List<MoveResult> inTurn = migrator.move(List.of(Move.of(two).mark(Mark.exactly(3)).build(),
                Move.of(one).mark(Mark.exactly(2)).build()));

        inTurn.forEach(MoveCheck::assertMoved);
        check.assertHolds(List.of(one.toBuilder().mark(Mark.exactly(2)).build(),
                two.toBuilder().mark(Mark.exactly(3)).build()));
    }

    @Test
    void movesOnesWithMarkChangesAmongManyOthers() {
        List<Move> moves = new ArrayList<>();
        List<SecurityAssociation> expected = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            SecurityAssociation sa = kernel.add(TestSas.inUse(TestSas.esp(SPI + i)).mark(Mark.exactly(i + 1)).build());
            boolean markAlone = i % 7 == 3;
            Move.Builder move = Move.of(sa).mark(Mark.exactly(i + 1000));
            moves.add((markAlone ? move : move.destination(TestSas.NEW_DESTINATION)).build());
            expected.add(sa.toBuilder().mark(Mark.exactly(i + 1000))
                    .destination(markAlone ? TestSas.DESTINATION : TestSas.NEW_DESTINATION).build());
        }

        List<MoveResult> results = new Migrator(kernel.xfrm(), new MigrateOptions(16,
                Acknowledge.ERRORS_AND_LAST)).move(moves);

        assertEquals(moves, results.stream().map(MoveResult::move).toList());
        results.forEach(MoveCheck::assertMoved);
        check.assertHolds(expected);
    }

    // ---- Marks that match more than one SA ----------------------------------------------------------------------
    //
    // The kernel's lookup takes the first SA that the mark matches through that one's mask, the newest first; and one
    // without a mark matches always. It would move that one, with its keys, and answer that all went well.

    private void assertRefusesTheFirst(SecurityAssociation meant, SecurityAssociation inFront) {
        MoveResult result = new Migrator(kernel.xfrm()).move(List.of(toNewAddresses(meant))).getFirst();

        assertEquals(Outcome.REJECTED, result.outcome());
        assertEquals(new Refusal(0, SHADOWED, null), result.refusal());
        check.assertHolds(List.of(meant, inFront));
        check.moves(inFront, toNewAddresses(inFront), atNewAddresses(inFront));
    }

    @Test
    void doesNotMoveAnSaWithoutAMarkInPlaceOfTheOneMeant() {
        assertRefusesTheFirst(add(Mark.exactly(5)), add(Mark.NONE));
    }

    @Test
    void doesNotMoveAnSaWithAWiderMaskInPlaceOfTheOneMeant() {
        assertRefusesTheFirst(add(new Mark(0x21, 0xff)), add(new Mark(0x1, 0xf)));
    }

    @Test
    void doesNotChangeTheMarkOfAnotherSaInPlaceOfTheOneMeant() {
        SecurityAssociation marked = add(Mark.exactly(5));
        SecurityAssociation unmarked = add(Mark.NONE);

        MoveResult result = new Migrator(kernel.xfrm())
                .move(List.of(Move.of(marked).mark(Mark.exactly(6)).build())).getFirst();

        assertEquals(new Refusal(0, SHADOWED, null), result.refusal());
        check.assertHolds(List.of(marked, unmarked));
    }

    @Test
    void movesTheOneMeantOnceTheOneInFrontHasGone() {
        SecurityAssociation marked = add(Mark.exactly(5));
        SecurityAssociation unmarked = add(Mark.NONE);
        Move away = Move.of(unmarked).destination(TestSas.SOURCE).build();

        List<MoveResult> results = new Migrator(kernel.xfrm()).move(List.of(away, toNewAddresses(marked)));

        results.forEach(MoveCheck::assertMoved);
        check.assertHolds(List.of(atNewAddresses(marked),
                unmarked.toBuilder().destination(TestSas.SOURCE).build()));
    }

    @Test
    void noticesThatOneGotInFrontByAMoveOfTheSameList() {
        SecurityAssociation marked = add(Mark.exactly(5));
        SecurityAssociation elsewhere = kernel.add(TestSas.esp(SPI).destination(TestSas.SOURCE).build());
        Move inFront = Move.of(elsewhere).destination(TestSas.DESTINATION).build();

        List<MoveResult> results = new Migrator(kernel.xfrm()).move(List.of(inFront, toNewAddresses(marked)));

        MoveCheck.assertMoved(results.get(0));
        assertEquals(new Refusal(0, SHADOWED, null), results.get(1).refusal());
        check.assertHolds(List.of(marked, elsewhere.toBuilder().destination(TestSas.DESTINATION).build()));
    }

    @Test
    void doesNotMoveAnotherInPlaceOfTheOneMeantInAStreamEither() {
        SecurityAssociation marked = add(Mark.exactly(5));
        SecurityAssociation unmarked = add(Mark.NONE);

        MoveCounts counts = new Migrator(kernel.xfrm()).stream(SaFilter.ALL,
                (sa, move) -> {
                    move.newDestination(TestSas.NEW_DESTINATION.high(), TestSas.NEW_DESTINATION.low());
                    return sa.markValue() == 5;
                },
                MoveListener.NONE);

        assertEquals(new MoveCounts(0, 1, 0, 0, 1), counts);
        check.assertHolds(List.of(marked, unmarked));
    }

    /** What the kernel refuses where the destination changes, too. */
    @Test
    void doesNotChangeTheMarkAloneToOneThatAnotherSaMatches() {
        SecurityAssociation before = add(new Mark(0x21, 0xff));
        SecurityAssociation there = add(new Mark(0x2, 0xf));

        MoveResult result = new Migrator(kernel.xfrm())
                .move(List.of(Move.of(before).mark(new Mark(0x22, 0xff)).build())).getFirst();

        assertEquals(new Refusal(0, TAKEN, null), result.refusal());
        check.assertHolds(List.of(before, there));
    }

    /** Where the lookup of the new place comes upon the SA itself, another one may stand behind it. */
    @Test
    void looksBehindTheSaItself() {
        SecurityAssociation behind = add(new Mark(0x21, 0xff));
        SecurityAssociation itself = add(new Mark(0x1, 0xf));
        Migrator migrator = new Migrator(kernel.xfrm());

        MoveResult result = migrator.move(List.of(Move.of(itself).mark(new Mark(0x21, 0xff)).build())).getFirst();

        assertEquals(new Refusal(0, TAKEN, null), result.refusal());
        check.assertHolds(List.of(behind, itself));
        check.moves(itself, move -> move.mark(new Mark(0x31, 0xff)), sa -> sa.mark(new Mark(0x31, 0xff)));
    }
}
