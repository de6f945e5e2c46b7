package org.xfrm4j.wire;

import static org.xfrm4j.wire.Layouts.U32_BIG_ENDIAN;
import static org.xfrm4j.wire.Layouts.U32_HOST;

import java.lang.foreign.MemorySegment;
import org.xfrm4j.bindings.xfrm_id;
import org.xfrm4j.bindings.xfrm_stats;
import org.xfrm4j.bindings.xfrm_usersa_info;

/**
 * Writes a {@code struct xfrm_usersa_info}, the fixed part of XFRM_MSG_NEWSA and XFRM_MSG_UPDSA, and the attributes
 * behind it.
 *
 * <pre>{@code
 * struct xfrm_usersa_info {
 *     struct xfrm_selector      sel;              //   0
 *     struct xfrm_id            id;               //  56  { daddr, 72 __be32 spi, 76 __u8 proto }, 3 bytes of padding
 *     xfrm_address_t            saddr;            //  80
 *     struct xfrm_lifetime_cfg  lft;              //  96
 *     struct xfrm_lifetime_cur  curlft;           // 160
 *     struct xfrm_stats         stats;            // 192  { replay_window, 196 replay, 200 integrity_failed }
 *     __u32                     seq;              // 204
 *     __u32                     reqid;            // 208
 *     __u16                     family;           // 212
 *     __u8                      mode;             // 214
 *     __u8                      replay_window;    // 215
 *     __u8                      flags;            // 216, then 7 bytes of padding
 * };                                              // 224
 * }</pre>
 *
 * <p>That is the layout of 64 bit processes; those of 32 bits have 4 bytes of padding less at the end.
 */
public final class SaEncoder {
    /** Size of the structure, in bytes. */
    public static final int LENGTH = (int) xfrm_usersa_info.sizeof();

    static final long SELECTOR = xfrm_usersa_info.sel$offset();
    static final long DADDR = xfrm_usersa_info.id$offset() + xfrm_id.daddr$offset();
    static final long SPI = xfrm_usersa_info.id$offset() + xfrm_id.spi$offset();
    static final long PROTO = xfrm_usersa_info.id$offset() + xfrm_id.proto$offset();
    static final long SADDR = xfrm_usersa_info.saddr$offset();
    static final long LIFETIME = xfrm_usersa_info.lft$offset();
    static final long USAGE = xfrm_usersa_info.curlft$offset();
    static final long STATS_REPLAY_WINDOW = xfrm_usersa_info.stats$offset() + xfrm_stats.replay_window$offset();
    static final long STATS_REPLAY = xfrm_usersa_info.stats$offset() + xfrm_stats.replay$offset();
    static final long STATS_INTEGRITY_FAILED =
            xfrm_usersa_info.stats$offset() + xfrm_stats.integrity_failed$offset();
    static final long SEQ = xfrm_usersa_info.seq$offset();
    static final long REQID = xfrm_usersa_info.reqid$offset();
    static final long FAMILY = xfrm_usersa_info.family$offset();
    static final long MODE = xfrm_usersa_info.mode$offset();
    static final long REPLAY_WINDOW = xfrm_usersa_info.replay_window$offset();
    static final long FLAGS = xfrm_usersa_info.flags$offset();

    private static final MemorySegment EMPTY = LifetimeEncoder.unlimitedIn(LENGTH, LIFETIME);

    private final SelectorEncoder selector = new SelectorEncoder();
    private final LifetimeEncoder lifetime = new LifetimeEncoder();
    private final UsageEncoder usage = new UsageEncoder();
    private final AttributeEncoder attributes = new AttributeEncoder();
    private MemorySegment segment = MemorySegment.NULL;
    private long offset;

    /** An encoder that is yet to be wrapped around memory. */
    public SaEncoder() {
    }

    /**
     * Points at the structure, and writes an SA without limits and otherwise zero.
     *
     * @param segment the memory to write to
     * @param offset where the structure starts: behind the {@code nlmsghdr}
     * @return this
     */
    public SaEncoder wrap(MemorySegment segment, long offset) {
        return wrap(segment, offset, offset + LENGTH);
    }

    /** Points at a structure within another, whose attributes do not stand right behind it. */
    SaEncoder wrap(MemorySegment segment, long offset, long attributesOffset) {
        this.segment = segment;
        this.offset = offset;
        MemorySegment.copy(EMPTY, 0, segment, offset, LENGTH);
        attributes.wrap(segment, attributesOffset);
        return this;
    }

    /** {@return the encoder of the selector, which starts as the selector of all traffic} */
    public SelectorEncoder selector() {
        return selector.wrap(segment, offset + SELECTOR);
    }

    /** The outer destination. */
    public SaEncoder destination(long high, long low) {
        Layouts.address(segment, offset + DADDR, high, low);
        return this;
    }

    /** The SPI. */
    public SaEncoder spi(int spi) {
        segment.set(U32_BIG_ENDIAN, offset + SPI, spi);
        return this;
    }

    /** The protocol: {@link Inet#IPPROTO_ESP}, … */
    public SaEncoder protocol(int protocol) {
        Layouts.u8(segment, offset + PROTO, protocol);
        return this;
    }

    /** The outer source. */
    public SaEncoder source(long high, long low) {
        Layouts.address(segment, offset + SADDR, high, low);
        return this;
    }

    /** {@return the encoder of the limits, which starts without limits} */
    public LifetimeEncoder lifetime() {
        return lifetime.wrap(segment, offset + LIFETIME);
    }

    /** {@return the encoder of what was used, which starts with zero; the kernel ignores it here} */
    public UsageEncoder usage() {
        return usage.wrap(segment, offset + USAGE);
    }

    /** Counts of packets that were dropped; the kernel ignores them. */
    public SaEncoder stats(int replayWindow, int replay, int integrityFailed) {
        segment.set(U32_HOST, offset + STATS_REPLAY_WINDOW, replayWindow);
        segment.set(U32_HOST, offset + STATS_REPLAY, replay);
        segment.set(U32_HOST, offset + STATS_INTEGRITY_FAILED, integrityFailed);
        return this;
    }

    /** The {@code seq} of the acquire that this SA answers; 0 for none. */
    public SaEncoder seq(int seq) {
        segment.set(U32_HOST, offset + SEQ, seq);
        return this;
    }

    /** The reqid, which binds the SA to templates of policies; 0 for none. */
    public SaEncoder reqid(int reqid) {
        segment.set(U32_HOST, offset + REQID, reqid);
        return this;
    }

    /** Family of the outer addresses. */
    public SaEncoder family(int family) {
        Layouts.u16(segment, offset + FAMILY, family);
        return this;
    }

    /** {@code XFRM_MODE_…} */
    public SaEncoder mode(int mode) {
        Layouts.u8(segment, offset + MODE, mode);
        return this;
    }

    /** Size of the replay window in packets, up to 32; 0 with {@code XFRMA_REPLAY_ESN_VAL}, which has its own. */
    public SaEncoder replayWindow(int packets) {
        Layouts.u8(segment, offset + REPLAY_WINDOW, packets);
        return this;
    }

    /** {@code XFRM_STATE_…} bits. */
    public SaEncoder flags(int flags) {
        Layouts.u8(segment, offset + FLAGS, flags);
        return this;
    }

    /** {@return the encoder of the attributes behind the structure; it appends} */
    public AttributeEncoder attributes() {
        return attributes;
    }

    /** {@return the memory that is written to} */
    public MemorySegment segment() {
        return segment;
    }

    /** {@return the size of structure and attributes, in bytes} */
    public int encodedLength() {
        return LENGTH + attributes.encodedLength();
    }
}
