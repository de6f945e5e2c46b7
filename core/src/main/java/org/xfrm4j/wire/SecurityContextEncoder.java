package org.xfrm4j.wire;

import static org.xfrm4j.wire.Layouts.U8;

import java.lang.foreign.MemorySegment;
import org.xfrm4j.bindings.xfrm4j_h;
import org.xfrm4j.bindings.xfrm_user_sec_ctx;

/**
 * Writes a {@code struct xfrm_user_sec_ctx}, the payload of {@code XFRMA_SEC_CTX}: the label that an LSM gives to an SA
 * or a policy.
 *
 * <pre>{@code
 * struct xfrm_user_sec_ctx {
 *     __u16  len;        //  0  of the whole, in bytes
 *     __u16  exttype;    //  2
 *     __u8   ctx_alg;    //  4
 *     __u8   ctx_doi;    //  5
 *     __u16  ctx_len;    //  6  of the label, in bytes
 * };                     //  8  the label
 * }</pre>
 */
public final class SecurityContextEncoder {
    /** Size of the structure without the label, in bytes. */
    public static final int LENGTH = (int) xfrm_user_sec_ctx.sizeof();
    /** The longest label, in bytes. */
    public static final int MAX_LABEL_LENGTH = AttributeEncoder.MAX_PAYLOAD_LENGTH - LENGTH;

    static final long LEN = xfrm_user_sec_ctx.len$offset();
    static final long EXTTYPE = xfrm_user_sec_ctx.exttype$offset();
    static final long CTX_ALG = xfrm_user_sec_ctx.ctx_alg$offset();
    static final long CTX_DOI = xfrm_user_sec_ctx.ctx_doi$offset();
    static final long CTX_LEN = xfrm_user_sec_ctx.ctx_len$offset();

    private MemorySegment segment = MemorySegment.NULL;
    private long offset;
    private int labelLength;

    /** An encoder that is yet to be wrapped around memory. */
    public SecurityContextEncoder() {
    }

    /** Points at the structure and writes an empty label. */
    public SecurityContextEncoder wrap(MemorySegment segment, long offset) {
        this.segment = segment;
        this.offset = offset;
        this.labelLength = 0;
        Layouts.zero(segment, offset, LENGTH);
        Layouts.u16(segment, offset + EXTTYPE, xfrm4j_h.XFRMA_SEC_CTX());
        Layouts.u16(segment, offset + LEN, LENGTH);
        return this;
    }

    /** Domain of interpretation: 1 is {@code XFRM_SC_DOI_LSM}. */
    public SecurityContextEncoder domain(int doi) {
        Layouts.u8(segment, offset + CTX_DOI, doi);
        return this;
    }

    /** Algorithm: 1 is {@code XFRM_SC_ALG_SELINUX}. */
    public SecurityContextEncoder algorithm(int algorithm) {
        Layouts.u8(segment, offset + CTX_ALG, algorithm);
        return this;
    }

    /**
     * The label; its terminating zero, if any, is part of it.
     *
     * @throws IllegalArgumentException if it is longer than {@link #MAX_LABEL_LENGTH}
     */
    public SecurityContextEncoder label(byte[] label) {
        if (label.length > MAX_LABEL_LENGTH) {
            throw new IllegalArgumentException(
                    "label of " + label.length + " bytes; it may have " + MAX_LABEL_LENGTH);
        }
        labelLength = label.length;
        MemorySegment.copy(label, 0, segment, U8, offset + LENGTH, labelLength);
        Layouts.u16(segment, offset + LEN, LENGTH + labelLength);
        Layouts.u16(segment, offset + CTX_LEN, labelLength);
        return this;
    }

    /** {@return the size of structure and label, in bytes} */
    public int encodedLength() {
        return LENGTH + labelLength;
    }
}
