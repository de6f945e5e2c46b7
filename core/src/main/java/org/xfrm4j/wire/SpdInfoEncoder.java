package org.xfrm4j.wire;

import static org.xfrm4j.wire.Layouts.U32_HOST;

import java.lang.foreign.MemorySegment;
import org.xfrm4j.bindings.xfrm4j_h;
import org.xfrm4j.bindings.xfrmu_spdhthresh;

/**
 * Writes the payload of XFRM_MSG_GETSPDINFO, 32 bits that mean nothing to the kernel, and that of XFRM_MSG_NEWSPDINFO,
 * which has thresholds behind them: from which prefix lengths on the kernel keeps a policy in a hash table.
 *
 * <pre>{@code
 * __u32  flags;          // 0
 * struct nlattr …        // 4  XFRMA_SPD_IPV4_HTHRESH, XFRMA_SPD_IPV6_HTHRESH, each with a
 * struct xfrmu_spdhthresh {
 *     __u8  lbits;       // 0
 *     __u8  rbits;       // 1
 * };                     // 2
 * }</pre>
 *
 * <p>Attributes left out stay as they are.
 */
public final class SpdInfoEncoder {
    /** Size of what stands before the attributes, in bytes. */
    public static final int LENGTH = Integer.BYTES;

    static final long LBITS = xfrmu_spdhthresh.lbits$offset();
    static final long RBITS = xfrmu_spdhthresh.rbits$offset();

    private final AttributeEncoder attributes = new AttributeEncoder();
    private MemorySegment segment = MemorySegment.NULL;

    /** An encoder that is yet to be wrapped around memory. */
    public SpdInfoEncoder() {
    }

    /** Points at the payload, and zeroes what stands before the attributes. */
    public SpdInfoEncoder wrap(MemorySegment segment, long offset) {
        this.segment = segment;
        segment.set(U32_HOST, offset, 0);
        attributes.wrap(segment, offset + LENGTH);
        return this;
    }

    /** Thresholds of IPv4, in bits: of the local and of the remote prefix. */
    public SpdInfoEncoder ipv4Thresholds(int local, int remote) {
        return thresholds(xfrm4j_h.XFRMA_SPD_IPV4_HTHRESH(), local, remote);
    }

    /** Thresholds of IPv6, in bits: of the local and of the remote prefix. */
    public SpdInfoEncoder ipv6Thresholds(int local, int remote) {
        return thresholds(xfrm4j_h.XFRMA_SPD_IPV6_HTHRESH(), local, remote);
    }

    private SpdInfoEncoder thresholds(int type, int local, int remote) {
        long at = attributes.begin(type);
        Layouts.u8(segment, at + LBITS, local);
        Layouts.u8(segment, at + RBITS, remote);
        attributes.end((int) xfrmu_spdhthresh.sizeof());
        return this;
    }

    /** {@return the size of the payload, in bytes} */
    public int encodedLength() {
        return LENGTH + attributes.encodedLength();
    }
}
