package org.xfrm4j.wire;

import static org.xfrm4j.wire.Layouts.U32_HOST;

import java.lang.foreign.MemorySegment;
import java.util.Objects;
import org.xfrm4j.netlink.MalformedMessageException;

/** Reads a {@code struct xfrm_replay_state_esn}; for its layout see {@link ReplayEsnEncoder}. */
public final class ReplayEsnDecoder {
    private MemorySegment segment = MemorySegment.NULL;
    private long offset;
    private int bitmapWords;

    /** A decoder that is yet to be wrapped around memory. */
    public ReplayEsnDecoder() {
    }

    /**
     * Points at the structure.
     *
     * @param length bytes that structure and bitmap have: the attribute's payload length
     * @throws MalformedMessageException if they need more, or the segment ends before they do
     */
    public ReplayEsnDecoder wrap(MemorySegment segment, long offset, int length) {
        Layouts.check("xfrm_replay_state_esn", segment, offset, length, ReplayEsnEncoder.LENGTH);
        int words = segment.get(U32_HOST, offset + ReplayEsnEncoder.BMP_LEN);
        if (words < 0 || words > ReplayEsnEncoder.MAX_BITMAP_WORDS) {
            throw new MalformedMessageException("xfrm_replay_state_esn: bmp_len of " + Integer.toUnsignedString(words)
                    + " words, more than " + ReplayEsnEncoder.MAX_BITMAP_WORDS);
        }
        // A request may leave out the whole bitmap, which then is all zero (verify_replay, net/xfrm/xfrm_user.c).
        if (length < ReplayEsnEncoder.LENGTH + 4 * words && length != ReplayEsnEncoder.LENGTH) {
            throw new MalformedMessageException(
                    "xfrm_replay_state_esn: bmp_len of " + words + " words does not fit into " + length + " bytes");
        }
        this.segment = segment;
        this.offset = offset;
        this.bitmapWords = length == ReplayEsnEncoder.LENGTH ? 0 : words;
        return this;
    }

    /** {@return the last sequence number sent} */
    public long outgoing() {
        return sequence(ReplayEsnEncoder.OSEQ_HI, ReplayEsnEncoder.OSEQ);
    }

    /** {@return the highest sequence number received} */
    public long incoming() {
        return sequence(ReplayEsnEncoder.SEQ_HI, ReplayEsnEncoder.SEQ);
    }

    private long sequence(long high, long low) {
        return (long) segment.get(U32_HOST, offset + high) << 32
                | Integer.toUnsignedLong(segment.get(U32_HOST, offset + low));
    }

    /** {@return the size of the window, in packets} */
    public int replayWindow() {
        return segment.get(U32_HOST, offset + ReplayEsnEncoder.REPLAY_WINDOW);
    }

    /** {@return the length of the bitmap, in words of 32 bits} */
    public int bitmapLength() {
        return segment.get(U32_HOST, offset + ReplayEsnEncoder.BMP_LEN);
    }

    /** {@return a word of the bitmap} */
    public int bitmap(int index) {
        return Objects.checkIndex(index, bitmapLength()) < bitmapWords
                ? segment.get(U32_HOST, offset + ReplayEsnEncoder.LENGTH + 4L * index) : 0;
    }
}
