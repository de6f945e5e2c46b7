package org.xfrm4j.wire;

import static org.xfrm4j.wire.Layouts.U32_HOST;
import static org.xfrm4j.wire.Layouts.U8;

import java.lang.foreign.MemorySegment;
import org.xfrm4j.bindings.xfrm4j_h;
import org.xfrm4j.bindings.xfrm_algo;
import org.xfrm4j.bindings.xfrm_algo_aead;
import org.xfrm4j.bindings.xfrm_algo_auth;

/**
 * Writes an algorithm with its key: {@code struct xfrm_algo} (for {@code XFRMA_ALG_AUTH}, {@code XFRMA_ALG_CRYPT},
 * {@code XFRMA_ALG_COMP}), or {@code struct xfrm_algo_auth} ({@code XFRMA_ALG_AUTH_TRUNC}) and
 * {@code struct xfrm_algo_aead} ({@code XFRMA_ALG_AEAD}), which are alike.
 *
 * <pre>{@code
 * struct xfrm_algo {                          struct xfrm_algo_auth {              // xfrm_algo_aead
 *     char          alg_name[64];    //  0        char          alg_name[64];      //  0
 *     unsigned int  alg_key_len;     // 64        unsigned int  alg_key_len;       // 64
 *     char          alg_key[];       // 68        unsigned int  alg_trunc_len;     // 68  alg_icv_len
 * };                                              char          alg_key[];         // 72
 *                                             };
 * }</pre>
 *
 * <p>All lengths are in bits.
 */
public final class AlgorithmEncoder {
    /** The longest name, in bytes; a zero byte follows it. */
    public static final int MAX_NAME_LENGTH = 63;

    static final long NAME = xfrm_algo.alg_name$offset();
    static final long KEY_LENGTH = xfrm_algo.alg_key_len$offset();
    static final long ICV_LENGTH = xfrm_algo_auth.alg_trunc_len$offset();

    private MemorySegment segment = MemorySegment.NULL;
    private long offset;
    private boolean icv;
    private int keyBytes;

    /** An encoder that is yet to be wrapped around memory. */
    public AlgorithmEncoder() {
    }

    /** Size of the structure without the key. */
    static int headerLength(int attributeType) {
        if (attributeType == xfrm4j_h.XFRMA_ALG_AEAD()) {
            return (int) xfrm_algo_aead.sizeof();
        }
        return (int) (attributeType == xfrm4j_h.XFRMA_ALG_AUTH_TRUNC() ? xfrm_algo_auth.sizeof() : xfrm_algo.sizeof());
    }

    static boolean hasIcvLength(int attributeType) {
        return attributeType == xfrm4j_h.XFRMA_ALG_AEAD() || attributeType == xfrm4j_h.XFRMA_ALG_AUTH_TRUNC();
    }

    /**
     * Points at the structure and zeroes it.
     *
     * @param attributeType the attribute that holds it, which tells which structure it is
     */
    public AlgorithmEncoder wrap(MemorySegment segment, long offset, int attributeType) {
        this.segment = segment;
        this.offset = offset;
        this.icv = hasIcvLength(attributeType);
        this.keyBytes = 0;
        Layouts.zero(segment, offset, headerLength());
        return this;
    }

    /**
     * The name that the kernel's crypto knows, for example {@code rfc4106(gcm(aes))}.
     *
     * @throws IllegalArgumentException if it is empty, longer than {@link #MAX_NAME_LENGTH}, or not ASCII
     */
    public AlgorithmEncoder name(String name) {
        int length = name.length();
        if (length == 0 || length > MAX_NAME_LENGTH) {
            throw new IllegalArgumentException(
                    "algorithm name of " + length + " characters; it may have 1 to " + MAX_NAME_LENGTH);
        }
        for (int i = 0; i < length; i++) {
            char c = name.charAt(i);
            if (c == 0 || c > 0x7f) {
                throw new IllegalArgumentException("algorithm name is not ASCII: " + name);
            }
            segment.set(U8, offset + NAME + i, (byte) c);
        }
        Layouts.zero(segment, offset + NAME + length, MAX_NAME_LENGTH + 1L - length);
        return this;
    }

    /** Length of the integrity check value, in bits; for the structures that have it. */
    public AlgorithmEncoder icvLength(int bits) {
        if (!icv) {
            throw new IllegalStateException("xfrm_algo has no ICV length");
        }
        segment.set(U32_HOST, offset + ICV_LENGTH, bits);
        return this;
    }

    /**
     * Length of the key, in bits; the key itself is to be written at {@link #keyOffset}.
     *
     * @throws IllegalArgumentException if it is negative or cannot fit into an attribute
     */
    public AlgorithmEncoder keyLength(int bits) {
        if (bits < 0 || keyBytes(bits) > AttributeEncoder.MAX_PAYLOAD_LENGTH - headerLength()) {
            throw new IllegalArgumentException("key length of " + Integer.toUnsignedString(bits) + " bits");
        }
        keyBytes = keyBytes(bits);
        segment.set(U32_HOST, offset + KEY_LENGTH, bits);
        return this;
    }

    /** {@return where the key goes, from the segment's start} */
    public long keyOffset() {
        return offset + headerLength();
    }

    /** {@return the size of structure and key, in bytes} */
    public int encodedLength() {
        return headerLength() + keyBytes;
    }

    private int headerLength() {
        return (int) (icv ? xfrm_algo_auth.sizeof() : xfrm_algo.sizeof());
    }

    static int keyBytes(int bits) {
        return bits + 7 >>> 3;
    }
}
