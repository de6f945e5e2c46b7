package org.xfrm4j.wire;

import java.lang.foreign.MemorySegment;
import org.xfrm4j.bindings.xfrm4j_h;
import org.xfrm4j.bindings.xfrm_user_report;
import org.xfrm4j.netlink.MalformedMessageException;

/**
 * Reads a {@code struct xfrm_user_report}, the XFRM_MSG_REPORT of Mobile IPv6: a packet came by route optimization that
 * no policy permits. Only the kernel sends it.
 *
 * <pre>{@code
 * struct xfrm_user_report {
 *     __u8                  proto;    //  0, then 3 bytes of padding
 *     struct xfrm_selector  sel;      //  4
 * };                                  // 60, then XFRMA_COADDR
 * }</pre>
 */
public final class ReportDecoder {
    /** Size of the structure, in bytes. */
    public static final int LENGTH = (int) xfrm_user_report.sizeof();

    private static final long PROTO = xfrm_user_report.proto$offset();
    private static final long SELECTOR = xfrm_user_report.sel$offset();

    private final AttributeTable table = new AttributeTable();
    private final SelectorDecoder selector = new SelectorDecoder();
    private MemorySegment segment = MemorySegment.NULL;
    private long offset;

    /** A decoder that is yet to be wrapped around memory. */
    public ReportDecoder() {
    }

    /**
     * Points at the structure.
     *
     * @param length bytes that structure and attributes have
     * @throws MalformedMessageException if the structure or an attribute is cut short, or goes beyond the segment
     */
    public ReportDecoder wrap(MemorySegment segment, long offset, long length) {
        Layouts.check("xfrm_user_report", segment, offset, length, LENGTH);
        this.segment = segment;
        this.offset = offset;
        table.index(segment, offset + LENGTH, length - LENGTH);
        return this;
    }

    /** {@return the protocol: {@link Inet#IPPROTO_DSTOPTS} or {@link Inet#IPPROTO_ROUTING}} */
    public int protocol() {
        return Layouts.u8(segment, offset + PROTO);
    }

    /** {@return the decoder of the packet's selector} */
    public SelectorDecoder selector() {
        return selector.wrap(segment, offset + SELECTOR);
    }

    /** {@return whether the care-of address is told} */
    public boolean hasCareOfAddress() {
        return table.has(xfrm4j_h.XFRMA_COADDR());
    }

    /** {@return bytes 0 to 7 of the care-of address; 0 if there is none} */
    public long careOfHigh() {
        return hasCareOfAddress() ? Layouts.addressHigh(segment, table.offset(xfrm4j_h.XFRMA_COADDR())) : 0;
    }

    /** {@return bytes 8 to 15 of the care-of address; 0 if there is none} */
    public long careOfLow() {
        return hasCareOfAddress() ? Layouts.addressLow(segment, table.offset(xfrm4j_h.XFRMA_COADDR())) : 0;
    }
}
