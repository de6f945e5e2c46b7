package org.xfrm4j.wire;

import static org.xfrm4j.wire.Layouts.U64_HOST;

import java.lang.foreign.MemorySegment;
import org.xfrm4j.netlink.MalformedMessageException;

/** Reads a {@code struct xfrm_lifetime_cur}; for its layout see {@link UsageEncoder}. */
public final class UsageDecoder {
    private MemorySegment segment = MemorySegment.NULL;
    private long offset;

    /** A decoder that is yet to be wrapped around memory. */
    public UsageDecoder() {
    }

    /**
     * Points at the structure.
     *
     * @throws MalformedMessageException if the segment ends before it does
     */
    public UsageDecoder wrap(MemorySegment segment, long offset) {
        Layouts.check("xfrm_lifetime_cur", segment, offset, UsageEncoder.LENGTH, UsageEncoder.LENGTH);
        this.segment = segment;
        this.offset = offset;
        return this;
    }

    /** {@return bytes so far, unsigned} */
    public long bytes() {
        return segment.get(U64_HOST, offset + UsageEncoder.BYTES);
    }

    /** {@return packets so far, unsigned} */
    public long packets() {
        return segment.get(U64_HOST, offset + UsageEncoder.PACKETS);
    }

    /** {@return when it was added, in seconds since 1970} */
    public long added() {
        return segment.get(U64_HOST, offset + UsageEncoder.ADD_TIME);
    }

    /** {@return when it was first used, in seconds since 1970; 0 for never} */
    public long firstUsed() {
        return segment.get(U64_HOST, offset + UsageEncoder.USE_TIME);
    }
}
