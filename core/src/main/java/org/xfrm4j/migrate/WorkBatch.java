package org.xfrm4j.migrate;

import java.lang.foreign.MemorySegment;
import java.util.HashSet;
import java.util.Set;
import org.xfrm4j.Refusal;
import org.xfrm4j.Xfrm;
import org.xfrm4j.bindings.xfrm4j_h;
import org.xfrm4j.netlink.BatchResults;
import org.xfrm4j.netlink.Errno;
import org.xfrm4j.netlink.NetlinkBatch;
import org.xfrm4j.sa.SaId;
import org.xfrm4j.wire.MigrateStateDecoder;
import org.xfrm4j.wire.PolicyDecoder;

/**
 * Messages about policies and moves of SAs, mixed, in the order in which they were added. Sends when it is full and
 * when it is told to, so that what was added is done in order, but not at once.
 *
 * <p>How many messages one transmission holds follows from how long the kernel took for those before: for so long it
 * serves nobody else in the namespace.
 *
 * <p>Moves that the kernel would make with another SA than the one that is meant are not sent, nor those of the mark
 * alone to a place that is taken: see {@link MarkScreen} and {@link MoveLookup}.
 */
final class WorkBatch {
    /** Gets the answers. */
    interface Answers {
        /**
         * What became of a move.
         *
         * @param refusal why it was not made; null if it was
         */
        void moved(int group, int move, Outcome outcome, Refusal refusal);

        /**
         * What became of a message about a policy.
         *
         * @param refusal why it was refused; null if it was done. Of one whose answer was lost it is not known
         */
        void policyDone(int group, int policy, Refusal refusal);
    }

    private static final int MOST_MESSAGES = 256;
    private static final int FIRST_MESSAGES = 32;
    private static final int BYTES = 256 * 1024;
    private static final int IS_POLICY = 1 << 31;
    private static final int IS_DELETION = 1 << 30;
    private static final double WEIGHT_OF_LAST = 0.25;

    private final Xfrm xfrm;
    private final NetlinkBatch batch;
    private final PhaseClock clock;
    private final MoveLookup lookup;
    private final MarkScreen screen;
    private final double holdNanos;
    private final MigrateStateDecoder message = new MigrateStateDecoder();
    private final int[] groups = new int[MOST_MESSAGES];
    private final int[] items = new int[MOST_MESSAGES];
    private final int[] lengths = new int[MOST_MESSAGES];
    private final Traffic traffic = new Traffic();
    private Answers answers;
    private double nanosPerMessage;
    private int limit;

    /**
     * A batch.
     *
     * @param clock is told when SAs are looked up
     * @param holdNanos how long one transmission may hold the kernel's lock; the first ones find out what that means
     */
    WorkBatch(Xfrm xfrm, PhaseClock clock, double holdNanos) {
        this.xfrm = xfrm;
        this.clock = clock;
        this.lookup = new MoveLookup(xfrm);
        this.holdNanos = holdNanos;
        this.batch = xfrm.requests().newBatch(MOST_MESSAGES, BYTES);
        this.limit = Math.min(FIRST_MESSAGES, batch.capacity());
        this.screen = new MarkScreen(xfrm, lookup, batch, lengths);
    }

    Traffic traffic() {
        return traffic;
    }

    /** How many messages fit into one transmission that holds the lock no longer than is wanted. */
    int limit() {
        return limit;
    }

    /** Whose messages come now. All that was added before has to be sent. */
    void answersTo(Answers to) {
        answers = to;
    }

    /** Makes a policy what is given, be there one or not. */
    void put(int group, int item, PolicyDecoder policy) {
        makeRoom(PolicyForm.mostBytes(policy));
        long at = batch.begin(xfrm4j_h.XFRM_MSG_UPDPOLICY(), 0);
        enter(group, item | IS_POLICY, PolicyForm.whole(policy, batch.segment(), at));
    }

    /** Makes a policy what is given, but one that lets nothing pass. */
    void block(int group, int item, PolicyDecoder policy) {
        makeRoom(PolicyForm.mostBytes(policy));
        long at = batch.begin(xfrm4j_h.XFRM_MSG_UPDPOLICY(), 0);
        enter(group, item | IS_POLICY, PolicyForm.blocking(policy, batch.segment(), at));
    }

    /** Deletes the policy of this name. */
    void delete(int group, int item, PolicyDecoder policy) {
        makeRoom(PolicyForm.mostBytes(policy));
        long at = batch.begin(xfrm4j_h.XFRM_MSG_DELPOLICY(), 0);
        enter(group, item | IS_POLICY | IS_DELETION, PolicyForm.name(policy, batch.segment(), at));
    }

    void move(int group, int item, MigrateStateDecoder move, int length) {
        boolean isSuspect = MoveLookup.isMarked(move);
        if (MoveLookup.changesOnlyTheMark(move)) {
            moveAlone(group, item, move, length, isSuspect);
            return;
        }
        if (isSuspect && screen.isPending(move.id().spi())) {
            // After the moves before it, which change what there is to see.
            flush();
        }
        add(group, item, move, length, isSuspect);
    }

    private void add(int group, int item, MigrateStateDecoder move, int length, boolean isSuspect) {
        makeRoom(length);
        long at = batch.begin(xfrm4j_h.XFRM_MSG_MIGRATE_STATE(), 0);
        MemorySegment.copy(move.segment(), move.offset(), batch.segment(), at, length);
        screen.add(enter(group, item, length), move.id().spi(), isSuspect);
    }

