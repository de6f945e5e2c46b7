package org.xfrm4j.migrate;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.xfrm4j.Refusal;
import org.xfrm4j.Xfrm;
import org.xfrm4j.bindings.xfrm4j_h;
import org.xfrm4j.netlink.BatchResults;
import org.xfrm4j.netlink.Errno;
import org.xfrm4j.netlink.NetlinkBatch;
import org.xfrm4j.netlink.NetlinkException;
import org.xfrm4j.wire.MigrateStateDecoder;
import org.xfrm4j.wire.MigrateStateEncoder;
import org.xfrm4j.wire.MigrateStateRules;
import org.xfrm4j.wire.SaDecoder;

/**
 * The way of every move: encoded into the batch, checked, sent with the others, its outcome reported.
 *
 * <pre>
 *   begin() ──▶ encode ──▶ submit(): rules ──refused──▶ report
 *                              └──▶ batch, when full: flush(): marks looked up ──▶ kernel ──▶ outcome by index ──▶
 *     report
 * </pre>
 *
 * <p>Nothing is allocated for a move that the kernel carries out.
 */
final class MovePipeline {
    /** Why a change of the mark alone is not sent. */
    static final String TAKEN = "XFRMA_MARK: " + Outcomes.TAKEN
            + ": another SA has this destination, SPI, protocol and mark";
    /** A netlink header, and padding. */
    private static final int NETLINK_OVERHEAD = 20;

    private final NetlinkBatch batch;
    private final Xfrm xfrm;
    private final MoveLookup lookup;
    private final MigrateStateEncoder encoder = new MigrateStateEncoder();
    private final MigrateStateDecoder message = new MigrateStateDecoder();
    private final MoveReport report = new MoveReport(message);
    private final int[] tickets;
    private final int[] lengths;
    private final MarkScreen screen;
    private MoveListener listener = MoveListener.NONE;
    private long moved;
    private long rejected;
    private long gone;
    private long lost;
    private long skipped;
    private long open;

    MovePipeline(Xfrm xfrm, MigrateOptions options) {
        this.xfrm = xfrm;
        this.lookup = new MoveLookup(xfrm);
        int bytes = options.batchSize() * (MigrateStateEncoder.MAX_ENCODED_LENGTH + NETLINK_OVERHEAD);
        this.batch = xfrm.requests().newBatch(options.batchSize(), bytes, options.acknowledge());
        this.tickets = new int[batch.capacity()];
        this.lengths = new int[batch.capacity()];
        this.screen = new MarkScreen(xfrm, lookup, batch, lengths);
    }

    /** Begins to report to somebody, and to count, anew. */
    void start(MoveListener to) {
        listener = to;
        moved = 0;
        rejected = 0;
        gone = 0;
        lost = 0;
        skipped = 0;
        batch.clear();
        screen.clear();
    }

    MoveCounts counts() {
        return new MoveCounts(moved, rejected, gone, lost, skipped);
    }

    /** Begins a move; what is encoded has to be submitted or skipped. */
    MigrateStateEncoder begin() {
        if (!batch.hasRoomFor(MigrateStateEncoder.MAX_ENCODED_LENGTH)) {
            flush();
        }
        open = batch.begin(xfrm4j_h.XFRM_MSG_MIGRATE_STATE(), 0);
        return encoder.wrap(batch.segment(), open);
    }

    /** Forgets the move that was begun: the SA is not to move. */
    void skip() {
        batch.abandon();
        skipped++;
    }

    /** Forgets the move that was begun, because something went wrong. */
    void abandon() {
        batch.abandon();
    }

    /**
     * Submits the move that was begun.
     *
     * @param ticket comes back with the report
     * @param sa the SA as it is now; null if it is not known
     */
    void submit(int ticket, SaDecoder sa) {
        int length = encoder.encode();
        message.wrap(batch.segment(), open, length);
        String reason = sa == null ? MigrateStateRules.reasonToRefuse(message)
                : MigrateStateRules.reasonToRefuse(message, sa);
        if (reason != null) {
            batch.abandon();
            refuse(ticket, reason);
        } else {
            submitSound(ticket, length);
        }
    }

