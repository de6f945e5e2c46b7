package org.xfrm4j.netlink;

/** Which messages of a batch ask for an acknowledgement. The kernel reports an error in every case. */
public enum Acknowledge {
    /**
     * Only the last. The kernel handles messages in order and queues its answers in order, so when the last one's
     * acknowledgement is read, every error before it has been read: exact, with the fewest system calls. A text on
     * success (a warning) is seen for the last message only.
     */
    ERRORS_AND_LAST,
    /** Each message: as exact and dearer; every warning is seen. */
    EVERY
}
