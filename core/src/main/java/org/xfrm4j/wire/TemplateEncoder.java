package org.xfrm4j.wire;

import static org.xfrm4j.wire.Layouts.U32_BIG_ENDIAN;
import static org.xfrm4j.wire.Layouts.U32_HOST;

import java.lang.foreign.MemorySegment;
import org.xfrm4j.bindings.xfrm_id;
import org.xfrm4j.bindings.xfrm_user_tmpl;

/**
 * Writes a {@code struct xfrm_user_tmpl}: what an SA must be like that wraps the packets of a policy.
 * {@code XFRMA_TMPL} holds up to {@link #MAX_TEMPLATES} of them, one behind the other.
 *
 * <pre>{@code
 * struct xfrm_user_tmpl {
 *     struct xfrm_id  id;          //  0  { daddr, 16 __be32 spi, 20 __u8 proto }, 3 bytes of padding
 *     __u16           family;      // 24, then 2 bytes of padding
 *     xfrm_address_t  saddr;       // 28
 *     __u32           reqid;       // 44
 *     __u8            mode;        // 48
 *     __u8            share;       // 49
 *     __u8            optional;    // 50, then 1 byte of padding
 *     __u32           aalgos;      // 52
 *     __u32           ealgos;      // 56
 *     __u32           calgos;      // 60
 * };                               // 64
 * }</pre>
 */
public final class TemplateEncoder {
    /** Size of the structure, in bytes. */
    public static final int LENGTH = (int) xfrm_user_tmpl.sizeof();
    /** {@code XFRM_MAX_DEPTH}, {@code include/net/xfrm.h}: the most templates that a policy may have. */
    public static final int MAX_TEMPLATES = 6;

    static final long DADDR = xfrm_user_tmpl.id$offset() + xfrm_id.daddr$offset();
    static final long SPI = xfrm_user_tmpl.id$offset() + xfrm_id.spi$offset();
    static final long PROTO = xfrm_user_tmpl.id$offset() + xfrm_id.proto$offset();
    static final long FAMILY = xfrm_user_tmpl.family$offset();
    static final long SADDR = xfrm_user_tmpl.saddr$offset();
    static final long REQID = xfrm_user_tmpl.reqid$offset();
    static final long MODE = xfrm_user_tmpl.mode$offset();
    static final long SHARE = xfrm_user_tmpl.share$offset();
    static final long OPTIONAL = xfrm_user_tmpl.optional$offset();
    static final long AALGOS = xfrm_user_tmpl.aalgos$offset();
    static final long EALGOS = xfrm_user_tmpl.ealgos$offset();
    static final long CALGOS = xfrm_user_tmpl.calgos$offset();

    private MemorySegment segment = MemorySegment.NULL;
    private long offset;

    /** An encoder that is yet to be wrapped around memory. */
    public TemplateEncoder() {
    }

    /** Points at the structure, and writes a template that takes all algorithms and is otherwise zero. */
    public TemplateEncoder wrap(MemorySegment segment, long offset) {
        this.segment = segment;
        this.offset = offset;
        Layouts.zero(segment, offset, LENGTH);
        return algorithms(~0, ~0, ~0);
    }

    /** The outer destination. */
    public TemplateEncoder destination(long high, long low) {
        Layouts.address(segment, offset + DADDR, high, low);
        return this;
    }

    /** The SPI; 0 for any. */
    public TemplateEncoder spi(int spi) {
        segment.set(U32_BIG_ENDIAN, offset + SPI, spi);
        return this;
    }

    /** The protocol: {@link Inet#IPPROTO_ESP}, … */
    public TemplateEncoder protocol(int protocol) {
        Layouts.u8(segment, offset + PROTO, protocol);
        return this;
    }

    /** Family of the outer addresses; 0 for that of the policy's selector. */
    public TemplateEncoder family(int family) {
        Layouts.u16(segment, offset + FAMILY, family);
        return this;
    }

    /** The outer source. */
    public TemplateEncoder source(long high, long low) {
        Layouts.address(segment, offset + SADDR, high, low);
        return this;
    }

    /** The reqid that the SA must have; 0 for any. */
    public TemplateEncoder reqid(int reqid) {
        segment.set(U32_HOST, offset + REQID, reqid);
        return this;
    }

    /** {@code XFRM_MODE_…} */
    public TemplateEncoder mode(int mode) {
        Layouts.u8(segment, offset + MODE, mode);
        return this;
    }

    /** {@code XFRM_SHARE_…}; the kernel keeps it and does not look at it. */
    public TemplateEncoder share(int share) {
        Layouts.u8(segment, offset + SHARE, share);
        return this;
    }

    /** Whether packets pass where there is no such SA: 0 for no. */
    public TemplateEncoder optional(int optional) {
        Layouts.u8(segment, offset + OPTIONAL, optional);
        return this;
    }

    /** Which algorithms are taken, one bit each by the numbers of PF_KEY: authentication, encryption, compression. */
    public TemplateEncoder algorithms(int authentication, int encryption, int compression) {
        segment.set(U32_HOST, offset + AALGOS, authentication);
        segment.set(U32_HOST, offset + EALGOS, encryption);
        segment.set(U32_HOST, offset + CALGOS, compression);
        return this;
    }

    /** {@return the size of the structure, in bytes} */
    public int encodedLength() {
        return LENGTH;
    }
}
