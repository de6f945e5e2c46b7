package org.xfrm4j.wire;

import static org.xfrm4j.wire.Layouts.U32_HOST;

import java.lang.foreign.MemorySegment;
import org.xfrm4j.bindings.xfrm4j_h;
import org.xfrm4j.bindings.xfrmu_sadhinfo;
import org.xfrm4j.netlink.MalformedMessageException;

/**
 * Reads the payload of XFRM_MSG_NEWSADINFO: figures of the Security Association Database. What is not told is 0.
 *
 * <pre>{@code
 * __u32  flags;            // 0
 * struct nlattr …          // 4  XFRMA_SAD_CNT, which is a __u32, and XFRMA_SAD_HINFO, a
 * struct xfrmu_sadhinfo {
 *     __u32  sadhcnt;      // 0
 *     __u32  sadhmcnt;     // 4
 * };                       // 8
 * }</pre>
 */
public final class SadInfoDecoder {
    private static final long NONE = -1;

    private final AttributeDecoder attributes = new AttributeDecoder(type -> "XFRMA_SAD_#" + type);
    private MemorySegment segment = MemorySegment.NULL;
    private long count;
    private long hash;

    /** A decoder that is yet to be wrapped around memory. */
    public SadInfoDecoder() {
    }

    /**
     * Points at the payload.
     *
     * @param length bytes that the payload has
     * @throws MalformedMessageException if it or an attribute is cut short, or goes beyond the segment
     */
    public SadInfoDecoder wrap(MemorySegment segment, long offset, long length) {
        Layouts.check("SAD information", segment, offset, length, SadInfoEncoder.LENGTH);
        this.segment = segment;
        count = NONE;
        hash = NONE;
        attributes.wrap(segment, offset + SadInfoEncoder.LENGTH, length - SadInfoEncoder.LENGTH);
        while (attributes.next()) {
            int type = attributes.type();
            if (type == xfrm4j_h.XFRMA_SAD_CNT()) {
                count = payload("XFRMA_SAD_CNT", Integer.BYTES);
            } else if (type == xfrm4j_h.XFRMA_SAD_HINFO()) {
                hash = payload("XFRMA_SAD_HINFO", xfrmu_sadhinfo.sizeof());
            }
        }
        return this;
    }

    private long payload(String name, long minimum) {
        Layouts.check(name, segment, attributes.payloadOffset(), attributes.payloadLength(), minimum);
        return attributes.payloadOffset();
    }

    private int u32(long at, long field) {
        return at == NONE ? 0 : segment.get(U32_HOST, at + field);
    }

    /** {@return how many SAs there are} */
    public int count() {
        return u32(count, 0);
    }

    /** {@return how many buckets the hash table has} */
    public int buckets() {
        return u32(hash, xfrmu_sadhinfo.sadhcnt$offset());
    }

    /** {@return how many buckets it may grow to} */
    public int maxBuckets() {
        return u32(hash, xfrmu_sadhinfo.sadhmcnt$offset());
    }
}
