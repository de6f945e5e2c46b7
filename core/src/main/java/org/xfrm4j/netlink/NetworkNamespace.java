package org.xfrm4j.netlink;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.Objects;

/**
 * Which network namespace a socket is opened in. A socket stays in the namespace in which it was opened, whatever the
 * thread does later. To open one in another namespace than the thread's own needs CAP_SYS_ADMIN in both.
 *
 * <p>The calling thread never leaves its namespace: a short-lived thread enters the other one ({@code setns}), opens
 * the socket there, and ends. So nothing has to be undone when something fails, and a virtual thread can call this as
 * well: had its carrier entered the namespace, and were it then to go on with another virtual thread, that one would
 * find itself elsewhere.
 *
 * <p>A value: it names the namespace and does not hold it. A name that is given to another namespace means that one
 * from then on.
 */
public final class NetworkNamespace {
    /** Where {@code ip netns add} puts them. */
    private static final Path NAMED = Path.of("/run/netns");
    private static final NetworkNamespace CURRENT = new NetworkNamespace(null, "the current network namespace");

    private static final int O_RDONLY_CLOEXEC = 0x80000;
    private static final int CLONE_NEWNET = 0x40000000;

    /** The file that stands for it; null for that of the calling thread. */
    private final Path path;
    private final String text;

    private NetworkNamespace(Path path, String text) {
        this.path = path;
        this.text = text;
    }

    /** {@return the one in which the calling thread is, whenever a socket is opened} */
    public static NetworkNamespace current() {
        return CURRENT;
    }

    /**
     * The one that {@code ip netns} knows by a name.
     *
     * @param name a file name in {@code /run/netns}
     * @return the namespace
     * @throws IllegalArgumentException if it is none
     */
    public static NetworkNamespace named(String name) {
        if (name.isEmpty() || name.equals(".") || name.equals("..") || name.indexOf('/') >= 0
                || name.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("network namespace: \"" + name + "\" is not the name of one");
        }
        return new NetworkNamespace(NAMED.resolve(name), "network namespace " + name);
    }

    /**
     * The one in which a process is.
     *
     * @param pid the number of the process, as the calling process sees it
     * @return the namespace
     * @throws IllegalArgumentException if it is not positive
     */
    public static NetworkNamespace ofProcess(long pid) {
        if (pid <= 0) {
            throw new IllegalArgumentException("network namespace: " + pid + " is not the number of a process");
        }
        return new NetworkNamespace(Path.of("/proc", Long.toString(pid), "ns", "net"),
                "network namespace of process " + pid);
    }

    /**
     * The one that a file stands for.
     *
     * @param file for instance {@code /proc/self/task/4711/ns/net}, or something that such a file was mounted on
     * @return the namespace
     */
    public static NetworkNamespace at(Path file) {
        return new NetworkNamespace(Objects.requireNonNull(file, "file"), "network namespace " + file);
    }

    /**
     * Opens a socket in it.
     *
     * @return its descriptor, or the negative error number of {@code socket}
     * @throws NetlinkException when the namespace cannot be entered
     */
    int socket(int domain, int type, int protocol) {
        if (path == null) {
            try (Arena arena = Arena.ofConfined()) {
                return socket(arena.allocate(Libc.CAPTURE_STATE), domain, type, protocol);
            }
        }
        Visit visit = new Visit(domain, type, protocol);
        Thread visitor = Thread.ofPlatform().name("xfrm4j-namespace").daemon().unstarted(visit);
        visitor.start();
        await(visitor);
        return visit.result();
    }

    private static int socket(MemorySegment state, int domain, int type, int protocol) {
        int fd = Libc.socket(state, domain, type, protocol);
        return fd < 0 ? -Libc.errno(state) : fd;
    }

    /** An interrupt must not lose the descriptor that is about to be opened. */
    private static void await(Thread visitor) {
        boolean interrupted = false;
        while (true) {
            try {
                visitor.join();
                break;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** What the thread does that enters the namespace, and never comes back from it. */
    private final class Visit implements Runnable {
        private final int domain;
        private final int type;
        private final int protocol;
        private int fd;
        private Throwable failure;

        Visit(int domain, int type, int protocol) {
            this.domain = domain;
            this.type = type;
            this.protocol = protocol;
        }

        @Override
        public void run() {
            try (Arena arena = Arena.ofConfined()) {
                MemorySegment state = arena.allocate(Libc.CAPTURE_STATE);
                enter(state, arena.allocateFrom(path.toString()));
                fd = socket(state, domain, type, protocol);
            } catch (RuntimeException | Error failed) {
                failure = failed;
            }
        }

        private void enter(MemorySegment state, MemorySegment file) {
            int namespace = Libc.open(state, file, O_RDONLY_CLOEXEC);
            if (namespace < 0) {
                throw failed("open(" + path + ")", Libc.errno(state));
            }
            int result = Libc.setns(state, namespace, CLONE_NEWNET);
            int errno = Libc.errno(state);
            Libc.close(state, namespace);
            if (result != 0) {
                throw failed("setns(" + path + ")", errno);
            }
        }

        private NetlinkException failed(String call, int errno) {
            String hint = switch (errno) {
                case Errno.ENOENT -> ": there is none";
                case Errno.EINVAL -> ": that file does not stand for one";
                case Errno.EPERM, Errno.EACCES -> ": CAP_SYS_ADMIN is needed, in it and in the current one";
                default -> "";
            };
            return new NetlinkException(text + " cannot be entered: " + call + " failed: " + Errno.describe(errno)
                    + hint, errno);
        }

        /** Read after the thread has ended. The failure is thrown anew, so that the stack is the caller's. */
        int result() {
            if (failure instanceof NetlinkException refused) {
                throw new NetlinkException(refused.getMessage(), refused.errno(), refused);
            }
            if (failure != null) {
                throw new IllegalStateException(text + " cannot be entered", failure);
            }
            return fd;
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof NetworkNamespace namespace && Objects.equals(path, namespace.path);
    }

    @Override
    public int hashCode() {
        return Objects.hashCode(path);
    }

    /** {@return for instance {@code network namespace vpn}} */
    @Override
    public String toString() {
        return text;
    }
}
