package org.xfrm4j.wire;

import java.lang.foreign.MemorySegment;
import org.xfrm4j.netlink.MalformedMessageException;

/** Reads a {@code struct xfrm_selector}; for its layout see {@link SelectorEncoder}. */
public final class SelectorDecoder {
    private final long[] words = Words.of(SelectorEncoder.LENGTH);

    /** A decoder that is yet to be wrapped around memory. */
    public SelectorDecoder() {
    }

    /**
     * Copies the structure.
     *
     * @throws MalformedMessageException if the segment ends before it does
     */
    public SelectorDecoder wrap(MemorySegment segment, long offset) {
        Layouts.check("xfrm_selector", segment, offset, SelectorEncoder.LENGTH, SelectorEncoder.LENGTH);
        Words.read(segment, offset, words, 0, words.length);
        return this;
    }

    /** Copies the structure out of the words of the one that holds it. */
    SelectorDecoder wrap(long[] holder, long offset) {
        System.arraycopy(holder, Words.index(offset), words, 0, words.length);
        return this;
    }

    /** {@return the family of both addresses; {@code AF_UNSPEC} matches either family} */
    public int family() {
        return Words.u16(words, SelectorEncoder.FAMILY);
    }

    /** {@return bytes 0 to 7 of the destination} */
    public long destinationHigh() {
        return Words.addressHigh(words, SelectorEncoder.DADDR);
    }

    /** {@return bytes 8 to 15 of the destination} */
    public long destinationLow() {
        return Words.addressLow(words, SelectorEncoder.DADDR);
    }

    /** {@return the length of the destination's prefix, in bits} */
    public int destinationPrefixLength() {
        return Words.u8(words, SelectorEncoder.PREFIXLEN_D);
    }

    /** {@return bytes 0 to 7 of the source} */
    public long sourceHigh() {
        return Words.addressHigh(words, SelectorEncoder.SADDR);
    }

    /** {@return bytes 8 to 15 of the source} */
    public long sourceLow() {
        return Words.addressLow(words, SelectorEncoder.SADDR);
    }

    /** {@return the length of the source's prefix, in bits} */
    public int sourcePrefixLength() {
        return Words.u8(words, SelectorEncoder.PREFIXLEN_S);
    }

    /** {@return the destination port} */
    public int destinationPort() {
        return Words.port(words, SelectorEncoder.DPORT);
    }

    /** {@return which bits of the destination port count} */
    public int destinationPortMask() {
        return Words.port(words, SelectorEncoder.DPORT_MASK);
    }

    /** {@return the source port} */
    public int sourcePort() {
        return Words.port(words, SelectorEncoder.SPORT);
    }

    /** {@return which bits of the source port count} */
    public int sourcePortMask() {
        return Words.port(words, SelectorEncoder.SPORT_MASK);
    }

    /** {@return the protocol above IP; 0 for any} */
    public int protocol() {
        return Words.u8(words, SelectorEncoder.PROTO);
    }

    /** {@return the interface's index; 0 for any} */
    public int ifindex() {
        return Words.u32(words, SelectorEncoder.IFINDEX);
    }

    /** {@return the user id} */
    public int user() {
        return Words.u32(words, SelectorEncoder.USER);
    }
}
