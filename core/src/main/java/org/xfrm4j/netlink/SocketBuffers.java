package org.xfrm4j.netlink;

/**
 * The socket buffers to ask the kernel for. It doubles each, and caps it at {@code net.core.rmem_max} and
 * {@code wmem_max} where the caller lacks CAP_NET_ADMIN; what it granted is read back and bounds every batch.
 *
 * @param receiveBytes what replies are queued in; each reply is charged about 1 KiB
 * @param sendBytes bounds the bytes of one batch
 */
public record SocketBuffers(int receiveBytes, int sendBytes) {
    /** 4 MiB for replies, 1 MiB to send. */
    public static final SocketBuffers DEFAULT = new SocketBuffers(4 << 20, 1 << 20);

    /**
     * Checks that both are positive.
     *
     * @throws IllegalArgumentException if one is not
     */
    public SocketBuffers {
        if (receiveBytes <= 0 || sendBytes <= 0) {
            throw new IllegalArgumentException(
                    "buffer sizes must be positive: receive " + receiveBytes + ", send " + sendBytes);
        }
    }
}
