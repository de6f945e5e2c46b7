package org.xfrm4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
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
import org.xfrm4j.migrate.MigrateOptions;
import org.xfrm4j.migrate.Migrator;
import org.xfrm4j.migrate.Move;
import org.xfrm4j.migrate.MoveCounts;
import org.xfrm4j.migrate.MoveListener;
import org.xfrm4j.migrate.MoveResult;
import org.xfrm4j.migrate.MoveRule;
import org.xfrm4j.migrate.Outcome;
import org.xfrm4j.netlink.Acknowledge;
import org.xfrm4j.netlink.Errno;
import org.xfrm4j.netlink.ObservedSocket;
import org.xfrm4j.netlink.SocketBuffers;
import org.xfrm4j.sa.IpAddress;
import org.xfrm4j.sa.IpPrefix;
import org.xfrm4j.sa.Offload;
import org.xfrm4j.sa.Protocol;
import org.xfrm4j.sa.SaId;
import org.xfrm4j.sa.SecurityAssociation;
import org.xfrm4j.sa.Selector;

/** Moves of many SAs: every one has the outcome that the kernel's SAs bear out, whatever becomes of its neighbours. */
class BatchIT {
    private static final int MIGRATE_STATE = xfrm4j_h.XFRM_MSG_MIGRATE_STATE();
    private static final int FIRST = 0x8000_0000;
    private static final IpAddress OLD = TestSas.DESTINATION;
    private static final IpAddress NEW = TestSas.NEW_DESTINATION;
    private static final Refusal TAKEN = new Refusal(Errno.EEXIST, "New SA tuple already occupied", null);
    private static final Refusal ABSENT = new Refusal(Errno.ESRCH, "Can not find state", null);
    private static final MoveRule TO_NEW = to(NEW);
    private static final MoveRule TO_OLD = to(OLD);

    @RegisterExtension
    final EmbeddedKernel kernel = new EmbeddedKernel();

    private static MoveRule to(IpAddress destination) {
        long high = destination.high();
        long low = destination.low();
        return (sa, move) -> {
            move.newDestination(high, low);
            return true;
        };
    }

    // ---- What becomes of each move -----------------------------------------------------------------------------

    /** What a move is prepared to meet. */
    private enum Fate {
        /** Its SA is there, the new place is free. */
        MOVES(Outcome.MOVED, null),
        /** Another SA is at the new place. */
        TAKEN(Outcome.REJECTED, BatchIT.TAKEN),
        /** There is no such SA. */
        ABSENT(Outcome.GONE, BatchIT.ABSENT);

        final Outcome outcome;
        final Refusal refusal;

        Fate(Outcome outcome, Refusal refusal) {
            this.outcome = outcome;
            this.refusal = refusal;
        }
    }

    private static SecurityAssociation sa(int index) {
        return TestSas.esp(FIRST + index).build();
    }

    /** Which reqid an SA has that is in the way: none of those that move has it. */
    private static final int OCCUPANT = 0x10_0000;

    private static SecurityAssociation occupant(int index) {
        return TestSas.esp(FIRST + index).destination(NEW).reqid(OCCUPANT).build();
    }

    /** Prepares the SAs for these fates, and returns the moves. */
    private List<Move> prepare(List<Fate> fates) {
        List<SecurityAssociation> sas = new ArrayList<>();
        List<Move> moves = new ArrayList<>();
        for (int i = 0; i < fates.size(); i++) {
            SecurityAssociation sa = sa(i);
            moves.add(Move.of(sa).destination(NEW).build());
            if (fates.get(i) != Fate.ABSENT) {
                sas.add(sa);
            }
            if (fates.get(i) == Fate.TAKEN) {
                sas.add(occupant(i));
            }
        }
        assertEquals(List.of(), kernel.sas().addAll(sas));
        return moves;
    }

