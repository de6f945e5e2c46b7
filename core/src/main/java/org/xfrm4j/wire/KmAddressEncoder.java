package org.xfrm4j.wire;

import java.lang.foreign.MemorySegment;
import org.xfrm4j.bindings.xfrm_user_kmaddress;

/**
 * Writes a {@code struct xfrm_user_kmaddress}, the payload of {@code XFRMA_KMADDRESS}: between which addresses an IKE
 * daemon is to negotiate from now on. The kernel hands it to the listeners and does not look at it.
 *
 * <pre>{@code
 * struct xfrm_user_kmaddress {
 *     xfrm_address_t  local;       //  0
 *     xfrm_address_t  remote;      // 16
 *     __u32           reserved;    // 32
 *     __u16           family;      // 36, then 2 bytes of padding
 * };                               // 40
 * }</pre>
 */
public final class KmAddressEncoder {
    /** Size of the structure, in bytes. */
    public static final int LENGTH = (int) xfrm_user_kmaddress.sizeof();

    static final long LOCAL = xfrm_user_kmaddress.local$offset();
    static final long REMOTE = xfrm_user_kmaddress.remote$offset();
    static final long FAMILY = xfrm_user_kmaddress.family$offset();

    private MemorySegment segment = MemorySegment.NULL;
    private long offset;

    /** An encoder that is yet to be wrapped around memory. */
    public KmAddressEncoder() {
    }

    /** Points at the structure and zeroes it. */
    public KmAddressEncoder wrap(MemorySegment segment, long offset) {
        this.segment = segment;
        this.offset = offset;
        Layouts.zero(segment, offset, LENGTH);
        return this;
    }

    /** The address on this side. */
    public KmAddressEncoder local(long high, long low) {
        Layouts.address(segment, offset + LOCAL, high, low);
        return this;
    }

    /** The address on the other side. */
    public KmAddressEncoder remote(long high, long low) {
        Layouts.address(segment, offset + REMOTE, high, low);
        return this;
    }

    /** Family of both. */
    public KmAddressEncoder family(int family) {
        Layouts.u16(segment, offset + FAMILY, family);
        return this;
    }

    /** {@return the size of the structure, in bytes} */
    public int encodedLength() {
        return LENGTH;
    }
}
