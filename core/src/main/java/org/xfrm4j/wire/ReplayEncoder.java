package org.xfrm4j.wire;

import static org.xfrm4j.wire.Layouts.U32_HOST;

import java.lang.foreign.MemorySegment;
import org.xfrm4j.bindings.xfrm_replay_state;

/**
 * Writes a {@code struct xfrm_replay_state}, the payload of {@code XFRMA_REPLAY_VAL}: sequence numbers and the window
 * of an SA without {@code XFRMA_REPLAY_ESN_VAL}.
 *
 * <pre>{@code
 * struct xfrm_replay_state {
 *     __u32  oseq;      //  0
 *     __u32  seq;       //  4
 *     __u32  bitmap;    //  8
 * };                    // 12
 * }</pre>
 */
public final class ReplayEncoder {
    /** Size of the structure, in bytes. */
    public static final int LENGTH = (int) xfrm_replay_state.sizeof();

    static final long OSEQ = xfrm_replay_state.oseq$offset();
    static final long SEQ = xfrm_replay_state.seq$offset();
    static final long BITMAP = xfrm_replay_state.bitmap$offset();

    private MemorySegment segment = MemorySegment.NULL;
    private long offset;

    /** An encoder that is yet to be wrapped around memory. */
    public ReplayEncoder() {
    }

    /** Points at the structure and zeroes it. */
    public ReplayEncoder wrap(MemorySegment segment, long offset) {
        this.segment = segment;
        this.offset = offset;
        Layouts.zero(segment, offset, LENGTH);
        return this;
    }

    /** The last sequence number sent. */
    public ReplayEncoder outgoing(int sequence) {
        segment.set(U32_HOST, offset + OSEQ, sequence);
        return this;
    }

    /** The highest sequence number received. */
    public ReplayEncoder incoming(int sequence) {
        segment.set(U32_HOST, offset + SEQ, sequence);
        return this;
    }

    /** Which of the last 32 were received; bit 0 is the highest number itself. */
    public ReplayEncoder bitmap(int bitmap) {
        segment.set(U32_HOST, offset + BITMAP, bitmap);
        return this;
    }

    /** {@return the size of the structure, in bytes} */
    public int encodedLength() {
        return LENGTH;
    }
}
