package org.xfrm4j.wire;

import static org.xfrm4j.wire.Layouts.U32_BIG_ENDIAN;

import java.lang.foreign.MemorySegment;
import org.xfrm4j.netlink.MalformedMessageException;

/** Reads a {@code struct xfrm_usersa_id}; for its layout see {@link SaIdEncoder}. */
public final class SaIdDecoder {
    private MemorySegment segment = MemorySegment.NULL;
    private long offset;

    /** A decoder that is yet to be wrapped around memory. */
    public SaIdDecoder() {
    }

    /**
     * Points at the structure.
     *
     * @throws MalformedMessageException if the segment ends before it does
     */
    public SaIdDecoder wrap(MemorySegment segment, long offset) {
        Layouts.check("xfrm_usersa_id", segment, offset, SaIdEncoder.LENGTH, SaIdEncoder.LENGTH);
        this.segment = segment;
        this.offset = offset;
        return this;
    }

    /** {@return bytes 0 to 7 of the destination} */
    public long destinationHigh() {
        return Layouts.addressHigh(segment, offset + SaIdEncoder.DADDR);
    }

    /** {@return bytes 8 to 15 of the destination} */
    public long destinationLow() {
        return Layouts.addressLow(segment, offset + SaIdEncoder.DADDR);
    }

    /** {@return the SPI} */
    public int spi() {
        return segment.get(U32_BIG_ENDIAN, offset + SaIdEncoder.SPI);
    }

    /** {@return the destination's family} */
    public int family() {
        return Layouts.u16(segment, offset + SaIdEncoder.FAMILY);
    }

    /** {@return the protocol: ESP, AH, …} */
    public int protocol() {
        return Layouts.u8(segment, offset + SaIdEncoder.PROTO);
    }
}
