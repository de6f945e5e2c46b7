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
 * Finds those of a batch's moves that the kernel would make with another SA than the one that is meant, and takes them
 * out of it: asks for the SAs by XFRM_MSG_GETSA, which looks as XFRM_MSG_MIGRATE_STATE does, for all of a batch at
 * once. Allocates nothing for an SA.
 *
 * <p>Only SAs with a mark are suspect: beside one without, the kernel takes none that is found without a mark.
 *
 * <p>It looks before the batch is sent, while the kernel looks when it comes to the move. A move before it in the same
 * batch would change what there is to see, if it is of the same SPI: see {@link #isPending}.
 */
final class MarkScreen {
    /** Why a move is not sent. */
    static final String SHADOWED = "old_mark: the kernel would take another SA of this destination, SPI and "
            + "protocol, whose mark matches as well";
    /** A netlink header, what names an SA, and its mark. */
    private static final int QUESTION_BYTES = 64;

    private final Xfrm xfrm;
    private final MoveLookup lookup;
    private final NetlinkBatch batch;
    private final int[] lengths;
    /** By place in the batch: whether it is to be looked at, and what was found. */
    private final boolean[] suspect;
    private final boolean[] shadowed;
    private final SpiSet pending;
    private int suspects;
    private Questions questions;
    /** By question: the place of its move in the batch, the mark that is meant, and the one that was found. */
    private int[] moves;
    private int[] meantValues;
    private int[] meantMasks;
    private int[] foundValues;
    private int[] foundMasks;
    private final SaIdEncoder name = new SaIdEncoder();
    private final SaDecoder answer = new SaDecoder();
    private final MigrateStateDecoder message = new MigrateStateDecoder();
    private final ReplyHandler onAnswer = this::keepMark;

    /**
     * A screen for a batch.
     *
     * @param lengths by place in the batch: the length of its message
     */
    MarkScreen(Xfrm xfrm, MoveLookup lookup, NetlinkBatch batch, int[] lengths) {
        this.xfrm = xfrm;
        this.lookup = lookup;
        this.batch = batch;
        this.lengths = lengths;
        this.suspect = new boolean[batch.capacity()];
        this.shadowed = new boolean[batch.capacity()];
        this.pending = new SpiSet(batch.capacity());
    }

    /** Forgets the batch, which was sent. */
    void clear() {
        if (suspects > 0) {
            Arrays.fill(suspect, false);
            Arrays.fill(shadowed, false);
            suspects = 0;
        }
        pending.clear();
    }

    /**
     * Whether there is a move of this SPI in the batch: a suspect one of the same SPI then has to wait until that is
     * sent.
     */
    boolean isPending(int spi) {
        return pending.contains(spi);
    }

    /**
     * Notes a move that was added to the batch.
     *
     * @param isSuspect whether another SA may stand before its own
     */
    void add(int index, int spi, boolean isSuspect) {
        pending.add(spi);
        suspect[index] = isSuspect;
        suspects += isSuspect ? 1 : 0;
    }

    /** Whether there is anything to look at. */
    boolean hasSuspects() {
        return suspects > 0;
    }

    /** Looks, and takes those moves out of the batch that the kernel would make with another SA. */
    void run() {
        if (suspects == 0) {
            return;
        }
        makeQuestions();
        questions.clear();
        for (int i = 0; i < batch.count(); i++) {
            if (suspect[i]) {
                if (!questions.hasRoom()) {
                    ask();
                }
                addQuestion(i);
            }
        }
        ask();
        for (int i = 0; i < batch.count(); i++) {
            if (shadowed[i]) {
                batch.neutralize(i);
            }
        }
    }

    /** Most migrations have no marks, and need no memory for this. */
    private void makeQuestions() {
        if (questions == null) {
            questions = new Questions(xfrm, batch.capacity(), batch.capacity() * QUESTION_BYTES, QUESTION_BYTES);
            moves = new int[questions.capacity()];
            meantValues = new int[questions.capacity()];
            meantMasks = new int[questions.capacity()];
            foundValues = new int[questions.capacity()];
            foundMasks = new int[questions.capacity()];
        }
    }

    private void addQuestion(int index) {
        wrap(index);
        int question = questions.count();
        moves[question] = index;
        meantMasks[question] = message.oldMarkMask();
        meantValues[question] = message.oldMarkValue() & message.oldMarkMask();
        name.wrap(questions.segment(), questions.begin(xfrm4j_h.XFRM_MSG_GETSA()))
                .destination(message.id().destinationHigh(), message.id().destinationLow())
                .spi(message.id().spi())
                .family(message.id().family())
                .protocol(message.id().protocol());
        name.attributes().putMark(xfrm4j_h.XFRMA_MARK(), message.oldMarkValue(), message.oldMarkMask());
        questions.end(name.encodedLength());
    }

    private void wrap(int index) {
        message.wrap(batch.segment(), batch.payloadOffset(index), lengths[index]);
    }

    private void ask() {
        BatchResults results = questions.ask(onAnswer);
        for (int i = 0; i < results.count(); i++) {
            int error = results.error(i);
            if (error == BatchResults.UNANSWERED || error == 0 && results.repliesLost()) {
                wrap(moves[i]);
                shadowed[moves[i]] = lookup.findsAnother(message);
            } else {
                // No such SA, or no permission: the kernel will say so of the move as well.
                shadowed[moves[i]] = error == 0
                        && (foundValues[i] != meantValues[i] || foundMasks[i] != meantMasks[i]);
            }
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