    /** The kernel looks whether a new place is free only if destination or family change: here it is looked up. */
    private void moveAlone(int group, int item, MigrateStateDecoder move, int length, boolean isSuspect) {
        flush();
        MigrationPhase before = clock.turnTo(MigrationPhase.LOOK_UP);
        boolean isShadowed = isSuspect && lookup.findsAnother(move);
        boolean isTaken = !isShadowed && lookup.isTaken(move);
        clock.turnTo(before);
        if (isShadowed) {
            answerShadowed(group, item, move);
        } else if (isTaken) {
            answers.moved(group, item, Outcome.REJECTED, new Refusal(0, MovePipeline.TAKEN, null));
        } else {
            add(group, item, move, length, false);
            // At once: the longer it waits, the sooner somebody else has taken the place that was free.
            flush();
        }
    }

    private void answerShadowed(int group, int item, MigrateStateDecoder move) {
        Refusal refusal = new Refusal(0, MarkScreen.SHADOWED, null);
        MigrationPhase before = clock.turnTo(MigrationPhase.LOOK_UP);
        // What stands before it may also be all that is left: then it has vanished, and holds nothing up.
        boolean isThere = lookup.isThere(move);
        clock.turnTo(before);
        answers.moved(group, item, isThere ? Outcome.REJECTED : Outcome.GONE, refusal);
    }

    private void makeRoom(int bytes) {
        if (batch.count() >= limit || !batch.hasRoomFor(bytes)) {
            flush();
        }
    }

    private int enter(int group, int item, int length) {
        int index = batch.end(length);
        groups[index] = group;
        items[index] = item;
        lengths[index] = length;
        return index;
    }

    /** Sends what was added, and hands out the answers. */
    void flush() {
        if (batch.count() == 0) {
            return;
        }
        try {
            lookAtSuspects();
            TransmissionEvent event = new TransmissionEvent();
            event.begin();
            long before = clock.kernelNanos();
            xfrm.requests().execute(batch);
            measure(clock.kernelNanos() - before);
            event.commit(batch.count(), batch.results().failures());
            handOut(batch.results());
        } finally {
            batch.clear();
            screen.clear();
        }
    }

    private void lookAtSuspects() {
        if (screen.hasSuspects()) {
            MigrationPhase before = clock.turnTo(MigrationPhase.LOOK_UP);
            screen.run();
            clock.turnTo(before);
        }
    }

    private void measure(long nanos) {
        double each = (double) nanos / batch.count();
        nanosPerMessage = nanosPerMessage == 0 ? each
                : WEIGHT_OF_LAST * each + (1 - WEIGHT_OF_LAST) * nanosPerMessage;
        limit = (int) Math.clamp(holdNanos / nanosPerMessage, 1, batch.capacity());
        traffic.sent(batch.count(), batch.bytes(), nanos);
    }

    private void handOut(BatchResults results) {
        boolean isAllCertain = true;
        for (int i = 0; i < results.count(); i++) {
            int error = results.error(i);
            if (isPolicy(i)) {
                boolean wasGone = (items[i] & IS_DELETION) != 0 && error == Errno.ENOENT;
                answers.policyDone(groups[i], items[i] & ~(IS_POLICY | IS_DELETION),
                        wasGone ? null : refusal(results, i));
            } else if (screen.isShadowed(i)) {
                answerShadowed(groups[i], items[i], wrap(i));
            } else if (Outcomes.isCertain(error, results, i)) {
                answer(results, i, Outcomes.of(error));
            } else {
                isAllCertain = false;
            }
        }
        if (!isAllCertain) {
            lookForTheOthers(results);
        }
    }

    /**
     * Looks where the SAs are of which the answers do not tell. Last move first: where it has got to is where, in a
     * chain, an earlier one stood, and what stands there now must not be taken for that.
     */
    private void lookForTheOthers(BatchResults results) {
        Set<SaId> reached = new HashSet<>();
        for (int i = results.count() - 1; i >= 0; i--) {
            if (isPolicy(i) || screen.isShadowed(i)) {
                continue;
            }
            boolean isCertain = Outcomes.isCertain(results.error(i), results, i);
            Outcome outcome = isCertain ? Outcomes.of(results.error(i))
                    : look(i, reached.contains(MoveLookup.before(wrap(i))));
            if (outcome == Outcome.MOVED) {
                reached.add(MoveLookup.after(wrap(i)));
            }
            if (!isCertain) {
                answer(results, i, outcome);
            }
        }
    }

    private boolean isPolicy(int index) {
        return (items[index] & IS_POLICY) != 0;
    }

    private void answer(BatchResults results, int index, Outcome outcome) {
        answers.moved(groups[index], items[index], outcome,
                outcome == Outcome.MOVED ? null : refusal(results, index));
    }

    private static Refusal refusal(BatchResults results, int index) {
        int error = results.error(index);
        return error == 0 ? null : error == BatchResults.UNANSWERED
                ? new Refusal(Errno.ENOBUFS, "the kernel's answer was lost", null) : Refusal.of(results, index);
    }

    private Outcome look(int index, boolean othersAtOldPlace) {
        MigrationPhase before = clock.turnTo(MigrationPhase.LOOK_UP);
        Outcome outcome = lookup.outcome(wrap(index), othersAtOldPlace);
        clock.turnTo(before);
        return outcome;
    }

    private MigrateStateDecoder wrap(int index) {
        return message.wrap(batch.segment(), batch.payloadOffset(index), lengths[index]);
    }
}