    /** Nothing speaks against the move by itself. With marks, other SAs may. */
    private void submitSound(int ticket, int length) {
        if (MoveLookup.changesOnlyTheMark(message)) {
            submitAlone(ticket, length);
            return;
        }
        boolean isMarked = MoveLookup.isMarked(message);
        if (isMarked && screen.isPending(message.id().spi())) {
            // After all moves before it, which change what there is to see.
            flushBefore(length);
        }
        commit(ticket, length, isMarked);
    }

    /** The kernel looks whether a new place is free only if destination or family change: here it is looked up. */
    private void submitAlone(int ticket, int length) {
        flushBefore(length);
        if (MoveLookup.isMarked(message) && lookup.findsAnother(message)) {
            batch.abandon();
            refuse(ticket, MarkScreen.SHADOWED);
        } else if (lookup.isTaken(message)) {
            batch.abandon();
            refuse(ticket, TAKEN);
        } else {
            commit(ticket, length, false);
            // At once: the longer it waits, the sooner somebody else has taken the place that was free.
            flush();
        }
    }

    private void commit(int ticket, int length, boolean isMarked) {
        int index = batch.end(length);
        tickets[index] = ticket;
        lengths[index] = length;
        screen.add(index, message.id().spi(), isMarked);
    }

    /** Sends what is in the batch, without the move that was begun, and begins that anew. */
    private void flushBefore(int length) {
        byte[] copy = new byte[length];
        MemorySegment.copy(batch.segment(), ValueLayout.JAVA_BYTE, open, copy, 0, length);
        batch.abandon();
        flush();
        open = batch.begin(xfrm4j_h.XFRM_MSG_MIGRATE_STATE(), 0);
        MemorySegment.copy(copy, 0, batch.segment(), ValueLayout.JAVA_BYTE, open, length);
        message.wrap(batch.segment(), open, length);
    }

    private void refuse(int ticket, String reason) {
        rejected++;
        listener.outcome(report.explained(ticket, Outcome.REJECTED, new Refusal(0, reason, null)));
    }

    /** Sends what is in the batch, and reports. */
    void flush() {
        if (batch.count() == 0) {
            return;
        }
        try {
            if (isSent()) {
                reportAnswers();
            }
        } finally {
            batch.clear();
            screen.clear();
        }
    }

    private boolean isSent() {
        try {
            screen.run();
            xfrm.requests().execute(batch);
            return true;
        } catch (NetlinkException notSent) {
            reportNotSent(notSent);
            return false;
        }
    }

    /** A datagram that could not be sent was not handled: all its SAs are where they were. */
    private void reportNotSent(NetlinkException failure) {
        Refusal refusal = new Refusal(failure.errno(), failure.getMessage(), null);
        for (int i = 0; i < batch.count(); i++) {
            rejected++;
            wrap(i);
            listener.outcome(report.explained(tickets[i], Outcome.REJECTED, refusal));
        }
    }

    private void reportAnswers() {
        BatchResults results = batch.results();
        int count = results.count();
        boolean allWell = results.failures() == 0 && !results.repliesLost() && !screen.hasSuspects();
        if (allWell && listener == MoveListener.NONE) {
            moved += count;
            return;
        }
        for (int i = 0; i < count; i++) {
            wrap(i);
            if (screen.isShadowed(i)) {
                refuse(tickets[i], MarkScreen.SHADOWED);
                continue;
            }
            int error = results.error(i);
            Outcome outcome = Outcomes.isCertain(error, results, i) ? Outcomes.of(error) : lookup.outcome(message);
            count(outcome);
            if (error == BatchResults.UNANSWERED) {
                Refusal unknown = new Refusal(Errno.ENOBUFS, "the kernel's answer was lost", null);
                listener.outcome(report.explained(tickets[i], outcome, unknown));
            } else {
                listener.outcome(report.answered(tickets[i], outcome, results, i));
            }
        }
    }

    private void wrap(int index) {
        message.wrap(batch.segment(), batch.payloadOffset(index), lengths[index]);
    }

    private void count(Outcome outcome) {
        switch (outcome) {
            case MOVED -> moved++;
            case REJECTED -> rejected++;
            case GONE -> gone++;
            case LOST -> lost++;
        }
    }
}
