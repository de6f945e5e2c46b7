package org.xfrm4j.wire;

import static org.xfrm4j.wire.Layouts.U32_HOST;

import java.lang.foreign.MemorySegment;
import org.xfrm4j.bindings.xfrm4j_h;
import org.xfrm4j.bindings.xfrmu_spdhinfo;
import org.xfrm4j.bindings.xfrmu_spdhthresh;
import org.xfrm4j.bindings.xfrmu_spdinfo;
import org.xfrm4j.netlink.MalformedMessageException;

/**
 * Reads the payload of XFRM_MSG_NEWSPDINFO: figures of the Security Policy Database. What is not told is 0.
 *
 * <pre>{@code
 * __u32  flags;            //  0
 * struct nlattr …          //  4  XFRMA_SPD_INFO, XFRMA_SPD_HINFO, XFRMA_SPD_IPV4_HTHRESH, XFRMA_SPD_IPV6_HTHRESH
 * struct xfrmu_spdinfo {               struct xfrmu_spdhinfo {
 *     __u32  incnt;        //  0           __u32  spdhcnt;     // 0
 *     __u32  outcnt;       //  4           __u32  spdhmcnt;    // 4
 *     __u32  fwdcnt;       //  8       };                      // 8
 *     __u32  inscnt;       // 12       struct xfrmu_spdhthresh {
 *     __u32  outscnt;      // 16           __u8  lbits;        // 0
 *     __u32  fwdscnt;      // 20           __u8  rbits;        // 1
 * };                       // 24       };                      // 2
 * }</pre>
 */
public final class SpdInfoDecoder {
    private static final long NONE = -1;

    private final AttributeDecoder attributes = new AttributeDecoder(type -> "XFRMA_SPD_#" + type);
    private MemorySegment segment = MemorySegment.NULL;
    private long counts;
    private long hash;
    private long ipv4Thresholds;
    private long ipv6Thresholds;

    /** A decoder that is yet to be wrapped around memory. */
    public SpdInfoDecoder() {
    }

    /**
     * Points at the payload.
     *
     * @param length bytes that the payload has
     * @throws MalformedMessageException if it or an attribute is cut short, or goes beyond the segment
     */
    public SpdInfoDecoder wrap(MemorySegment segment, long offset, long length) {
        Layouts.check("SPD information", segment, offset, length, SpdInfoEncoder.LENGTH);
        this.segment = segment;
        counts = NONE;
        hash = NONE;
        ipv4Thresholds = NONE;
        ipv6Thresholds = NONE;
        attributes.wrap(segment, offset + SpdInfoEncoder.LENGTH, length - SpdInfoEncoder.LENGTH);
        while (attributes.next()) {
            int type = attributes.type();
            if (type == xfrm4j_h.XFRMA_SPD_INFO()) {
                counts = payload("XFRMA_SPD_INFO", xfrmu_spdinfo.sizeof());
            } else if (type == xfrm4j_h.XFRMA_SPD_HINFO()) {
                hash = payload("XFRMA_SPD_HINFO", xfrmu_spdhinfo.sizeof());
            } else if (type == xfrm4j_h.XFRMA_SPD_IPV4_HTHRESH()) {
                ipv4Thresholds = payload("XFRMA_SPD_IPV4_HTHRESH", xfrmu_spdhthresh.sizeof());
            } else if (type == xfrm4j_h.XFRMA_SPD_IPV6_HTHRESH()) {
                ipv6Thresholds = payload("XFRMA_SPD_IPV6_HTHRESH", xfrmu_spdhthresh.sizeof());
            }
        }
        return this;
    }

    private long payload(String name, long minimum) {
        Layouts.check(name, segment, attributes.payloadOffset(), attributes.payloadLength(), minimum);
        return attributes.payloadOffset();
    }

    private int count(long at, long field) {
        return at == NONE ? 0 : segment.get(U32_HOST, at + field);
    }

    private int bits(long at, long field) {
        return at == NONE ? 0 : Layouts.u8(segment, at + field);
    }

    /** {@return how many policies there are for packets that come in} */
    public int in() {
        return count(counts, xfrmu_spdinfo.incnt$offset());
    }

    /** {@return how many policies there are for packets that go out} */
    public int out() {
        return count(counts, xfrmu_spdinfo.outcnt$offset());
    }

    /** {@return how many policies there are for packets that are forwarded} */
    public int forward() {
        return count(counts, xfrmu_spdinfo.fwdcnt$offset());
    }

    /** {@return how many policies sockets have for packets that come in} */
    public int socketIn() {
        return count(counts, xfrmu_spdinfo.inscnt$offset());
    }

    /** {@return how many policies sockets have for packets that go out} */
    public int socketOut() {
        return count(counts, xfrmu_spdinfo.outscnt$offset());
    }

    /** {@return always 0 so far: sockets do not forward} */
    public int socketForward() {
        return count(counts, xfrmu_spdinfo.fwdscnt$offset());
    }

    /** {@return how many buckets the hash table by index has; Linux tells one less ({@code xfrm_spd_getinfo})} */
    public int buckets() {
        return count(hash, xfrmu_spdhinfo.spdhcnt$offset());
    }

    /** {@return how many buckets it may grow to} */
    public int maxBuckets() {
        return count(hash, xfrmu_spdhinfo.spdhmcnt$offset());
    }

    /** {@return the threshold of the local prefix of IPv4, in bits} */
    public int ipv4LocalThreshold() {
        return bits(ipv4Thresholds, SpdInfoEncoder.LBITS);
    }

    /** {@return the threshold of the remote prefix of IPv4, in bits} */
    public int ipv4RemoteThreshold() {
        return bits(ipv4Thresholds, SpdInfoEncoder.RBITS);
    }

    /** {@return the threshold of the local prefix of IPv6, in bits} */
    public int ipv6LocalThreshold() {
        return bits(ipv6Thresholds, SpdInfoEncoder.LBITS);
    }

    /** {@return the threshold of the remote prefix of IPv6, in bits} */
    public int ipv6RemoteThreshold() {
        return bits(ipv6Thresholds, SpdInfoEncoder.RBITS);
    }
}
