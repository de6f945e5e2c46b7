package org.xfrm4j.wire;

import static org.xfrm4j.wire.Layouts.U32_HOST;

import java.lang.foreign.MemorySegment;
import java.util.Objects;
import org.xfrm4j.bindings.xfrm4j_h;
import org.xfrm4j.bindings.xfrm_replay_state_esn;

/**
 * Writes a {@code struct xfrm_replay_state_esn}, the payload of {@code XFRMA_REPLAY_ESN_VAL}: sequence numbers and a
 * window of any size, with extended sequence numbers (RFC 4304) or without.
 *
 * <pre>{@code
 * struct xfrm_replay_state_esn {
 *     unsigned int  bmp_len;          //  0  in words of 32 bits
 *     __u32         oseq;             //  4
 *     __u32         seq;              //  8
 *     __u32         oseq_hi;          // 12
 *     __u32         seq_hi;           // 16
 *     __u32         replay_window;    // 20  in packets
 *     __u32         bmp[];            // 24
 * };
 * }</pre>
 */
public final class ReplayEsnEncoder {
    /** Size of the structure without the bitmap, in bytes. */
    public static final int LENGTH = (int) xfrm_replay_state_esn.sizeof();
    /** The longest bitmap that the kernel takes, in words of 32 bits. */
    public static final int MAX_BITMAP_WORDS = xfrm4j_h.XFRMA_REPLAY_ESN_MAX() / Integer.SIZE;

    static final long BMP_LEN = xfrm_replay_state_esn.bmp_len$offset();
    static final long OSEQ = xfrm_replay_state_esn.oseq$offset();
    static final long SEQ = xfrm_replay_state_esn.seq$offset();
    static final long OSEQ_HI = xfrm_replay_state_esn.oseq_hi$offset();
    static final long SEQ_HI = xfrm_replay_state_esn.seq_hi$offset();
    static final long REPLAY_WINDOW = xfrm_replay_state_esn.replay_window$offset();

    private MemorySegment segment = MemorySegment.NULL;
    private long offset;
    private int bitmapWords;

    /** An encoder that is yet to be wrapped around memory. */
    public ReplayEsnEncoder() {
    }

    /**
     * Points at the structure and zeroes it and its bitmap.
     *
     * @param bitmapWords length of the bitmap in words of 32 bits
     * @throws IllegalArgumentException if there are more than {@link #MAX_BITMAP_WORDS}
     */
    public ReplayEsnEncoder wrap(MemorySegment segment, long offset, int bitmapWords) {
        if (bitmapWords < 0 || bitmapWords > MAX_BITMAP_WORDS) {
            throw new IllegalArgumentException(
                    "bmp_len of " + bitmapWords + " words; it may have 0 to " + MAX_BITMAP_WORDS);
        }
        this.segment = segment;
        this.offset = offset;
        this.bitmapWords = bitmapWords;
        Layouts.zero(segment, offset, encodedLength());
        segment.set(U32_HOST, offset + BMP_LEN, bitmapWords);
        return this;
    }

    /** The last sequence number sent; the upper half counts with extended sequence numbers only. */
    public ReplayEsnEncoder outgoing(long sequence) {
        segment.set(U32_HOST, offset + OSEQ, (int) sequence);
        segment.set(U32_HOST, offset + OSEQ_HI, (int) (sequence >>> 32));
        return this;
    }

    /** The highest sequence number received; the upper half counts with extended sequence numbers only. */
    public ReplayEsnEncoder incoming(long sequence) {
        segment.set(U32_HOST, offset + SEQ, (int) sequence);
        segment.set(U32_HOST, offset + SEQ_HI, (int) (sequence >>> 32));
        return this;
    }

    /** Size of the window, in packets; at most the bits of the bitmap. */
    public ReplayEsnEncoder replayWindow(int packets) {
        segment.set(U32_HOST, offset + REPLAY_WINDOW, packets);
        return this;
    }

    /** A word of the bitmap. */
    public ReplayEsnEncoder bitmap(int index, int word) {
        segment.set(U32_HOST, offset + LENGTH + 4L * Objects.checkIndex(index, bitmapWords), word);
        return this;
    }

    /** {@return the size of structure and bitmap, in bytes} */
    public int encodedLength() {
        return LENGTH + 4 * bitmapWords;
    }
}
