package org.xfrm4j.wire;

import static org.xfrm4j.wire.Layouts.U32_HOST;

import java.lang.foreign.MemorySegment;
import org.xfrm4j.bindings.xfrm_user_mapping;
import org.xfrm4j.netlink.MalformedMessageException;

/**
 * Reads a {@code struct xfrm_user_mapping}, the XFRM_MSG_MAPPING: ESP in UDP came from another address or port than the
 * SA has, so that a NAT has changed its mind. Only the kernel sends it. It does not tell the SA's mark.
 *
 * <pre>{@code
 * struct xfrm_user_mapping {
 *     struct xfrm_usersa_id  id;           //  0
 *     __u32                  reqid;        // 24
 *     xfrm_address_t         old_saddr;    // 28
 *     xfrm_address_t         new_saddr;    // 44
 *     __be16                 old_sport;    // 60
 *     __be16                 new_sport;    // 62
 * };                                       // 64
 * }</pre>
 */
public final class MappingDecoder {
    /** Size of the structure, in bytes. */
    public static final int LENGTH = (int) xfrm_user_mapping.sizeof();

    private static final long ID = xfrm_user_mapping.id$offset();
    private static final long REQID = xfrm_user_mapping.reqid$offset();
    private static final long OLD_SADDR = xfrm_user_mapping.old_saddr$offset();
    private static final long NEW_SADDR = xfrm_user_mapping.new_saddr$offset();
    private static final long OLD_SPORT = xfrm_user_mapping.old_sport$offset();
    private static final long NEW_SPORT = xfrm_user_mapping.new_sport$offset();

    private final SaIdDecoder id = new SaIdDecoder();
    private MemorySegment segment = MemorySegment.NULL;
    private long offset;

    /** A decoder that is yet to be wrapped around memory. */
    public MappingDecoder() {
    }

    /**
     * Points at the structure.
     *
     * @param length bytes that are there
     * @throws MalformedMessageException if they are fewer, or the segment ends before the structure does
     */
    public MappingDecoder wrap(MemorySegment segment, long offset, long length) {
        Layouts.check("xfrm_user_mapping", segment, offset, length, LENGTH);
        this.segment = segment;
        this.offset = offset;
        return this;
    }

    /** {@return the decoder of what names the SA} */
    public SaIdDecoder id() {
        return id.wrap(segment, offset + ID);
    }

    /** {@return the SA's reqid} */
    public int reqid() {
        return segment.get(U32_HOST, offset + REQID);
    }

    /** {@return bytes 0 to 7 of the source that the SA has} */
    public long oldSourceHigh() {
        return Layouts.addressHigh(segment, offset + OLD_SADDR);
    }

    /** {@return bytes 8 to 15 of the source that the SA has} */
    public long oldSourceLow() {
        return Layouts.addressLow(segment, offset + OLD_SADDR);
    }

    /** {@return bytes 0 to 7 of the source that the packet came from} */
    public long newSourceHigh() {
        return Layouts.addressHigh(segment, offset + NEW_SADDR);
    }

    /** {@return bytes 8 to 15 of the source that the packet came from} */
    public long newSourceLow() {
        return Layouts.addressLow(segment, offset + NEW_SADDR);
    }

    /** {@return the source port that the SA has} */
    public int oldSourcePort() {
        return Layouts.port(segment, offset + OLD_SPORT);
    }

    /** {@return the source port that the packet came from} */
    public int newSourcePort() {
        return Layouts.port(segment, offset + NEW_SPORT);
    }
}
