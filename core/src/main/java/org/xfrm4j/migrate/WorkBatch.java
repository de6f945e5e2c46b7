package org.xfrm4j.migrate;

import java.lang.foreign.MemorySegment;
import org.xfrm4j.Refusal;
import org.xfrm4j.Xfrm;
import org.xfrm4j.bindings.xfrm4j_h;
import org.xfrm4j.netlink.BatchResults;
import org.xfrm4j.netlink.Errno;
import org.xfrm4j.netlink.NetlinkBatch;
import org.xfrm4j.policy.Policy;
import org.xfrm4j.policy.PolicyId;
import org.xfrm4j.wire.MigrateStateDecoder;
import org.xfrm4j.wire.PolicyIdEncoder;

/**
 * Messages about policies and moves of SAs, mixed, in the order in which they were added. Sends when it is full and when it
 * is told to, so that what was added is done in order, but not at once.
 *
 * <p>How many messages one transmission holds follows from how long the kernel took for those before: for so long it serves
 * nobody else in the namespace.
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
    /** A policy with six templates and a label. */
    private static final int POLICY_BYTES = 2048;
    private static final int IS_POLICY = 1 << 31;
    private static final int IS_DELETION = 1 << 30;
    private static final double WEIGHT_OF_LAST = 0.25;

    private final Xfrm xfrm;
    private final NetlinkBatch batch;
    private final MoveLookup lookup;
    private final double holdNanos;
    private final PolicyIdEncoder policyId = new PolicyIdEncoder();
    private final MigrateStateDecoder message = new MigrateStateDecoder();
    private final int[] groups = new int[MOST_MESSAGES];
    private final int[] items = new int[MOST_MESSAGES];
    private final int[] lengths = new int[MOST_MESSAGES];
    private final Traffic traffic = new Traffic();
    private Answers answers;
    private double nanosPerMessage;
    private int limit;

    /** @param holdNanos how long one transmission may hold the kernel's lock; the first ones find out what that means */
    WorkBatch(Xfrm xfrm, double holdNanos) {
        this.xfrm = xfrm;
        this.lookup = new MoveLookup(xfrm);
        this.holdNanos = holdNanos;
        this.batch = xfrm.requests().newBatch(MOST_MESSAGES, BYTES);
        this.limit = Math.min(FIRST_MESSAGES, batch.capacity());
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
    void put(int group, int item, Policy policy) {
        makeRoom(POLICY_BYTES);
        long at = batch.begin(xfrm4j_h.XFRM_MSG_UPDPOLICY(), 0);
        enter(group, item | IS_POLICY, policy.encode(batch.segment(), at));
    }

    void delete(int group, int item, PolicyId policy) {
        makeRoom(POLICY_BYTES);
        long at = batch.begin(xfrm4j_h.XFRM_MSG_DELPOLICY(), 0);
        enter(group, item | IS_POLICY | IS_DELETION, policy.encode(policyId.wrap(batch.segment(), at)));
    }

    void move(int group, int item, MigrateStateDecoder move, int length) {
        makeRoom(length);
        long at = batch.begin(xfrm4j_h.XFRM_MSG_MIGRATE_STATE(), 0);
        MemorySegment.copy(move.segment(), move.offset(), batch.segment(), at, length);
        enter(group, item, length);
    }

    private void makeRoom(int bytes) {
        if (batch.count() >= limit || !batch.hasRoomFor(bytes)) {
            flush();
        }
    }

    private void enter(int group, int item, int length) {
        int index = batch.end(length);
        groups[index] = group;
        items[index] = item;
        lengths[index] = length;
    }

    /** Sends what was added, and hands out the answers. */
    void flush() {
        if (batch.count() == 0) {
            return;
        }
        try {
            TransmissionEvent event = new TransmissionEvent();
            event.begin();
            long start = System.nanoTime();
            xfrm.requests().execute(batch);
            measure(System.nanoTime() - start);
            event.commit(batch.count(), batch.results().failures());
            handOut(batch.results());
        } finally {
            batch.clear();
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
        for (int i = 0; i < results.count(); i++) {
            int error = results.error(i);
            Refusal refusal = error == 0 ? null : error == BatchResults.UNANSWERED
                    ? new Refusal(Errno.ENOBUFS, "the kernel's answer was lost", null) : Refusal.of(results, i);
            if ((items[i] & IS_POLICY) != 0) {
                boolean wasGone = (items[i] & IS_DELETION) != 0 && error == Errno.ENOENT;
                answers.policyDone(groups[i], items[i] & ~(IS_POLICY | IS_DELETION), wasGone ? null : refusal);
            } else {
                boolean certain = Outcomes.isCertain(error, results, i);
                Outcome outcome = certain ? Outcomes.of(error)
                        : lookup.outcome(message.wrap(batch.segment(), batch.payloadOffset(i), lengths[i]));
                answers.moved(groups[i], items[i], outcome, outcome == Outcome.MOVED ? null : refusal);
            }
        }
    }

    /** What went to the kernel. */
    static final class Traffic {
        private long transmissions;
        private long messages;
        private long bytes;
        private long nanos;
        private long longestNanos;

        private void sent(int count, long length, long took) {
            transmissions++;
            messages += count;
            bytes += length;
            nanos += took;
            longestNanos = Math.max(longestNanos, took);
        }

        long transmissions() {
            return transmissions;
        }

        long messages() {
            return messages;
        }

        long bytes() {
            return bytes;
        }

        /** Time in which the kernel worked, system calls included. */
        long nanos() {
            return nanos;
        }

        long longestNanos() {
            return longestNanos;
        }
    }
}
