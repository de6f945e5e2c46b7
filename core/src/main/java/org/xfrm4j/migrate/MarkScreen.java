package org.xfrm4j.migrate;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.xfrm4j.Xfrm;
import org.xfrm4j.bindings.xfrm4j_h;
import org.xfrm4j.netlink.BatchResults;
import org.xfrm4j.netlink.NetlinkBatch;
import org.xfrm4j.netlink.ReplyHandler;
import org.xfrm4j.wire.MigrateStateDecoder;
import org.xfrm4j.wire.SaDecoder;
import org.xfrm4j.wire.SaIdEncoder;

/**
 * Finds those of a batch's moves that the kernel would make with another SA than the one that is meant: asks for all marked
 * SAs at once, by XFRM_MSG_GETSA, which looks as XFRM_MSG_MIGRATE_STATE does. Allocates nothing for an SA.
 */
final class MarkScreen {
    /** What an SA in an answer is charged to the receive buffer at most: two pages and what the kernel adds. */
    private static final int REPLY_CHARGE = 12 * 1024;
    /** A netlink header, what names an SA, and its mark. */
    private static final int QUESTION_BYTES = 64;

    private final Xfrm xfrm;
    private final MoveLookup lookup;
    private final NetlinkBatch questions;
    private final int replyCharge;
    private final boolean[] shadowed;
    /** By question: the place of its move in the batch, the mark that is meant, and the one that was found. */
    private final int[] moves;
    private final int[] meantValues;
    private final int[] meantMasks;
    private final int[] foundValues;
    private final int[] foundMasks;
    private final SaIdEncoder name = new SaIdEncoder();
    private final SaDecoder answer = new SaDecoder();
    private final ReplyHandler onAnswer = this::keepMark;

    MarkScreen(Xfrm xfrm, MoveLookup lookup, int capacity) {
        this.xfrm = xfrm;
        this.lookup = lookup;
        this.questions = xfrm.requests().newBatch(capacity, capacity * QUESTION_BYTES);
        // The smallest receive buffers take one answer at a time; then it is one question at a time, too.
        this.replyCharge = Math.min(REPLY_CHARGE, Math.max(0, xfrm.requests().receiveBufferBytes() - 1024));
        this.shadowed = new boolean[capacity];
        this.moves = new int[capacity];
        this.meantValues = new int[capacity];
        this.meantMasks = new int[capacity];
        this.foundValues = new int[capacity];
        this.foundMasks = new int[capacity];
    }

    /** Forgets what was found about the last batch. */
    void clear() {
        Arrays.fill(shadowed, false);
        questions.clear();
    }

    /** Whether there is room for another question; otherwise ask first. */
    boolean hasRoom() {
        return questions.count() == 0 || questions.hasRoomFor(QUESTION_BYTES, replyCharge);
    }

    /** Adds a question about a move. */
    void add(int index, MigrateStateDecoder message) {
        int question = questions.count();
        moves[question] = index;
        meantMasks[question] = message.oldMarkMask();
        meantValues[question] = message.oldMarkValue() & message.oldMarkMask();
        name.wrap(questions.segment(), questions.begin(xfrm4j_h.XFRM_MSG_GETSA(), 0, replyCharge))
                .destination(message.id().destinationHigh(), message.id().destinationLow())
                .spi(message.id().spi())
                .family(message.id().family())
                .protocol(message.id().protocol());
        name.attributes().putMark(xfrm4j_h.XFRMA_MARK(), message.oldMarkValue(), message.oldMarkMask());
        questions.end(name.encodedLength());
    }

    /**
     * Asks what was added.
     *
     * @param batch the moves, for the case that an answer is lost and has to be asked for alone
     */
    void ask(NetlinkBatch batch, int[] lengths, MigrateStateDecoder message) {
        xfrm.requests().execute(questions, onAnswer);
        BatchResults results = questions.results();
        for (int i = 0; i < results.count(); i++) {
            int move = moves[i];
            shadowed[move] = switch (results.error(i)) {
                case 0 -> foundValues[i] != meantValues[i] || foundMasks[i] != meantMasks[i];
                case BatchResults.UNANSWERED -> lookup.findsAnother(
                        message.wrap(batch.segment(), batch.payloadOffset(move), lengths[move]));
                // No such SA, or no permission: the kernel will say so of the move as well.
                default -> false;
            };
        }
        questions.clear();
    }

    private void keepMark(int question, int type, MemorySegment segment, long offset, int length) {
        answer.wrap(segment, offset, length);
        foundValues[question] = answer.markValue();
        foundMasks[question] = answer.markMask();
    }

    /** Whether the kernel would make the move with another SA. */
    boolean isShadowed(int index) {
        return shadowed[index];
    }
}
