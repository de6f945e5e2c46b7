package org.xfrm4j.wire;

import java.lang.foreign.MemorySegment;
import org.xfrm4j.netlink.MalformedMessageException;

/** Reads a {@code struct xfrm_encap_tmpl}; for its layout see {@link EncapEncoder}. */
public final class EncapDecoder {
    private MemorySegment segment = MemorySegment.NULL;
    private long offset;

    /** A decoder that is yet to be wrapped around memory. */
    public EncapDecoder() {
    }

    /**
     * Points at the structure.
     *
     * @throws MalformedMessageException if the segment ends before it does
     */
    public EncapDecoder wrap(MemorySegment segment, long offset) {
        Layouts.check("xfrm_encap_tmpl", segment, offset, EncapEncoder.LENGTH, EncapEncoder.LENGTH);
        this.segment = segment;
        this.offset = offset;
        return this;
    }

    /** {@return the type: {@link Inet#UDP_ENCAP_ESPINUDP} or another} */
    public int type() {
        return Layouts.u16(segment, offset + EncapEncoder.TYPE);
    }

    /** {@return the port of the SA's source} */
    public int sourcePort() {
        return Layouts.port(segment, offset + EncapEncoder.SPORT);
    }

    /** {@return the port of the SA's destination} */
    public int destinationPort() {
        return Layouts.port(segment, offset + EncapEncoder.DPORT);
    }

    /** {@return bytes 0 to 7 of the peer's address before NAT} */
    public long originalAddressHigh() {
        return Layouts.addressHigh(segment, offset + EncapEncoder.ORIGINAL_ADDRESS);
    }

    /** {@return bytes 8 to 15 of the peer's address before NAT} */
    public long originalAddressLow() {
        return Layouts.addressLow(segment, offset + EncapEncoder.ORIGINAL_ADDRESS);
    }
}
