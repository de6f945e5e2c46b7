package org.xfrm4j.wire;

import static org.xfrm4j.wire.Layouts.U32_BIG_ENDIAN;
import static org.xfrm4j.wire.Layouts.U32_HOST;

import java.lang.foreign.MemorySegment;
import org.xfrm4j.netlink.MalformedMessageException;

/** Reads a {@code struct xfrm_user_tmpl}; for its layout see {@link TemplateEncoder}. */
public final class TemplateDecoder {
    private MemorySegment segment = MemorySegment.NULL;
    private long offset;

    /** A decoder that is yet to be wrapped around memory. */
    public TemplateDecoder() {
    }

    /**
     * Points at the structure.
     *
     * @throws MalformedMessageException if the segment ends before it does
     */
    public TemplateDecoder wrap(MemorySegment segment, long offset) {
        Layouts.check("xfrm_user_tmpl", segment, offset, TemplateEncoder.LENGTH, TemplateEncoder.LENGTH);
        this.segment = segment;
        this.offset = offset;
        return this;
    }

    /** {@return bytes 0 to 7 of the outer destination} */
    public long destinationHigh() {
        return Layouts.addressHigh(segment, offset + TemplateEncoder.DADDR);
    }

    /** {@return bytes 8 to 15 of the outer destination} */
    public long destinationLow() {
        return Layouts.addressLow(segment, offset + TemplateEncoder.DADDR);
    }

    /** {@return the SPI; 0 for any} */
    public int spi() {
        return segment.get(U32_BIG_ENDIAN, offset + TemplateEncoder.SPI);
    }

    /** {@return the protocol: {@link Inet#IPPROTO_ESP}, …} */
    public int protocol() {
        return Layouts.u8(segment, offset + TemplateEncoder.PROTO);
    }

    /** {@return the family of the outer addresses} */
    public int family() {
        return Layouts.u16(segment, offset + TemplateEncoder.FAMILY);
    }

    /** {@return bytes 0 to 7 of the outer source} */
    public long sourceHigh() {
        return Layouts.addressHigh(segment, offset + TemplateEncoder.SADDR);
    }

    /** {@return bytes 8 to 15 of the outer source} */
    public long sourceLow() {
        return Layouts.addressLow(segment, offset + TemplateEncoder.SADDR);
    }

    /** {@return the reqid that the SA must have; 0 for any} */
    public int reqid() {
        return segment.get(U32_HOST, offset + TemplateEncoder.REQID);
    }

    /** {@return the mode, {@code XFRM_MODE_…}} */
    public int mode() {
        return Layouts.u8(segment, offset + TemplateEncoder.MODE);
    }

    /** {@return {@code XFRM_SHARE_…}} */
    public int share() {
        return Layouts.u8(segment, offset + TemplateEncoder.SHARE);
    }

    /** {@return whether packets pass where there is no such SA: 0 for no} */
    public int optional() {
        return Layouts.u8(segment, offset + TemplateEncoder.OPTIONAL);
    }

    /** {@return which algorithms of authentication are taken, one bit each} */
    public int authenticationAlgorithms() {
        return segment.get(U32_HOST, offset + TemplateEncoder.AALGOS);
    }

    /** {@return which algorithms of encryption are taken, one bit each} */
    public int encryptionAlgorithms() {
        return segment.get(U32_HOST, offset + TemplateEncoder.EALGOS);
    }

    /** {@return which algorithms of compression are taken, one bit each} */
    public int compressionAlgorithms() {
        return segment.get(U32_HOST, offset + TemplateEncoder.CALGOS);
    }
}
