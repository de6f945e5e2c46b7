package org.xfrm4j.migrate;

import org.xfrm4j.Refusal;
import org.xfrm4j.netlink.BatchResults;
import org.xfrm4j.wire.MigrateStateDecoder;

/**
 * What became of one SA, for as long as a {@link MoveListener} is called; always the same object, which belongs
 * to the thread that calls. Makes objects only for who asks for a text.
 */
public final class MoveReport {
    private final MigrateStateDecoder message;
    private Outcome outcome;
    private int ticket;
    private BatchResults results;
    private int index;
    private Refusal refusal;

    MoveReport(MigrateStateDecoder message) {
        this.message = message;
    }

    /** A move that the kernel answered. */
    MoveReport answered(int ticket, Outcome outcome, BatchResults results, int index) {
        this.ticket = ticket;
        this.outcome = outcome;
        this.results = results;
        this.index = index;
        this.refusal = null;
        return this;
    }

    /** A move whose reason is not the kernel's answer. */
    MoveReport explained(int ticket, Outcome outcome, Refusal refusal) {
        this.ticket = ticket;
        this.outcome = outcome;
        this.results = null;
        this.refusal = refusal;
        return this;
    }

    /** The number that the sender gave the move. */
    int ticket() {
        return ticket;
    }

    /**
     * What became of the SA.
     *
     * @return never null
     */
    public Outcome outcome() {
        return outcome;
    }

    /**
     * The request as it was sent, or would have been: old and new place of the SA.
     *
     * @return always the same decoder
     */
    public MigrateStateDecoder message() {
        return message;
    }

    /**
     * Why the SA did not move. Makes an object.
     *
     * @return the reason; null when it moved
     */
    public Refusal refusal() {
        if (outcome == Outcome.MOVED) {
            return null;
        }
        return refusal != null || results == null ? refusal : Refusal.of(results, index);
    }

    /**
     * What the kernel said though it moved the SA. Makes a string.
     *
     * @return the text, or null; with one acknowledgement a batch only the last message can have one
     */
    public String warning() {
        return outcome == Outcome.MOVED && results != null ? results.text(index) : null;
    }
}
