package org.xfrm4j.sa;

import org.xfrm4j.bindings.xfrm4j_h;

/**
 * Offload of an SA to a device ({@code struct xfrm_user_offload}).
 *
 * @param ifindex the device's interface index
 * @param flags {@link #INBOUND}, {@link #PACKET}
 */
public record Offload(int ifindex, int flags) {
    /** The SA is for incoming packets. */
    public static final int INBOUND = xfrm4j_h.XFRM_OFFLOAD_INBOUND();
    /** The device does it all, not the cryptography only. */
    public static final int PACKET = xfrm4j_h.XFRM_OFFLOAD_PACKET();

    /**
     * Checks the flags.
     *
     * @throws IllegalArgumentException if they have more than 8 bits
     */
    public Offload {
        Check.range("offload flags", flags, 0, 255);
    }

    /** {@return the offload as {@code ip xfrm} prints it} */
    @Override
    public String toString() {
        return ((flags & PACKET) != 0 ? "packet" : "crypto") + " offload parameters: dev #" + ifindex + " dir "
                + ((flags & INBOUND) != 0 ? "in" : "out");
    }
}
