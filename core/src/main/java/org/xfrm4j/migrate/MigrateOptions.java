package org.xfrm4j.migrate;

import org.xfrm4j.netlink.Acknowledge;

/**
 * How moves are sent.
 *
 * @param batchSize the most moves of one system call. During one the kernel serves nobody else in the network
 *     namespace, an IKE daemon included, for about 5 µs to 30 µs a move. The gain of batching levels off between 32 and
 *     256
 * @param acknowledge which moves ask for an acknowledgement; each outcome is exact in both cases
 */
public record MigrateOptions(int batchSize, Acknowledge acknowledge) {
    /** 128 moves a batch, acknowledged together. */
    public static final MigrateOptions DEFAULT = new MigrateOptions(128, Acknowledge.ERRORS_AND_LAST);

    /**
     * Checks the batch size.
     *
     * @throws IllegalArgumentException if it is not from 1 to 65 536
     */
    public MigrateOptions {
        if (batchSize < 1 || batchSize > 65_536) {
            throw new IllegalArgumentException("batchSize: " + batchSize + ", not from 1 to 65536");
        }
    }
}
