package org.xfrm4j.wire;

import static org.xfrm4j.wire.Layouts.U64_HOST;

import java.lang.foreign.MemorySegment;
import org.xfrm4j.bindings.xfrm_lifetime_cfg;

/**
 * Writes a {@code struct xfrm_lifetime_cfg}: the limits of an SA or a policy. At a soft limit the kernel announces the
 * expiry, at a hard one it deletes.
 *
 * <pre>{@code
 * struct xfrm_lifetime_cfg {
 *     __u64  soft_byte_limit;             //  0
 *     __u64  hard_byte_limit;             //  8
 *     __u64  soft_packet_limit;           // 16
 *     __u64  hard_packet_limit;           // 24
 *     __u64  soft_add_expires_seconds;    // 32
 *     __u64  hard_add_expires_seconds;    // 40
 *     __u64  soft_use_expires_seconds;    // 48
 *     __u64  hard_use_expires_seconds;    // 56
 * };                                      // 64
 * }</pre>
 *
 * <p>All are unsigned. Of bytes and packets, {@link #INFINITE} is no limit (0 is a limit that is reached at once); of
 * seconds, 0 is none.
 */
public final class LifetimeEncoder {
    /** Size of the structure, in bytes. */
    public static final int LENGTH = (int) xfrm_lifetime_cfg.sizeof();
    /** {@code XFRM_INF}: no limit of bytes or packets. */
    public static final long INFINITE = ~0L;

    static final long SOFT_BYTE_LIMIT = xfrm_lifetime_cfg.soft_byte_limit$offset();
    static final long HARD_BYTE_LIMIT = xfrm_lifetime_cfg.hard_byte_limit$offset();
    static final long SOFT_PACKET_LIMIT = xfrm_lifetime_cfg.soft_packet_limit$offset();
    static final long HARD_PACKET_LIMIT = xfrm_lifetime_cfg.hard_packet_limit$offset();
    static final long SOFT_ADD_EXPIRES_SECONDS = xfrm_lifetime_cfg.soft_add_expires_seconds$offset();
    static final long HARD_ADD_EXPIRES_SECONDS = xfrm_lifetime_cfg.hard_add_expires_seconds$offset();
    static final long SOFT_USE_EXPIRES_SECONDS = xfrm_lifetime_cfg.soft_use_expires_seconds$offset();
    static final long HARD_USE_EXPIRES_SECONDS = xfrm_lifetime_cfg.hard_use_expires_seconds$offset();

    private MemorySegment segment = MemorySegment.NULL;
    private long offset;

    /** An encoder that is yet to be wrapped around memory. */
    public LifetimeEncoder() {
    }

    /** Points at the structure and writes "no limits". */
    public LifetimeEncoder wrap(MemorySegment segment, long offset) {
        this.segment = segment;
        this.offset = offset;
        return bytes(INFINITE, INFINITE).packets(INFINITE, INFINITE).secondsSinceAdded(0, 0).secondsSinceUsed(0, 0);
    }

    /** Zeros, and in them a structure that holds "no limits": to be copied at once where a message starts so. */
    static MemorySegment unlimitedIn(int length, long lifetimeOffset) {
        MemorySegment zeros = MemorySegment.ofArray(new byte[length]);
        new LifetimeEncoder().wrap(zeros, lifetimeOffset);
        return zeros.asReadOnly();
    }

    /** Limits of bytes. */
    public LifetimeEncoder bytes(long soft, long hard) {
        segment.set(U64_HOST, offset + SOFT_BYTE_LIMIT, soft);
        segment.set(U64_HOST, offset + HARD_BYTE_LIMIT, hard);
        return this;
    }

    /** Limits of packets. */
    public LifetimeEncoder packets(long soft, long hard) {
        segment.set(U64_HOST, offset + SOFT_PACKET_LIMIT, soft);
        segment.set(U64_HOST, offset + HARD_PACKET_LIMIT, hard);
        return this;
    }

    /** Limits of seconds since it was added. */
    public LifetimeEncoder secondsSinceAdded(long soft, long hard) {
        segment.set(U64_HOST, offset + SOFT_ADD_EXPIRES_SECONDS, soft);
        segment.set(U64_HOST, offset + HARD_ADD_EXPIRES_SECONDS, hard);
        return this;
    }

    /** Limits of seconds since its first use. */
    public LifetimeEncoder secondsSinceUsed(long soft, long hard) {
        segment.set(U64_HOST, offset + SOFT_USE_EXPIRES_SECONDS, soft);
        segment.set(U64_HOST, offset + HARD_USE_EXPIRES_SECONDS, hard);
        return this;
    }

    /** {@return the size of the structure, in bytes} */
    public int encodedLength() {
        return LENGTH;
    }
}
