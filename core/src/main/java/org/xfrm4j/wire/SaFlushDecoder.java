package org.xfrm4j.wire;

import java.lang.foreign.MemorySegment;
import org.xfrm4j.bindings.xfrm_usersa_flush;
import org.xfrm4j.netlink.MalformedMessageException;

/** Reads a {@code struct xfrm_usersa_flush}; for its layout see {@link SaFlushEncoder}. */
public final class SaFlushDecoder {
    private MemorySegment segment = MemorySegment.NULL;
    private long offset;

    /** A decoder that is yet to be wrapped around memory. */
    public SaFlushDecoder() {
    }

    /**
     * Points at the structure.
     *
     * @param length bytes that are there
     * @throws MalformedMessageException if they are fewer, or the segment ends before the structure does
     */
    public SaFlushDecoder wrap(MemorySegment segment, long offset, long length) {
        Layouts.check("xfrm_usersa_flush", segment, offset, length, SaFlushEncoder.LENGTH);
        this.segment = segment;
        this.offset = offset;
        return this;
    }

    /** {@return whose SAs went; 0 for all protocols, {@link SaFlushEncoder#ANY_IPSEC_PROTOCOL} for those of IPsec} */
    public int protocol() {
        return Layouts.u8(segment, offset + xfrm_usersa_flush.proto$offset());
    }
}
