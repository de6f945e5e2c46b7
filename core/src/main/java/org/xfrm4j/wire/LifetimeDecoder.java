package org.xfrm4j.wire;

import static org.xfrm4j.wire.Layouts.U64_HOST;

import java.lang.foreign.MemorySegment;
import org.xfrm4j.netlink.MalformedMessageException;

/** Reads a {@code struct xfrm_lifetime_cfg}; for its layout and units see {@link LifetimeEncoder}. */
public final class LifetimeDecoder {
    private MemorySegment segment = MemorySegment.NULL;
    private long offset;

    /** A decoder that is yet to be wrapped around memory. */
    public LifetimeDecoder() {
    }

    /**
     * Points at the structure.
     *
     * @throws MalformedMessageException if the segment ends before it does
     */
    public LifetimeDecoder wrap(MemorySegment segment, long offset) {
        Layouts.check("xfrm_lifetime_cfg", segment, offset, LifetimeEncoder.LENGTH, LifetimeEncoder.LENGTH);
        this.segment = segment;
        this.offset = offset;
        return this;
    }

    /** {@return the soft limit of bytes} */
    public long softBytes() {
        return segment.get(U64_HOST, offset + LifetimeEncoder.SOFT_BYTE_LIMIT);
    }

    /** {@return the hard limit of bytes} */
    public long hardBytes() {
        return segment.get(U64_HOST, offset + LifetimeEncoder.HARD_BYTE_LIMIT);
    }

    /** {@return the soft limit of packets} */
    public long softPackets() {
        return segment.get(U64_HOST, offset + LifetimeEncoder.SOFT_PACKET_LIMIT);
    }

    /** {@return the hard limit of packets} */
    public long hardPackets() {
        return segment.get(U64_HOST, offset + LifetimeEncoder.HARD_PACKET_LIMIT);
    }

    /** {@return the soft limit of seconds since it was added} */
    public long softSecondsSinceAdded() {
        return segment.get(U64_HOST, offset + LifetimeEncoder.SOFT_ADD_EXPIRES_SECONDS);
    }

    /** {@return the hard limit of seconds since it was added} */
    public long hardSecondsSinceAdded() {
        return segment.get(U64_HOST, offset + LifetimeEncoder.HARD_ADD_EXPIRES_SECONDS);
    }

    /** {@return the soft limit of seconds since its first use} */
    public long softSecondsSinceUsed() {
        return segment.get(U64_HOST, offset + LifetimeEncoder.SOFT_USE_EXPIRES_SECONDS);
    }

    /** {@return the hard limit of seconds since its first use} */
    public long hardSecondsSinceUsed() {
        return segment.get(U64_HOST, offset + LifetimeEncoder.HARD_USE_EXPIRES_SECONDS);
    }
}
