package org.xfrm4j.bench.jmh;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/**
 * NETLINK_XFRM as one writes it first: for each message an arena, memory for it, a system call, memory for the answer,
 * another system call. Right, and what the library is not.
 */
@SuppressWarnings("restricted")
final class NaiveSocket implements AutoCloseable {
    private static final int AF_NETLINK = 16;
    private static final int SOCK_RAW = 3;
    private static final int NETLINK_XFRM = 6;
    private static final int ANSWER_BYTES = 8192;
    private static final int ERROR_AT = 16;

    private static final MethodHandle SOCKET =
            link("socket", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT));
    private static final MethodHandle SEND =
            link("send", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT));
    private static final MethodHandle RECV =
            link("recv", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT));
    private static final MethodHandle CLOSE = link("close", FunctionDescriptor.of(JAVA_INT, JAVA_INT));

    private final int fd;

    /** Writes a message without its header, and returns its length. */
    interface Payload {
        int write(MemorySegment memory, long offset);
    }

    NaiveSocket() {
        try {
            fd = (int) SOCKET.invokeExact(AF_NETLINK, SOCK_RAW, NETLINK_XFRM);
        } catch (Throwable impossible) {
            throw new IllegalStateException(impossible);
        }
        if (fd < 0) {
            throw new IllegalStateException("no NETLINK_XFRM socket");
        }
    }

    private static MethodHandle link(String name, FunctionDescriptor type) {
        Linker linker = Linker.nativeLinker();
        return linker.downcallHandle(linker.defaultLookup().find(name).orElseThrow(), type);
    }

    /** Sends one message; the error number of its answer, 0 when done. */
    int ask(int type, int room, Payload payload) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment message = arena.allocate(ERROR_AT + room, Long.BYTES);
            int length = ERROR_AT + payload.write(message, ERROR_AT);
            message.set(JAVA_INT, 0, length);
            message.set(JAVA_INT, 4, type | 5 << 16); // NLM_F_REQUEST and NLM_F_ACK
            MemorySegment answer = arena.allocate(ANSWER_BYTES, Long.BYTES);
            long sent = (long) SEND.invokeExact(fd, message, (long) length, 0);
            long received = (long) RECV.invokeExact(fd, answer, answer.byteSize(), 0);
            if (sent != length || received < ERROR_AT + Integer.BYTES) {
                throw new IllegalStateException("sent " + sent + ", received " + received);
            }
            return -answer.get(JAVA_INT, ERROR_AT);
        } catch (RuntimeException | Error failed) {
            throw failed;
        } catch (Throwable impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    @Override
    public void close() {
        try {
            int ignored = (int) CLOSE.invokeExact(fd);
        } catch (Throwable impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