    private void assertFates(List<Fate> fates, List<Move> moves, List<MoveResult> results) {
        assertEquals(fates.size(), results.size());
        for (int i = 0; i < fates.size(); i++) {
            MoveResult result = results.get(i);
            Fate fate = fates.get(i);
            String where = "move " + i;
            assertEquals(moves.get(i), result.move(), where);
            assertEquals(fate.outcome, result.outcome(), where);
            assertEquals(fate.refusal, result.refusal(), where);
        }
        assertPlaces(fates);
    }

    /** The kernel's SAs, each where its fate says, and none beside them. */
    private void assertPlaces(List<Fate> fates) {
        Map<SaId, Integer> expected = new HashMap<>();
        for (int i = 0; i < fates.size(); i++) {
            SecurityAssociation sa = sa(i);
            switch (fates.get(i)) {
                case MOVES -> expected.put(at(NEW, i), sa.reqid());
                case TAKEN -> {
                    expected.put(at(OLD, i), sa.reqid());
                    expected.put(at(NEW, i), OCCUPANT);
                }
                case ABSENT -> { }
            }
        }
        assertEquals(expected, places());
    }

    private static SaId at(IpAddress destination, int index) {
        return SaId.of(destination, FIRST + index, Protocol.ESP);
    }

    /** The kernel's SAs and their reqids. */
    private Map<SaId, Integer> places() {
        Map<SaId, Integer> places = new HashMap<>();
        try (SaDump dump = kernel.sas().dump(SaFilter.ALL)) {
            while (dump.next()) {
                assertNull(places.put(SaId.from(dump.sa()), dump.sa().reqid()), "one of a name");
            }
        }
        return places;
    }

