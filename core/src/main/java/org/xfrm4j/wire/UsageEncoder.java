package org.xfrm4j.wire;

import static org.xfrm4j.wire.Layouts.U64_HOST;

import java.lang.foreign.MemorySegment;
import org.xfrm4j.bindings.xfrm_lifetime_cur;

/**
 * Writes a {@code struct xfrm_lifetime_cur}: what an SA or a policy has been used so far. The kernel takes it in
 * {@code XFRMA_LTIME_VAL}, and ignores it in {@code xfrm_usersa_info}.
 *
 * <pre>{@code
 * struct xfrm_lifetime_cur {
 *     __u64  bytes;       //  0
 *     __u64  packets;     //  8
 *     __u64  add_time;    // 16
 *     __u64  use_time;    // 24
 * };                      // 32
 * }</pre>
 */
public final class UsageEncoder {
    /** Size of the structure, in bytes. */
    public static final int LENGTH = (int) xfrm_lifetime_cur.sizeof();

    static final long BYTES = xfrm_lifetime_cur.bytes$offset();
    static final long PACKETS = xfrm_lifetime_cur.packets$offset();
    static final long ADD_TIME = xfrm_lifetime_cur.add_time$offset();
    static final long USE_TIME = xfrm_lifetime_cur.use_time$offset();

    private MemorySegment segment = MemorySegment.NULL;
    private long offset;

    /** An encoder that is yet to be wrapped around memory. */
    public UsageEncoder() {
    }

    /** Points at the structure and zeroes it. */
    public UsageEncoder wrap(MemorySegment segment, long offset) {
        this.segment = segment;
        this.offset = offset;
        Layouts.zero(segment, offset, LENGTH);
        return this;
    }

    /** Bytes and packets so far, unsigned. */
    public UsageEncoder amount(long bytes, long packets) {
        segment.set(U64_HOST, offset + BYTES, bytes);
        segment.set(U64_HOST, offset + PACKETS, packets);
        return this;
    }

    /** When it was added and first used, in seconds since 1970; 0 for never. */
    public UsageEncoder times(long added, long firstUsed) {
        segment.set(U64_HOST, offset + ADD_TIME, added);
        segment.set(U64_HOST, offset + USE_TIME, firstUsed);
        return this;
    }

    /** {@return the size of the structure, in bytes} */
    public int encodedLength() {
        return LENGTH;
    }
}
