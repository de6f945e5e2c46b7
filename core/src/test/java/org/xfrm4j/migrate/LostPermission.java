package org.xfrm4j.migrate;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/** Takes CAP_NET_ADMIN from the calling thread, and gives it back: capabilities are each thread's own (capset(2)). */
@SuppressWarnings("restricted") // The module of the tests is the library's, which has native access.
final class LostPermission {
    private static final int VERSION_3 = 0x20080522;
    private static final int NET_ADMIN = 1 << 12;
    private static final int EFFECTIVE = 0;
    private static final FunctionDescriptor CALL =
            FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.ADDRESS);
    private static final MethodHandle CAPGET = handle("capget");
    private static final MethodHandle CAPSET = handle("capset");

    private LostPermission() {
    }

    private static MethodHandle handle(String name) {
        Linker linker = Linker.nativeLinker();
        return linker.downcallHandle(linker.defaultLookup().find(name).orElseThrow(), CALL);
    }

    static void lose() {
        set(false);
    }

    static void regain() {
        set(true);
    }

    private static void set(boolean admin) {
        try (Arena arena = Arena.ofConfined()) {
            // struct __user_cap_header_struct: version, pid; and two times effective, permitted, inheritable.
            MemorySegment header = arena.allocate(8, 4);
            header.set(ValueLayout.JAVA_INT, 0, VERSION_3);
            MemorySegment data = arena.allocate(24, 4);
            int got = (int) CAPGET.invokeExact(header, data);
            int effective = data.get(ValueLayout.JAVA_INT, EFFECTIVE);
            data.set(ValueLayout.JAVA_INT, EFFECTIVE, admin ? effective | NET_ADMIN : effective & ~NET_ADMIN);
            int put = (int) CAPSET.invokeExact(header, data);
            if (got != 0 || put != 0) {
                throw new AssertionError("capget " + got + ", capset " + put);
            }
        } catch (RuntimeException | Error failed) {
            throw failed;
        } catch (Throwable impossible) {
            throw new AssertionError(impossible);
        }
    }
}
