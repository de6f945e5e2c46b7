package org.xfrm4j.netlink;

/**
 * The library cannot make system calls here: another platform, or the JVM does not permit native access. The message
 * says which, and names the JVM's flag where one helps. Thrown when a socket is opened, never later.
 */
public final class NativeAccessException extends NetlinkException {
    private static final long serialVersionUID = 1L;

    NativeAccessException(String message) {
        super(message, 0);
    }

    NativeAccessException(String message, Throwable cause) {
        super(message, 0, cause);
    }
}
