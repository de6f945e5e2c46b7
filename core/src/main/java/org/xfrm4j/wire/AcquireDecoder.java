package org.xfrm4j.wire;

import static org.xfrm4j.wire.Layouts.U32_BIG_ENDIAN;
import static org.xfrm4j.wire.Layouts.U32_HOST;

import java.lang.foreign.MemorySegment;
import org.xfrm4j.bindings.xfrm4j_h;
import org.xfrm4j.netlink.MalformedMessageException;

/** Reads a {@code struct xfrm_user_acquire} with its attributes; for its layout see {@link AcquireEncoder}. */
public final class AcquireDecoder {
    private final SelectorDecoder selector = new SelectorDecoder();
    private final PolicyDecoder policy = new PolicyDecoder();
    private MemorySegment segment = MemorySegment.NULL;
    private long offset;

    /** A decoder that is yet to be wrapped around memory. */
    public AcquireDecoder() {
    }

    /**
     * Points at the structure.
     *
     * @param length bytes that structure and attributes have
     * @throws MalformedMessageException if the structure or an attribute is cut short, or goes beyond the segment
     */
    public AcquireDecoder wrap(MemorySegment segment, long offset, long length) {
        Layouts.check("xfrm_user_acquire", segment, offset, length, AcquireEncoder.LENGTH);
        this.segment = segment;
        this.offset = offset;
        policy.wrap(segment, offset + AcquireEncoder.POLICY, offset + AcquireEncoder.LENGTH,
                length - AcquireEncoder.LENGTH);
        return this;
    }

    /** {@return bytes 0 to 7 of the outer destination of the SA to be} */
    public long destinationHigh() {
        return Layouts.addressHigh(segment, offset + AcquireEncoder.DADDR);
    }

    /** {@return bytes 8 to 15 of the outer destination} */
    public long destinationLow() {
        return Layouts.addressLow(segment, offset + AcquireEncoder.DADDR);
    }

    /** {@return the SPI; mostly 0, as it is not known yet} */
    public int spi() {
        return segment.get(U32_BIG_ENDIAN, offset + AcquireEncoder.SPI);
    }

    /** {@return the protocol of the SA to be} */
    public int protocol() {
        return Layouts.u8(segment, offset + AcquireEncoder.PROTO);
    }

    /** {@return bytes 0 to 7 of the outer source} */
    public long sourceHigh() {
        return Layouts.addressHigh(segment, offset + AcquireEncoder.SADDR);
    }

    /** {@return bytes 8 to 15 of the outer source} */
    public long sourceLow() {
        return Layouts.addressLow(segment, offset + AcquireEncoder.SADDR);
    }

    /** {@return the decoder of the selector: the packet that waits} */
    public SelectorDecoder selector() {
        return selector.wrap(segment, offset + AcquireEncoder.SELECTOR);
    }

    /** {@return the decoder of the policy that asks for the SA; its attributes are those of the whole message} */
    public PolicyDecoder policy() {
        return policy;
    }

    /** {@return the algorithms for integrity that will do, one bit each} */
    public int integrityAlgorithms() {
        return segment.get(U32_HOST, offset + AcquireEncoder.AALGOS);
    }

    /** {@return the algorithms for encryption that will do, one bit each} */
    public int encryptionAlgorithms() {
        return segment.get(U32_HOST, offset + AcquireEncoder.EALGOS);
    }

    /** {@return the algorithms for compression that will do, one bit each} */
    public int compressionAlgorithms() {
        return segment.get(U32_HOST, offset + AcquireEncoder.CALGOS);
    }

    /** {@return the CPU that the SA is for; 0 where that is not told} */
    public int cpu() {
        long at = policy.attributeOffset(xfrm4j_h.XFRMA_SA_PCPU());
        return at < 0 ? 0 : segment.get(U32_HOST, at);
    }

    /** {@return the number by which an answer names this acquire} */
    public int seq() {
        return segment.get(U32_HOST, offset + AcquireEncoder.SEQ);
    }
}
