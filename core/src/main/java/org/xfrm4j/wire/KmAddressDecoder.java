package org.xfrm4j.wire;

import java.lang.foreign.MemorySegment;
import org.xfrm4j.netlink.MalformedMessageException;

/** Reads a {@code struct xfrm_user_kmaddress}; for its layout see {@link KmAddressEncoder}. */
public final class KmAddressDecoder {
    private MemorySegment segment = MemorySegment.NULL;
    private long offset;

    /** A decoder that is yet to be wrapped around memory. */
    public KmAddressDecoder() {
    }

    /**
     * Points at the structure.
     *
     * @throws MalformedMessageException if the segment ends before it does
     */
    public KmAddressDecoder wrap(MemorySegment segment, long offset) {
        Layouts.check("xfrm_user_kmaddress", segment, offset, KmAddressEncoder.LENGTH, KmAddressEncoder.LENGTH);
        this.segment = segment;
        this.offset = offset;
        return this;
    }

    /** {@return bytes 0 to 7 of the address on this side} */
    public long localHigh() {
        return Layouts.addressHigh(segment, offset + KmAddressEncoder.LOCAL);
    }

    /** {@return bytes 8 to 15 of the address on this side} */
    public long localLow() {
        return Layouts.addressLow(segment, offset + KmAddressEncoder.LOCAL);
    }

    /** {@return bytes 0 to 7 of the address on the other side} */
    public long remoteHigh() {
        return Layouts.addressHigh(segment, offset + KmAddressEncoder.REMOTE);
    }

    /** {@return bytes 8 to 15 of the address on the other side} */
    public long remoteLow() {
        return Layouts.addressLow(segment, offset + KmAddressEncoder.REMOTE);
    }

    /** {@return the family of both} */
    public int family() {
        return Layouts.u16(segment, offset + KmAddressEncoder.FAMILY);
    }
}
