package org.xfrm4j.wire;

import java.lang.foreign.MemorySegment;
import org.xfrm4j.netlink.MalformedMessageException;

/** Reads a {@code struct xfrm_usersa_id}; for its layout see {@link SaIdEncoder}. */
public final class SaIdDecoder {
    private final long[] words = Words.of(SaIdEncoder.LENGTH);

    /** A decoder that is yet to be wrapped around memory. */
    public SaIdDecoder() {
    }

    /**
     * Copies the structure.
     *
     * @throws MalformedMessageException if the segment ends before it does
     */
    public SaIdDecoder wrap(MemorySegment segment, long offset) {
        Layouts.check("xfrm_usersa_id", segment, offset, SaIdEncoder.LENGTH, SaIdEncoder.LENGTH);
        Words.read(segment, offset, words, 0, words.length);
        return this;
    }

    /** Copies the structure out of the words of the one that holds it. */
    SaIdDecoder wrap(long[] holder, long offset) {
        System.arraycopy(holder, Words.index(offset), words, 0, words.length);
        return this;
    }

    /** {@return bytes 0 to 7 of the destination} */
    public long destinationHigh() {
        return Words.addressHigh(words, SaIdEncoder.DADDR);
    }

    /** {@return bytes 8 to 15 of the destination} */
    public long destinationLow() {
        return Words.addressLow(words, SaIdEncoder.DADDR);
    }

    /** {@return the SPI} */
    public int spi() {
        return Words.u32BigEndian(words, SaIdEncoder.SPI);
    }

    /** {@return the destination's family} */
    public int family() {
        return Words.u16(words, SaIdEncoder.FAMILY);
    }

    /** {@return the protocol: ESP, AH, …} */
    public int protocol() {
        return Words.u8(words, SaIdEncoder.PROTO);
    }
}
