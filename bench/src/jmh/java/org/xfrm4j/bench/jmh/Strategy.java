package org.xfrm4j.bench.jmh;

import org.xfrm4j.netlink.Acknowledge;

/** How messages go to the kernel; in the order of the C twin's {@code enum twin_strategy}. */
public enum Strategy {
    /** One message, and its acknowledgement. */
    SINGLE(Acknowledge.EVERY),
    /** A batch, every message acknowledged. */
    ALL_ACKED(Acknowledge.EVERY),
    /** A batch, errors and the last acknowledgement only. */
    LAST_ACKED(Acknowledge.ERRORS_AND_LAST);

    private final Acknowledge acknowledge;

    Strategy(Acknowledge acknowledge) {
        this.acknowledge = acknowledge;
    }

    Acknowledge acknowledge() {
        return acknowledge;
    }
}
