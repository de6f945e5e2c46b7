package org.xfrm4j.migrate;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/**
 * System calls that the traffic proof needs and the library does not: a thread that moves into a network namespace, and
 * reading from a packet socket.
 */
@SuppressWarnings("restricted") // The module of the tests is the library's, which has native access.
final class NamespaceCalls {
    private static final int CLONE_NEWNET = 0x40000000;
    private static final MethodHandle OPEN = handle("open", ADDRESS, JAVA_INT);
    private static final MethodHandle SETNS = handle("setns", JAVA_INT, JAVA_INT);
    private static final MethodHandle SOCKET = handle("socket", JAVA_INT, JAVA_INT, JAVA_INT);
    private static final MethodHandle BIND = handle("bind", JAVA_INT, ADDRESS, JAVA_INT);
    private static final MethodHandle SETSOCKOPT =
            handle("setsockopt", JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT);
    private static final MethodHandle GETSOCKOPT =
            handle("getsockopt", JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS, ADDRESS);
    private static final MethodHandle RECVFROM = Linker.nativeLinker().downcallHandle(
            Linker.nativeLinker().defaultLookup().find("recvfrom").orElseThrow(),
            FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT, ADDRESS, ADDRESS));
    private static final MethodHandle IF_NAMETOINDEX = handle("if_nametoindex", ADDRESS);
    private static final MethodHandle CLOSE = handle("close", JAVA_INT);

    private NamespaceCalls() {
    }

    private static MethodHandle handle(String name, MemoryLayout... arguments) {
        Linker linker = Linker.nativeLinker();
        return linker.downcallHandle(linker.defaultLookup().find(name).orElseThrow(),
                FunctionDescriptor.of(JAVA_INT, arguments));
    }

    private interface Call {
        long run() throws Throwable;
    }

    private static long call(Call call) {
        try {
            return call.run();
        } catch (RuntimeException | Error failed) {
            throw failed;
        } catch (Throwable impossible) {
            throw new AssertionError(impossible);
        }
    }

    private static int succeeds(String name, long result) {
        if (result < 0) {
            throw new AssertionError(name + " failed");
        }
        return (int) result;
    }

    /** Takes the calling thread into the network namespace of a process, for good. */
    static void enter(long process) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment path = arena.allocateFrom("/proc/" + process + "/ns/net");
            int fd = succeeds("open(/proc/" + process + "/ns/net)", call(() -> (int) OPEN.invokeExact(path, 0)));
            succeeds("setns", call(() -> (int) SETNS.invokeExact(fd, CLONE_NEWNET)));
            call(() -> (int) CLOSE.invokeExact(fd));
        }
    }

    /** The index of a network device in the namespace of the calling thread. */
    static int index(String device) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment name = arena.allocateFrom(device);
            int index = (int) call(() -> (int) IF_NAMETOINDEX.invokeExact(name));
            return succeeds("if_nametoindex(" + device + ")", index == 0 ? -1 : index);
        }
    }

    static int socket(int domain, int type, int protocol) {
        return succeeds("socket", call(() -> (int) SOCKET.invokeExact(domain, type, protocol)));
    }

    static void bind(int socket, MemorySegment address) {
        succeeds("bind", call(() -> (int) BIND.invokeExact(socket, address, (int) address.byteSize())));
    }

    static void set(int socket, int level, int option, MemorySegment value) {
        succeeds("setsockopt", call(() -> (int) SETSOCKOPT.invokeExact(socket, level, option, value,
                (int) value.byteSize())));
    }

    static void get(int socket, int level, int option, MemorySegment value) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment length = arena.allocateFrom(JAVA_INT, (int) value.byteSize());
            succeeds("getsockopt", call(() -> (int) GETSOCKOPT.invokeExact(socket, level, option, value, length)));
        }
    }

    /**
     * Receives a packet.
     *
     * @param flags as of recvfrom(2)
     * @param sender gets the address
     * @param senderLength its length; the size of {@code sender} before
     * @return the length of what was received; negative when nothing was in time
     */
    static int receive(int socket, MemorySegment into, int flags, MemorySegment sender, MemorySegment senderLength) {
        return (int) call(() -> (long) RECVFROM.invokeExact(socket, into, into.byteSize(), flags, sender,
                senderLength));
    }

    static void close(int socket) {
        call(() -> (int) CLOSE.invokeExact(socket));
    }
}