    /** Every fate, in an order without a period that a batch size could have. */
    private static List<Fate> mixed(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> i % 7 == 3 ? Fate.TAKEN : i % 11 == 5 ? Fate.ABSENT : Fate.MOVES).toList();
    }

    private static List<MoveResult> move(Xfrm xfrm, int batchSize, Acknowledge acknowledge, List<Move> moves) {
        return new Migrator(xfrm, new MigrateOptions(batchSize, acknowledge)).move(moves);
    }

    // ---- Failures by place -------------------------------------------------------------------------------------


    static Stream<Arguments> failures() {
        return Stream.of(Acknowledge.values()).flatMap(acknowledge -> Stream.of(Fate.TAKEN, Fate.ABSENT)
                .flatMap(fate -> Stream.of(List.of(0), List.of(4), List.of(8), List.of(0, 4, 8), List.of(7, 8),
                                List.of(0, 1, 2, 3, 5, 6, 7, 8))
                        .map(at -> Arguments.of(acknowledge, fate, at))));
    }

    @ParameterizedTest
    @MethodSource("failures")
    void tellsWhichOfABatchFailedAndMovesTheOthers(Acknowledge acknowledge, Fate fate, List<Integer> at) {
        List<Fate> fates = new ArrayList<>(Collections.nCopies(9, Fate.MOVES));
        at.forEach(index -> fates.set(index, fate));
        List<Move> moves = prepare(fates);

        assertFates(fates, moves, move(kernel.xfrm(), 9, acknowledge, moves));
    }

    /** Moves that are not sent leave no gap in the results of those that are. */
    @ParameterizedTest
    @EnumSource(Acknowledge.class)
    void givesResultsInOrderAlsoAroundMovesThatTheLibraryRefuses(Acknowledge acknowledge) {
        List<Fate> fates = List.of(Fate.MOVES, Fate.MOVES, Fate.TAKEN, Fate.ABSENT, Fate.MOVES);
        List<Move> good = prepare(fates);
        List<Move> moves = new ArrayList<>();
        for (Move move : good) {
            moves.add(unsendable(move));
            moves.add(move);
        }
        moves.add(unsendable(good.getLast()));

        List<MoveResult> results = move(kernel.xfrm(), 3, acknowledge, moves);

        assertEquals(moves, results.stream().map(MoveResult::move).toList());
        for (int i = 0; i < results.size(); i += 2) {
            assertEquals(Outcome.REJECTED, results.get(i).outcome());
            assertEquals(0, results.get(i).refusal().errno());
        }
        assertFates(fates, good, IntStream.range(0, good.size()).mapToObj(i -> results.get(2 * i + 1)).toList());
    }

    private static Move unsendable(Move move) {
        return new Move(new SaId(OLD, 0, Protocol.ESP, move.sa().mark()), move.newSource(), move.newDestination(),
                move.newReqid(), move.newSelector(), move.mark(), move.encap(), move.outputMark(), move.offload(),
                move.natKeepaliveSeconds(), move.mappingThresholdSeconds());
    }

    /** The kernel takes messages in order: what one does, the next meets. */
    @ParameterizedTest
    @EnumSource(Acknowledge.class)
    void carriesMovesOutInTheirOrder(Acknowledge acknowledge) {
        SecurityAssociation sa = kernel.add(sa(0));
        Move there = Move.of(sa).destination(NEW).build();
        Move back = Move.of(sa.toBuilder().destination(NEW).build()).destination(OLD).build();

        assertEquals(List.of(Outcome.MOVED, Outcome.GONE, Outcome.MOVED, Outcome.MOVED, Outcome.GONE),
                move(kernel.xfrm(), 64, acknowledge, List.of(there, there, back, there, there)).stream()
                        .map(MoveResult::outcome).toList());
        assertEquals(Map.of(at(NEW, 0), sa.reqid()), places());
    }

    @ParameterizedTest
    @EnumSource(Acknowledge.class)
    void survivesThatAllOfManyBatchesFail(Acknowledge acknowledge) {
        for (Fate fate : List.of(Fate.TAKEN, Fate.ABSENT)) {
            List<Fate> fates = Collections.nCopies(700, fate);
            kernel.sas().flush();
            List<Move> moves = prepare(fates);
            assertFates(fates, moves, move(kernel.xfrm(), 128, acknowledge, moves));
        }
    }

    @Test
    void movesNothingOfNothing() {
        assertEquals(List.of(), new Migrator(kernel.xfrm()).move(List.of()));
        assertEquals(new MoveCounts(0, 0, 0, 0, 0),
                new Migrator(kernel.xfrm()).stream(SaFilter.ALL, TO_NEW, MoveListener.NONE));
    }

    // ---- Sizes -------------------------------------------------------------------------------------------------

    static Stream<Arguments> sizes() {
        return Stream.of(Acknowledge.values()).flatMap(acknowledge -> IntStream.of(1, 2, 64, 256, 1000)
                .mapToObj(size -> Arguments.of(size, acknowledge)));
    }

    @ParameterizedTest
    @MethodSource("sizes")
    void givesTheSameResultsInBatchesOfAnySize(int batchSize, Acknowledge acknowledge) {
        List<Fate> fates = mixed(1_003);
        List<Move> moves = prepare(fates);
        ObservedSocket socket = ObservedSocket.open(SocketBuffers.DEFAULT);
        try (Xfrm observed = new Xfrm(socket::requests)) {
            List<MoveResult> results = move(observed, batchSize, acknowledge, moves);

            assertFates(fates, moves, results);
            assertEquals((1_003 + batchSize - 1) / batchSize, socket.sent().size(), "datagrams");
            assertEquals(batchSize, socket.sent().getFirst().size(), "messages of the first");
        }
    }

    /** Only the receive buffer bounds a batch: with a small one, many batches; each answer arrives. */
    @ParameterizedTest
    @ValueSource(ints = {1, 32 * 1024})
    void movesMoreThanTheReceiveBufferTakesAnswersFor(int receiveBytes) {
        List<Fate> fates = mixed(5_000);
        List<Move> moves = prepare(fates);
        ObservedSocket socket = ObservedSocket.open(new SocketBuffers(receiveBytes, 256 * 1024));
        try (Xfrm small = new Xfrm(socket::requests)) {
            int most = socket.requests().maxReplies();
            assertTrue(most < 100, "takes " + most);

            List<MoveResult> results = move(small, 1_000, Acknowledge.EVERY, moves);

            assertFates(fates, moves, results);
            assertEquals(most, socket.sent().stream().mapToInt(List::size).max().orElseThrow());
            assertEquals(5_000, socket.sent(MIGRATE_STATE), "each sent once");
        }
    }

    @ParameterizedTest
    @EnumSource(Acknowledge.class)
    void sendsTwoThousandMovesInOneDatagram(Acknowledge acknowledge) {
        List<Fate> fates = mixed(2_000);
        List<Move> moves = prepare(fates);
        ObservedSocket socket = ObservedSocket.open(SocketBuffers.DEFAULT);
        try (Xfrm observed = new Xfrm(socket::requests)) {
            List<MoveResult> results = move(observed, 2_000, acknowledge, moves);

            assertEquals(List.of(Collections.nCopies(2_000, MIGRATE_STATE)), socket.sent());
            assertFates(fates, moves, results);
        }
    }

    /** With all of its receive buffer full of refusals, as many as the library believes that it takes. */
    @Test
    void losesNoAnswerWhenTheReceiveBufferIsFull() {
        List<Fate> fates = Collections.nCopies(3_000, Fate.ABSENT);
        List<Move> moves = prepare(fates);
        ObservedSocket socket = ObservedSocket.open(new SocketBuffers(1 << 20, 1 << 20));
        try (Xfrm observed = new Xfrm(socket::requests)) {
            int most = socket.requests().maxReplies();
            assertTrue(most > 1_000 && most < 3_000, "takes " + most);
            assertFates(fates, moves, move(observed, 3_000, Acknowledge.ERRORS_AND_LAST, moves));
            assertEquals(most, socket.sent().getFirst().size());
            assertEquals(0, socket.sent(xfrm4j_h.XFRM_MSG_GETSA()), "nothing had to be looked up");
        }
    }

    // ---- Lost answers ------------------------------------------------------------------------------------------

    /**
     * A receive buffer of 4 KiB that is believed to be one of 1 MiB: the kernel drops answers. An SA that is nowhere is
     * LOST then and not GONE: whether it was there is what the lost answer would have told.
     */
    @ParameterizedTest
    @EnumSource(Acknowledge.class)
    void findsOutWhatBecameOfEachWhenAnswersAreLost(Acknowledge acknowledge) {
        List<Fate> fates = mixed(1_000);
        List<Move> moves = prepare(fates);
        ObservedSocket socket = ObservedSocket.overrated(new SocketBuffers(1, 256 * 1024), 1 << 20);
        try (Xfrm deaf = new Xfrm(socket::requests)) {
            List<MoveResult> results = move(deaf, 500, acknowledge, moves);

            assertEquals(2, socket.sent().stream().filter(types -> types.size() == 500).count());
            assertEquals(1_000, socket.sent(MIGRATE_STATE), "nothing is sent again");
            assertPlaces(fates);
            int found = 0;
            for (int i = 0; i < fates.size(); i++) {
                MoveResult result = results.get(i);
                boolean looked = result.refusal() != null && result.refusal().errno() == Errno.ENOBUFS;
                found += looked ? 1 : 0;
                assertEquals(looked && fates.get(i) == Fate.ABSENT ? Outcome.LOST : fates.get(i).outcome,
                        result.outcome(), "move " + i);
                assertEquals(looked ? new Refusal(Errno.ENOBUFS, "the kernel's answer was lost", null)
                        : fates.get(i).refusal, result.refusal(), "move " + i);
            }
            assertTrue(found > 200, "looked up: " + found);
            assertTrue(socket.sent(xfrm4j_h.XFRM_MSG_GETSA()) >= 990, "nearly all had to be looked up");
        }
    }

    /** Where the place stays the same, what was to change tells. */
    @Test
    void findsOutWhatWasChangedInPlaceWhenAnswersAreLost() {
        List<Fate> fates = Collections.nCopies(600, Fate.MOVES);
        Selector selector = Selector.of(IpPrefix.parse("10.0.0.0/8"), IpPrefix.parse("10.1.0.0/16"));
        List<Move> moves = new ArrayList<>();
        for (Move there : prepare(fates)) {
            Move.Builder inPlace = Move.of(there.sa()).source(TestSas.SOURCE).destination(OLD)
                    .reqid(there.newReqid()).selector(selector);
            // Every other one the kernel refuses: the loopback device (1) cannot do IPsec.
            moves.add((moves.size() % 2 == 0 ? inPlace : inPlace.offload(new Offload(1, Offload.PACKET))).build());
        }
        ObservedSocket socket = ObservedSocket.overrated(new SocketBuffers(1, 256 * 1024), 1 << 20);
        try (Xfrm deaf = new Xfrm(socket::requests)) {
            List<MoveResult> results = move(deaf, 300, Acknowledge.ERRORS_AND_LAST, moves);

            Map<Integer, Selector> selectors = new HashMap<>();
            kernel.all().forEach(sa -> selectors.put(sa.spi(), sa.selector()));
            for (int i = 0; i < moves.size(); i++) {
                assertEquals(i % 2 == 0 ? Outcome.MOVED : Outcome.REJECTED, results.get(i).outcome(), "move " + i);
                assertEquals(i % 2 == 0 ? selector : Selector.ALL_IPV4, selectors.get(FIRST + i), "SA " + i);
            }
            assertTrue(socket.sent(xfrm4j_h.XFRM_MSG_GETSA()) > 500, "most had to be looked up");
        }
    }

    @Test
    void countsRightlyWhenAStreamLosesAnswers() {
        List<Fate> fates = IntStream.range(0, 2_000).mapToObj(i -> i % 3 == 0 ? Fate.TAKEN : Fate.MOVES).toList();
        prepare(fates);
        long moving = fates.stream().filter(fate -> fate == Fate.MOVES).count();
        List<ObservedSocket> sockets = new ArrayList<>();
        long[] heard = new long[Outcome.values().length];
        try (Xfrm deaf = new Xfrm(() -> {
            sockets.add(ObservedSocket.overrated(new SocketBuffers(1, 256 * 1024), 1 << 20));
            return sockets.getLast().requests();
        })) {
            MoveCounts counts = new Migrator(deaf, new MigrateOptions(400, Acknowledge.ERRORS_AND_LAST))
                    .stream(SaFilter.ALL.destination(IpPrefix.host(OLD)), TO_NEW,
                            report -> heard[report.outcome().ordinal()]++);

            assertEquals(new MoveCounts(moving, 2_000 - moving, 0, 0, 0), counts);
            assertEquals(moving, heard[Outcome.MOVED.ordinal()]);
            assertEquals(2_000 - moving, heard[Outcome.REJECTED.ordinal()]);
            assertTrue(sockets.getFirst().sent(xfrm4j_h.XFRM_MSG_GETSA()) > 1_000, "most had to be looked up");
        }
        assertPlaces(fates);
    }

    // ---- Others at work ----------------------------------------------------------------------------------------

    /** Somebody else, with a socket of his own, at work until the moves are done. */
    private static final class Other implements AutoCloseable {
        private final AtomicReference<Throwable> failure = new AtomicReference<>();
        private final CountDownLatch begun = new CountDownLatch(1);
        private final AtomicBoolean stop = new AtomicBoolean();
        private final Thread thread;

        /** Does something about SA after SA. */
        @FunctionalInterface
        interface Work {
            void on(Xfrm xfrm, int index);
        }

        /** Starts it, and waits until it has done {@code headStart} of them. */
        Other(Iterable<Integer> indexes, int headStart, Work work) throws InterruptedException {
            thread = Thread.ofPlatform().start(() -> {
                try (Xfrm mine = Xfrm.open()) {
                    int done = 0;
                    for (int index : indexes) {
                        if (stop.get()) {
                            break;
                        }
                        work.on(mine, index);
                        if (++done == headStart) {
                            begun.countDown();
                        }
                    }
                } catch (Throwable failed) {
                    failure.set(failed);
                } finally {
                    begun.countDown();
                }
            });
            begun.await();
        }

        /** Lets it do all that it was told. */
        void finish() throws InterruptedException {
            thread.join();
            assertNull(failure.get());
        }

        @Override
        public void close() {
            stop.set(true);
            try {
                finish();
            } catch (InterruptedException interrupted) {
                throw new AssertionError(interrupted);
            }
        }
    }

    /** From the end, while the moves go from the beginning, so that they meet. */
    private static Iterable<Integer> backwards(int count) {
        return () -> IntStream.range(0, count).map(i -> count - 1 - i).iterator();
    }

    @ParameterizedTest
    @EnumSource(Acknowledge.class)
    void tellsMovedFromGoneExactlyWhileAnotherThreadDeletes(Acknowledge acknowledge) throws Exception {
        int count = 3_000;
        List<Move> moves = prepare(Collections.nCopies(count, Fate.MOVES));
        boolean[] deleted = new boolean[count];
        List<MoveResult> results;
        try (Other other = new Other(backwards(count), 20,
                (xfrm, index) -> deleted[index] = xfrm.sas().delete(at(OLD, index)))) {
            results = move(kernel.xfrm(), 8, acknowledge, moves);
            other.finish();
        }

        int gone = 0;
        Map<SaId, Integer> expected = new HashMap<>();
        for (int i = 0; i < count; i++) {
            assertEquals(deleted[i] ? Outcome.GONE : Outcome.MOVED, results.get(i).outcome(), "move " + i);
            assertEquals(deleted[i] ? ABSENT : null, results.get(i).refusal(), "move " + i);
            if (deleted[i]) {
                gone++;
            } else {
                expected.put(at(NEW, i), sa(i).reqid());
            }
        }
        assertTrue(gone >= 20 && gone < count, "deleted before they moved: " + gone);
        assertEquals(expected, places());
    }

    @ParameterizedTest
    @EnumSource(Acknowledge.class)
    void streamsExactlyWhileAnotherThreadDeletes(Acknowledge acknowledge) throws Exception {
        int count = 3_000;
        prepare(Collections.nCopies(count, Fate.MOVES));
        boolean[] deleted = new boolean[count];
        Outcome[] outcomes = new Outcome[count];
        MoveCounts counts;
        // A dump begins with the newest, so this goes the other way.
        Iterable<Integer> forwards = () -> IntStream.range(0, count).iterator();
        try (Other other = new Other(forwards, 20,
                (xfrm, index) -> deleted[index] = xfrm.sas().delete(at(OLD, index)))) {
            counts = new Migrator(kernel.xfrm(), new MigrateOptions(8, acknowledge)).stream(SaFilter.ALL, TO_NEW,
                    report -> outcomes[report.message().id().spi() - FIRST] = report.outcome());
            other.finish();
        }

        long moved = 0;
        Map<SaId, Integer> expected = new HashMap<>();
        for (int i = 0; i < count; i++) {
            if (deleted[i]) {
                // Deleted before the dump came to it, or after: then its move found nothing.
                assertTrue(outcomes[i] == null || outcomes[i] == Outcome.GONE, i + ": " + outcomes[i]);
            } else {
                assertEquals(Outcome.MOVED, outcomes[i], "SA " + i);
                expected.put(at(NEW, i), sa(i).reqid());
                moved++;
            }
        }
        long gone = Stream.of(outcomes).filter(outcome -> outcome == Outcome.GONE).count();
        assertEquals(new MoveCounts(moved, 0, gone, 0, 0), counts);
        assertTrue(moved > 0 && moved < count, "moved: " + moved);
        assertEquals(expected, places());
    }

    /** He deletes SAs and adds others of the same name. Moved is what stands at the new place, no more, no less. */
    @ParameterizedTest
    @EnumSource(Acknowledge.class)
    void tellsMovedFromGoneExactlyWhileAnotherThreadReplaces(Acknowledge acknowledge) throws Exception {
        int count = 1_500;
        List<Move> moves = prepare(Collections.nCopies(count, Fate.MOVES));
        List<MoveResult> results;
        try (Other other = new Other(backwards(count), 20, (xfrm, index) -> {
            xfrm.sas().delete(at(OLD, index));
            xfrm.sas().add(sa(index));
        })) {
            results = move(kernel.xfrm(), 8, acknowledge, moves);
            other.finish();
        }

        Map<SaId, Integer> places = places();
        int left = 0;
        for (int i = 0; i < count; i++) {
            boolean there = places.containsKey(at(NEW, i));
            left += places.containsKey(at(OLD, i)) ? 1 : 0;
            assertEquals(there ? Outcome.MOVED : Outcome.GONE, results.get(i).outcome(), "move " + i);
        }
        assertTrue(left > 0, "some were added again after they had moved");
    }

    /** He adds SAs where others are to move to: one of the two has the place, and each is told which. */
    @ParameterizedTest
    @EnumSource(Acknowledge.class)
    void tellsMovedFromRejectedExactlyWhileAnotherThreadTakesThePlaces(Acknowledge acknowledge) throws Exception {
        int count = 1_500;
        List<Move> moves = prepare(Collections.nCopies(count, Fate.MOVES));
        boolean[] taken = new boolean[count];
        List<MoveResult> results;
        try (Other other = new Other(backwards(count), 20, (xfrm, index) -> {
            try {
                xfrm.sas().add(occupant(index));
                taken[index] = true;
            } catch (XfrmException refused) {
                assertEquals(Errno.EEXIST, refused.errno());
            }
        })) {
            results = move(kernel.xfrm(), 8, acknowledge, moves);
            other.finish();
        }

        List<Fate> fates = IntStream.range(0, count).mapToObj(i -> taken[i] ? Fate.TAKEN : Fate.MOVES).toList();
        assertFates(fates, moves, results);
        assertTrue(fates.contains(Fate.TAKEN) && fates.contains(Fate.MOVES), "they met");
    }

    // ---- Garbage -----------------------------------------------------------------------------------------------

    /** There and back again, so that all SAs have moved and none had an object. */
    @ParameterizedTest
    @EnumSource(Acknowledge.class)
    void streamsThousandsOfSasWithoutAnObjectForEach(Acknowledge acknowledge) {
        int count = 5_000;
        prepare(Collections.nCopies(count, Fate.MOVES));
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        Migrator migrator = new Migrator(kernel.xfrm(), new MigrateOptions(256, acknowledge));
        long[] heard = new long[1];
        MoveListener listener = report -> heard[0] += report.outcome() == Outcome.MOVED ? 1 : 0;
        // What is left once all is compiled: the second socket, and the JVM's own noise. An object takes 16 bytes.
        long enough = 4L * count;
        long least = Long.MAX_VALUE;
        int round = 0;
        for (; round < 40 && least > enough; round++) {
            long before = threads.getCurrentThreadAllocatedBytes();
            MoveCounts counts = migrator.stream(SaFilter.ALL, round % 2 == 0 ? TO_NEW : TO_OLD, listener);
            least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
            assertEquals(new MoveCounts(count, 0, 0, 0, 0), counts);
        }
        assertEquals((long) round * count, heard[0]);
        assertTrue(least <= enough, least + " bytes for " + count + " SAs");
    }
}
