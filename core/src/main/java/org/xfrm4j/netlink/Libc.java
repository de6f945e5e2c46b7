package org.xfrm4j.netlink;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.util.Arrays;

/**
 * The system calls, and the only place in the library that uses restricted methods of the FFM API.
 *
 * <p>Each call returns what the C library's function returns; −1 means that {@link #errno} of the {@code state}
 * segment holds the reason. The segment belongs to one thread at a time and is valid only right after a failure.
 * No call is linked as critical: all may block, and a blocked critical call would hold up the garbage collector.
 *
 * <p>Call {@link #requireAvailable()} before anything else: only then can a missing permission be told in words
 * instead of as an error of class initialisation.
 */
@SuppressWarnings("restricted")
final class Libc {

    /** What a caller allocates for the {@code state} argument. */
    static final StructLayout CAPTURE_STATE = Linker.Option.captureStateLayout();

    private static final VarHandle ERRNO =
            CAPTURE_STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));

    private static final String[] SYMBOLS = {
        "socket", "open", "setns", "bind", "connect", "getsockname", "setsockopt", "getsockopt", "send", "recv",
        "recvmmsg", "poll", "close"};

    private Libc() {
    }

    /**
     * Makes sure that system calls can be made.
     *
     * @throws NativeAccessException when the platform is not one that the library knows, or native access is denied
     */
    static void requireAvailable() {
        requirePlatform(System.getProperty("os.name"), System.getProperty("os.arch"));
        requireAccess();
        requireSymbols();
    }

    /** The structures below are laid out as on these two: 64 bits, and errno numbers of the generic table. */
    static void requirePlatform(String os, String architecture) {
        boolean known = os.equals("Linux") && (architecture.equals("amd64") || architecture.equals("aarch64"));
        if (!known) {
            throw new NativeAccessException(
                    "xfrm4j runs on Linux on x86-64 or aarch64, not on " + os + " on " + architecture);
        }
    }

    private static void requireAccess() {
        try {
            // The cheapest of the restricted methods: it changes nothing.
            MemorySegment.NULL.reinterpret(0);
        } catch (IllegalCallerException denied) {
            Module module = Libc.class.getModule();
            throw new NativeAccessException("native access is not enabled; start Java with --enable-native-access="
                    + (module.isNamed() ? module.getName() : "ALL-UNNAMED"), denied);
        }
    }

    private static void requireSymbols() {
        SymbolLookup lookup = Linker.nativeLinker().defaultLookup();
        for (String symbol : SYMBOLS) {
            if (lookup.find(symbol).isEmpty()) {
                throw new NativeAccessException("the C library has no function " + symbol);
            }
        }
    }

    /** The error number that the call which has just failed left in {@code state}. */
    static int errno(MemorySegment state) {
        return (int) ERRNO.get(state, 0L);
    }

    static int socket(MemorySegment state, int domain, int type, int protocol) {
        try {
            return (int) Socket.CALL.invokeExact(state, domain, type, protocol);
        } catch (Throwable impossible) {
            throw unexpected(impossible);
        }
    }

    static int open(MemorySegment state, MemorySegment path, int flags) {
        try {
            return (int) Open.CALL.invokeExact(state, path, flags);
        } catch (Throwable impossible) {
            throw unexpected(impossible);
        }
    }

    static int setns(MemorySegment state, int fd, int type) {
        try {
            return (int) Setns.CALL.invokeExact(state, fd, type);
        } catch (Throwable impossible) {
            throw unexpected(impossible);
        }
    }

    static int bind(MemorySegment state, int fd, MemorySegment address, int length) {
        try {
            return (int) Bind.CALL.invokeExact(state, fd, address, length);
        } catch (Throwable impossible) {
            throw unexpected(impossible);
        }
    }

    static int connect(MemorySegment state, int fd, MemorySegment address, int length) {
        try {
            return (int) Connect.CALL.invokeExact(state, fd, address, length);
        } catch (Throwable impossible) {
            throw unexpected(impossible);
        }
    }

    static int getsockname(MemorySegment state, int fd, MemorySegment address, MemorySegment length) {
        try {
            return (int) Getsockname.CALL.invokeExact(state, fd, address, length);
        } catch (Throwable impossible) {
            throw unexpected(impossible);
        }
    }

    static int setsockopt(MemorySegment state, int fd, int level, int option, MemorySegment value, int length) {
        try {
            return (int) Setsockopt.CALL.invokeExact(state, fd, level, option, value, length);
        } catch (Throwable impossible) {
            throw unexpected(impossible);
        }
    }

    static int getsockopt(MemorySegment state, int fd, int level, int option, MemorySegment value,
                          MemorySegment length) {
        try {
            return (int) Getsockopt.CALL.invokeExact(state, fd, level, option, value, length);
        } catch (Throwable impossible) {
            throw unexpected(impossible);
        }
    }

    static long send(MemorySegment state, int fd, MemorySegment buffer, long length, int flags) {
        try {
            return (long) Send.CALL.invokeExact(state, fd, buffer, length, flags);
        } catch (Throwable impossible) {
            throw unexpected(impossible);
        }
    }

    static long recv(MemorySegment state, int fd, MemorySegment buffer, long length, int flags) {
        try {
            return (long) Recv.CALL.invokeExact(state, fd, buffer, length, flags);
        } catch (Throwable impossible) {
            throw unexpected(impossible);
        }
    }

    static int recvmmsg(MemorySegment state, int fd, MemorySegment messages, int count, int flags) {
        try {
            return (int) Recvmmsg.CALL.invokeExact(state, fd, messages, count, flags, MemorySegment.NULL);
        } catch (Throwable impossible) {
            throw unexpected(impossible);
        }
    }

    static int poll(MemorySegment state, MemorySegment descriptors, long count, int timeoutMillis) {
        try {
            return (int) Poll.CALL.invokeExact(state, descriptors, count, timeoutMillis);
        } catch (Throwable impossible) {
            throw unexpected(impossible);
        }
    }

    static int close(MemorySegment state, int fd) {
        try {
            return (int) Close.CALL.invokeExact(state, fd);
        } catch (Throwable impossible) {
            throw unexpected(impossible);
        }
    }

    /** A downcall itself throws only for a use that the types above rule out, or an error of the JVM. */
    private static RuntimeException unexpected(Throwable thrown) {
        if (thrown instanceof Error error) {
            throw error;
        }
        if (thrown instanceof RuntimeException runtime) {
            return runtime; // WrongThreadException, IllegalStateException of a closed arena
        }
        return new IllegalStateException("a downcall threw", thrown);
    }

    /** Links a function that {@link #requireSymbols} has found. */
    private static MethodHandle link(String symbol, FunctionDescriptor type, Linker.Option... more) {
        Linker linker = Linker.nativeLinker();
        Linker.Option[] options = Arrays.copyOf(more, more.length + 1);
        options[more.length] = Linker.Option.captureCallState("errno");
        return linker.downcallHandle(linker.defaultLookup().find(symbol).orElseThrow(), type, options);
    }

    // Each stands in a class of its own, and so is linked when it is first called: that takes milliseconds, of which a
    // command of the command line has few, and none calls all.

    private static final class Socket {
        static final MethodHandle CALL = link("socket", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT));
    }

    private static final class Open {
        static final MethodHandle CALL =
                link("open", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT), Linker.Option.firstVariadicArg(2));
    }

    private static final class Setns {
        static final MethodHandle CALL = link("setns", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT));
    }

    private static final class Bind {
        static final MethodHandle CALL = link("bind", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT));
    }

    private static final class Connect {
        static final MethodHandle CALL =
                link("connect", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT));
    }

    private static final class Getsockname {
        static final MethodHandle CALL =
                link("getsockname", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, ADDRESS));
    }

    private static final class Setsockopt {
        static final MethodHandle CALL =
                link("setsockopt", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT));
    }

    private static final class Getsockopt {
        static final MethodHandle CALL =
                link("getsockopt", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS, ADDRESS));
    }

    private static final class Send {
        static final MethodHandle CALL =
                link("send", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT));
    }

    private static final class Recv {
        static final MethodHandle CALL =
                link("recv", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT));
    }

    private static final class Recvmmsg {
        static final MethodHandle CALL =
                link("recvmmsg", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT, ADDRESS));
    }

    private static final class Poll {
        static final MethodHandle CALL = link("poll", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT));
    }

    private static final class Close {
        static final MethodHandle CALL = link("close", FunctionDescriptor.of(JAVA_INT, JAVA_INT));
    }
}
