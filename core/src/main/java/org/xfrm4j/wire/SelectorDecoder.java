package org.xfrm4j.wire;

import static org.xfrm4j.wire.Layouts.U32_HOST;

import java.lang.foreign.MemorySegment;
import org.xfrm4j.netlink.MalformedMessageException;

/** Reads a {@code struct xfrm_selector}; for its layout see {@link SelectorEncoder}. */
public final class SelectorDecoder {
    private MemorySegment segment = MemorySegment.NULL;
    private long offset;

    /** A decoder that is yet to be wrapped around memory. */
    public SelectorDecoder() {
    }

    /**
     * Points at the structure.
     *
     * @throws MalformedMessageException if the segment ends before it does
     */
    public SelectorDecoder wrap(MemorySegment segment, long offset) {
        Layouts.check("xfrm_selector", segment, offset, SelectorEncoder.LENGTH, SelectorEncoder.LENGTH);
        this.segment = segment;
        this.offset = offset;
        return this;
    }

    /** {@return the family of both addresses; {@code AF_UNSPEC} matches either family} */
    public int family() {
        return Layouts.u16(segment, offset + SelectorEncoder.FAMILY);
    }

    /** {@return bytes 0 to 7 of the destination} */
    public long destinationHigh() {
        return Layouts.addressHigh(segment, offset + SelectorEncoder.DADDR);
    }

    /** {@return bytes 8 to 15 of the destination} */
    public long destinationLow() {
        return Layouts.addressLow(segment, offset + SelectorEncoder.DADDR);
    }

    /** {@return the length of the destination's prefix, in bits} */
    public int destinationPrefixLength() {
        return Layouts.u8(segment, offset + SelectorEncoder.PREFIXLEN_D);
    }

    /** {@return bytes 0 to 7 of the source} */
    public long sourceHigh() {
        return Layouts.addressHigh(segment, offset + SelectorEncoder.SADDR);
    }

    /** {@return bytes 8 to 15 of the source} */
    public long sourceLow() {
        return Layouts.addressLow(segment, offset + SelectorEncoder.SADDR);
    }

    /** {@return the length of the source's prefix, in bits} */
    public int sourcePrefixLength() {
        return Layouts.u8(segment, offset + SelectorEncoder.PREFIXLEN_S);
    }

    /** {@return the destination port} */
    public int destinationPort() {
        return Layouts.port(segment, offset + SelectorEncoder.DPORT);
    }

    /** {@return which bits of the destination port count} */
    public int destinationPortMask() {
        return Layouts.port(segment, offset + SelectorEncoder.DPORT_MASK);
    }

    /** {@return the source port} */
    public int sourcePort() {
        return Layouts.port(segment, offset + SelectorEncoder.SPORT);
    }

    /** {@return which bits of the source port count} */
    public int sourcePortMask() {
        return Layouts.port(segment, offset + SelectorEncoder.SPORT_MASK);
    }

    /** {@return the protocol above IP; 0 for any} */
    public int protocol() {
        return Layouts.u8(segment, offset + SelectorEncoder.PROTO);
    }

    /** {@return the interface's index; 0 for any} */
    public int ifindex() {
        return segment.get(U32_HOST, offset + SelectorEncoder.IFINDEX);
    }

    /** {@return the user id} */
    public int user() {
        return segment.get(U32_HOST, offset + SelectorEncoder.USER);
    }
}
