package org.xfrm4j.sa;

import org.xfrm4j.bindings.xfrm4j_h;
import org.xfrm4j.wire.AttributeEncoder;
import org.xfrm4j.wire.SaDecoder;

/**
 * What an SA of {@link Mode#IPTFS} has more (RFC 9347). What is null is left to the kernel.
 *
 * @param dropTime incoming: microseconds to wait for the next packet in order
 * @param reorderWindow incoming: size of the reorder window, in packets
 * @param dontFragment outgoing: never fragment
 * @param initDelay outgoing: microseconds that the first packet waits for others
 * @param maxQueueSize outgoing: most bytes that wait
 * @param packetSize outgoing: size of the outer packet in bytes; 0 for the path's MTU
 */
public record Iptfs(
        Integer dropTime,
        Integer reorderWindow,
        boolean dontFragment,
        Integer initDelay,
        Integer maxQueueSize,
        Integer packetSize) {
    /**
     * Checks the fields.
     *
     * @throws IllegalArgumentException if the reorder window has more than 16 bits
     */
    public Iptfs {
        if (reorderWindow != null) {
            Check.range("iptfs reorder window", reorderWindow, 0, 0xffff);
        }
    }

    /** {@return the options of an incoming SA} */
    public static Iptfs incoming(Integer dropTime, Integer reorderWindow) {
        return new Iptfs(dropTime, reorderWindow, false, null, null, null);
    }

    /** {@return the options of an outgoing SA} */
    public static Iptfs outgoing(boolean dontFragment, Integer initDelay, Integer maxQueueSize, Integer packetSize) {
        return new Iptfs(null, null, dontFragment, initDelay, maxQueueSize, packetSize);
    }

    /** {@return the options that are there, or null if there is none} */
    public static Iptfs from(SaDecoder sa) {
        Iptfs options = new Iptfs(
                u32(sa, xfrm4j_h.XFRMA_IPTFS_DROP_TIME()),
                sa.has(xfrm4j_h.XFRMA_IPTFS_REORDER_WINDOW()) ? sa.u16(xfrm4j_h.XFRMA_IPTFS_REORDER_WINDOW()) : null,
                sa.has(xfrm4j_h.XFRMA_IPTFS_DONT_FRAG()),
                u32(sa, xfrm4j_h.XFRMA_IPTFS_INIT_DELAY()),
                u32(sa, xfrm4j_h.XFRMA_IPTFS_MAX_QSIZE()),
                u32(sa, xfrm4j_h.XFRMA_IPTFS_PKT_SIZE()));
        return options.equals(outgoing(false, null, null, null)) ? null : options;
    }

    private static Integer u32(SaDecoder sa, int type) {
        return sa.has(type) ? sa.u32(type, 0) : null;
    }

    /**
     * Appends {@code XFRMA_IPTFS_…}.
     *
     * @param attributes where to
     */
    public void encode(AttributeEncoder attributes) {
        put(attributes, xfrm4j_h.XFRMA_IPTFS_DROP_TIME(), dropTime);
        if (reorderWindow != null) {
            attributes.putU16(xfrm4j_h.XFRMA_IPTFS_REORDER_WINDOW(), reorderWindow);
        }
        if (dontFragment) {
            attributes.putFlag(xfrm4j_h.XFRMA_IPTFS_DONT_FRAG());
        }
        put(attributes, xfrm4j_h.XFRMA_IPTFS_INIT_DELAY(), initDelay);
        put(attributes, xfrm4j_h.XFRMA_IPTFS_MAX_QSIZE(), maxQueueSize);
        put(attributes, xfrm4j_h.XFRMA_IPTFS_PKT_SIZE(), packetSize);
    }

    private static void put(AttributeEncoder attributes, int type, Integer value) {
        if (value != null) {
            attributes.putU32(type, value);
        }
    }

    /** {@return the options as {@code ip xfrm} prints them} */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("iptfs-opts");
        if (dontFragment) {
            text.append(" dont-frag");
        }
        option(text, "pkt-size", packetSize);
        option(text, "max-queue-size", maxQueueSize);
        option(text, "drop-time", dropTime);
        option(text, "reorder-window", reorderWindow);
        option(text, "init-delay", initDelay);
        return text.toString();
    }

    private static void option(StringBuilder text, String name, Integer value) {
        if (value != null) {
            text.append(' ').append(name).append(' ').append(Integer.toUnsignedString(value));
        }
    }
}
