package org.xfrm4j.sa;

import org.xfrm4j.wire.LifetimeDecoder;
import org.xfrm4j.wire.LifetimeEncoder;

/**
 * The limits of an SA or a policy ({@code struct xfrm_lifetime_cfg}): at a soft one the kernel announces the expiry, at
 * a hard one it deletes. All are unsigned; of bytes and packets {@link #INFINITE} is no limit, of seconds 0.
 *
 * @param softBytes soft limit of bytes
 * @param hardBytes hard limit of bytes
 * @param softPackets soft limit of packets
 * @param hardPackets hard limit of packets
 * @param softAddSeconds soft limit of seconds since it was added
 * @param hardAddSeconds hard limit of seconds since it was added
 * @param softUseSeconds soft limit of seconds since its first use
 * @param hardUseSeconds hard limit of seconds since its first use
 */
public record Lifetime(
        long softBytes,
        long hardBytes,
        long softPackets,
        long hardPackets,
        long softAddSeconds,
        long hardAddSeconds,
        long softUseSeconds,
        long hardUseSeconds) {
    /** {@code XFRM_INF}: no limit of bytes or packets. */
    public static final long INFINITE = LifetimeEncoder.INFINITE;
    /** No limits. */
    public static final Lifetime UNLIMITED =
            new Lifetime(INFINITE, INFINITE, INFINITE, INFINITE, 0, 0, 0, 0);

    /** {@return these limits, with others of bytes} */
    public Lifetime withBytes(long soft, long hard) {
        return new Lifetime(soft, hard, softPackets, hardPackets, softAddSeconds, hardAddSeconds, softUseSeconds,
                hardUseSeconds);
    }

    /** {@return these limits, with others of packets} */
    public Lifetime withPackets(long soft, long hard) {
        return new Lifetime(softBytes, hardBytes, soft, hard, softAddSeconds, hardAddSeconds, softUseSeconds,
                hardUseSeconds);
    }

    /** {@return these limits, with others of seconds since it was added} */
    public Lifetime withSecondsSinceAdded(long soft, long hard) {
        return new Lifetime(softBytes, hardBytes, softPackets, hardPackets, soft, hard, softUseSeconds,
                hardUseSeconds);
    }

    /** {@return these limits, with others of seconds since its first use} */
    public Lifetime withSecondsSinceUsed(long soft, long hard) {
        return new Lifetime(softBytes, hardBytes, softPackets, hardPackets, softAddSeconds, hardAddSeconds, soft,
                hard);
    }

    /** {@return the limits that are there} */
    public static Lifetime from(LifetimeDecoder lifetime) {
        return new Lifetime(lifetime.softBytes(), lifetime.hardBytes(), lifetime.softPackets(),
                lifetime.hardPackets(), lifetime.softSecondsSinceAdded(), lifetime.hardSecondsSinceAdded(),
                lifetime.softSecondsSinceUsed(), lifetime.hardSecondsSinceUsed());
    }

    /**
     * Writes the limits.
     *
     * @param lifetime where to; already wrapped
     * @return the size in bytes
     */
    public int encode(LifetimeEncoder lifetime) {
        return lifetime.bytes(softBytes, hardBytes)
                .packets(softPackets, hardPackets)
                .secondsSinceAdded(softAddSeconds, hardAddSeconds)
                .secondsSinceUsed(softUseSeconds, hardUseSeconds)
                .encodedLength();
    }

    /** {@return the limits that there are} */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("limit:");
        limit(text, "bytes", INFINITE, softBytes, hardBytes);
        limit(text, "packets", INFINITE, softPackets, hardPackets);
        limit(text, "add(sec)", 0, softAddSeconds, hardAddSeconds);
        limit(text, "use(sec)", 0, softUseSeconds, hardUseSeconds);
        return text.length() > "limit:".length() ? text.toString() : "limit: none";
    }

    private static void limit(StringBuilder text, String name, long none, long soft, long hard) {
        if (soft != none || hard != none) {
            text.append(' ').append(name).append(" soft ").append(amount(soft, none)).append(" hard ")
                    .append(amount(hard, none));
        }
    }

    private static String amount(long limit, long none) {
        return limit == none ? "(INF)" : Long.toUnsignedString(limit);
    }
}
