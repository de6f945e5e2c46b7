package org.xfrm4j.netlink;

/**
 * What stops a whole operation: a system call that failed, a refused request that was sent on its own, an answer that
 * cannot be understood. In a batch a refused message is no exception but data ({@link BatchResults}).
 */
public class NetlinkException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** The kernel's error number. */
    private final int errno;

    /**
     * An exception with the kernel's error number, or 0.
     *
     * @param message what was attempted, and why it failed
     * @param errno the kernel's positive error number; 0 where there is none
     */
    public NetlinkException(String message, int errno) {
        super(message);
        this.errno = errno;
    }

    /**
     * An exception with a cause.
     *
     * @param message what was attempted, and why it failed
     * @param errno the kernel's positive error number; 0 where there is none
     * @param cause what made it fail
     */
    public NetlinkException(String message, int errno, Throwable cause) {
        super(message, cause);
        this.errno = errno;
    }

    static NetlinkException ofCall(String call, int errno) {
        return new NetlinkException(call + " failed: " + Errno.describe(errno), errno);
    }

    /**
     * The kernel's positive error number ({@link Errno}), or 0 where no system call or request failed.
     *
     * @return the number, in the numbering of the generic Linux table
     */
    public final int errno() {
        return errno;
    }
}
