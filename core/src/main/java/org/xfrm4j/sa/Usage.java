package org.xfrm4j.sa;

import org.xfrm4j.wire.UsageDecoder;
import org.xfrm4j.wire.UsageEncoder;

/**
 * What an SA or a policy has been used so far ({@code struct xfrm_lifetime_cur}).
 *
 * @param bytes bytes, unsigned
 * @param packets packets, unsigned
 * @param addTime when it was added, in seconds since 1970
 * @param useTime when it was first used, in seconds since 1970; 0 for never
 */
public record Usage(long bytes, long packets, long addTime, long useTime) {
    /** Nothing yet. */
    public static final Usage NONE = new Usage(0, 0, 0, 0);

    /** {@return the usage that is there} */
    public static Usage from(UsageDecoder usage) {
        return new Usage(usage.bytes(), usage.packets(), usage.added(), usage.firstUsed());
    }

    /**
     * Writes the usage.
     *
     * @param usage where to; already wrapped
     * @return the size in bytes
     */
    public int encode(UsageEncoder usage) {
        return usage.amount(bytes, packets).times(addTime, useTime).encodedLength();
    }
}
