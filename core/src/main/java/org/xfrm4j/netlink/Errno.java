package org.xfrm4j.netlink;

/**
 * Linux error numbers by name: the numbers of {@code asm-generic/errno-base.h} and {@code errno.h}, which x86-64 and
 * aarch64 share.
 */
public final class Errno {
    /** Operation not permitted. */
    public static final int EPERM = 1;
    /** No such file or directory. */
    public static final int ENOENT = 2;
    /** No such process; XFRM: no such SA. */
    public static final int ESRCH = 3;
    /** Interrupted system call. */
    public static final int EINTR = 4;
    /** No such device or address. */
    public static final int ENXIO = 6;
    /** Try again; for a socket that does not wait: nothing there. */
    public static final int EAGAIN = 11;
    /** Out of memory. */
    public static final int ENOMEM = 12;
    /** Permission denied. */
    public static final int EACCES = 13;
    /** Device or resource busy. */
    public static final int EBUSY = 16;
    /** File exists; XFRM: the SA exists. */
    public static final int EEXIST = 17;
    /** No such device. */
    public static final int ENODEV = 19;
    /** Invalid argument. */
    public static final int EINVAL = 22;
    /** Numerical result out of range. */
    public static final int ERANGE = 34;
    /** Function not implemented. */
    public static final int ENOSYS = 38;
    /** Message too long. */
    public static final int EMSGSIZE = 90;
    /** Protocol not available; XFRM: configured out of the kernel. */
    public static final int ENOPROTOOPT = 92;
    /** Protocol not supported. */
    public static final int EPROTONOSUPPORT = 93;
    /** Operation not supported. */
    public static final int EOPNOTSUPP = 95;
    /** Address family not supported. */
    public static final int EAFNOSUPPORT = 97;
    /** Address already in use. */
    public static final int EADDRINUSE = 98;
    /** No buffer space; netlink: replies were dropped because the receive buffer was full. */
    public static final int ENOBUFS = 105;

    private static final String[] NAMES = names();

    private Errno() {
    }

    /**
     * The symbol of an error number.
     *
     * @param errno a positive error number
     * @return for instance {@code EEXIST}; {@code errno 4711} for a number that has no name here
     */
    public static String name(int errno) {
        String name = errno > 0 && errno < NAMES.length ? NAMES[errno] : null;
        return name != null ? name : "errno " + errno;
    }

    /**
     * Symbol and number, as error messages give them.
     *
     * @param errno a positive error number
     * @return for instance {@code EEXIST (17)}
     */
    public static String describe(int errno) {
        return errno > 0 && errno < NAMES.length && NAMES[errno] != null ? NAMES[errno] + " (" + errno + ")"
                : name(errno);
    }

    private static String[] names() {
        String[] names = new String[134];
        put(names, 1, "EPERM ENOENT ESRCH EINTR EIO ENXIO E2BIG ENOEXEC EBADF ECHILD EAGAIN ENOMEM EACCES EFAULT"
                + " ENOTBLK EBUSY EEXIST EXDEV ENODEV ENOTDIR EISDIR EINVAL ENFILE EMFILE ENOTTY ETXTBSY EFBIG ENOSPC"
                + " ESPIPE EROFS EMLINK EPIPE EDOM ERANGE EDEADLK ENAMETOOLONG ENOLCK ENOSYS ENOTEMPTY ELOOP");
        put(names, 42, "ENOMSG EIDRM");
        put(names, 61, "ENODATA ETIME");
        put(names, 71, "EPROTO");
        put(names, 74, "EBADMSG EOVERFLOW");
        put(names, 84, "EILSEQ");
        put(names, 88, "ENOTSOCK EDESTADDRREQ EMSGSIZE EPROTOTYPE ENOPROTOOPT EPROTONOSUPPORT ESOCKTNOSUPPORT"
                + " EOPNOTSUPP EPFNOSUPPORT EAFNOSUPPORT EADDRINUSE EADDRNOTAVAIL ENETDOWN ENETUNREACH ENETRESET"
                + " ECONNABORTED ECONNRESET ENOBUFS EISCONN ENOTCONN ESHUTDOWN ETOOMANYREFS ETIMEDOUT ECONNREFUSED"
                + " EHOSTDOWN EHOSTUNREACH EALREADY EINPROGRESS ESTALE");
        put(names, 125, "ECANCELED ENOKEY EKEYEXPIRED EKEYREVOKED EKEYREJECTED");
        return names;
    }

    private static void put(String[] names, int first, String symbols) {
        int number = first;
        for (String symbol : symbols.split(" ")) {
            names[number++] = symbol;
        }
    }
}
