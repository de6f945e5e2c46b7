package org.xfrm4j.wire;

import static org.xfrm4j.wire.Layouts.U32_HOST;

import java.lang.foreign.MemorySegment;
import org.xfrm4j.netlink.MalformedMessageException;

/** Reads a {@code struct xfrm_replay_state}; for its layout see {@link ReplayEncoder}. */
public final class ReplayDecoder {
    private MemorySegment segment = MemorySegment.NULL;
    private long offset;

    /** A decoder that is yet to be wrapped around memory. */
    public ReplayDecoder() {
    }

    /**
     * Points at the structure.
     *
     * @throws MalformedMessageException if the segment ends before it does
     */
    public ReplayDecoder wrap(MemorySegment segment, long offset) {
        Layouts.check("xfrm_replay_state", segment, offset, ReplayEncoder.LENGTH, ReplayEncoder.LENGTH);
        this.segment = segment;
        this.offset = offset;
        return this;
    }

    /** {@return the last sequence number sent} */
    public int outgoing() {
        return segment.get(U32_HOST, offset + ReplayEncoder.OSEQ);
    }

    /** {@return the highest sequence number received} */
    public int incoming() {
        return segment.get(U32_HOST, offset + ReplayEncoder.SEQ);
    }

    /** {@return which of the last 32 were received} */
    public int bitmap() {
        return segment.get(U32_HOST, offset + ReplayEncoder.BITMAP);
    }
}
