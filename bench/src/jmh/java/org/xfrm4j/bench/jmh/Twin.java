package org.xfrm4j.bench.jmh;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The C twin (bench/src/main/c), called once for each batch or run that is measured. For what the functions do see
 * {@code twin.h}. Counts below 0 are thrown as what they are: the kernel's refusal.
 */
@SuppressWarnings("restricted")
final class Twin implements AutoCloseable {
    private static final String LIBRARY = "libxfrm-twin.so";

    private final MemorySegment twin;

    private Twin(MemorySegment twin) {
        this.twin = twin;
    }

    /** Where the build puts it: beside the archive that this class is in. */
    static Path library() {
        String given = System.getProperty("xfrm4j.twin");
        return given != null ? Path.of(given)
                : Path.of(System.getProperty("java.class.path")).toAbsolutePath().resolveSibling("native")
                        .resolve(LIBRARY);
    }

    /** False where there was no C compiler. */
    static boolean isBuilt() {
        return Files.isReadable(library());
    }

    /** A socket of its own. */
    static Twin open() {
        MemorySegment opened;
        try {
            opened = (MemorySegment) Calls.OPEN.invokeExact();
        } catch (Throwable impossible) {
            throw new IllegalStateException(impossible);
        }
        if (opened.equals(MemorySegment.NULL)) {
            throw new IllegalStateException("the C twin got no NETLINK_XFRM socket");
        }
        return new Twin(opened);
    }

    /** {@code struct twin_run}: 7 numbers. */
    static MemorySegment run(Arena arena, int first, int count, Sample.Layout layout, Strategy strategy, int batch,
                             int from, int to) {
        return arena.allocateFrom(JAVA_INT, first, count, layout.ordinal(), strategy.ordinal(), batch, from, to);
    }

    static void nothing() {
        try {
            Calls.NOTHING.invokeExact();
        } catch (Throwable impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    static long getppid(int times) {
        try {
            return (long) Calls.GETPPID.invokeExact(times);
        } catch (Throwable impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    long noops(int times) {
        try {
            return checked((long) Calls.NOOPS.invokeExact(twin, times));
        } catch (Throwable impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    static long encode(MemorySegment out, MemorySegment run, int kind) {
        try {
            return (long) Calls.ENCODE.invokeExact(out, run, kind);
        } catch (Throwable impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    static long encodeDumped(MemorySegment out, MemorySegment dump, MemorySegment run) {
        try {
            return (long) Calls.ENCODE_DUMPED.invokeExact(out, dump, dump.byteSize(), run);
        } catch (Throwable impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    static long decodeDump(MemorySegment dump) {
        try {
            return (long) Calls.DECODE_DUMP.invokeExact(dump, dump.byteSize());
        } catch (Throwable impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    static long decodeAcks(MemorySegment acks, int firstSequence, MemorySegment errors, int count) {
        try {
            return (long) Calls.DECODE_ACKS.invokeExact(acks, acks.byteSize(), firstSequence, errors, count);
        } catch (Throwable impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    long migrate(MemorySegment run) {
        return call(Calls.MIGRATE, run);
    }

    long migrateAsStrongswan(MemorySegment run) {
        return call(Calls.MIGRATE_AS_STRONGSWAN, run);
    }

    long updatePolicies(MemorySegment run) {
        return call(Calls.UPDATE_POLICIES, run);
    }

    long lookUpAbsent(MemorySegment run) {
        return call(Calls.LOOK_UP_ABSENT, run);
    }

    private long call(MethodHandle function, MemorySegment run) {
        try {
            return checked((long) function.invokeExact(twin, run));
        } catch (Throwable impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    long migrateDumped(Twin dumping, MemorySegment run) {
        try {
            return checked((long) Calls.MIGRATE_DUMPED.invokeExact(twin, dumping.twin, run));
        } catch (Throwable impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    long dumpPolicies() {
        try {
            return checked((long) Calls.DUMP_POLICIES.invokeExact(twin));
        } catch (Throwable impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    long dumpSas(int gateway, MemorySegment withGateway) {
        try {
            return checked((long) Calls.DUMP_SAS.invokeExact(twin, gateway, withGateway));
        } catch (Throwable impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static long checked(long count) {
        if (count < 0) {
            throw new IllegalStateException("the C twin failed with errno " + -count);
        }
        return count;
    }

    @Override
    public void close() {
        try {
            Calls.CLOSE.invokeExact(twin);
        } catch (Throwable impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** Linked when first used: a benchmark without C does not need the library. */
    private static final class Calls {
        private static final SymbolLookup LOOKUP = SymbolLookup.libraryLookup(library(), Arena.global());

        static final MethodHandle OPEN = link("open", FunctionDescriptor.of(ADDRESS));
        static final MethodHandle CLOSE = link("close", FunctionDescriptor.ofVoid(ADDRESS));
        static final MethodHandle NOTHING = link("nothing", FunctionDescriptor.ofVoid());
        static final MethodHandle GETPPID = link("getppid", FunctionDescriptor.of(JAVA_LONG, JAVA_INT));
        static final MethodHandle NOOPS = link("noops", FunctionDescriptor.of(JAVA_LONG, ADDRESS, JAVA_INT));
        static final MethodHandle ENCODE =
                link("encode", FunctionDescriptor.of(JAVA_LONG, ADDRESS, ADDRESS, JAVA_INT));
        static final MethodHandle ENCODE_DUMPED =
                link("encode_dumped", FunctionDescriptor.of(JAVA_LONG, ADDRESS, ADDRESS, JAVA_LONG, ADDRESS));
        static final MethodHandle DECODE_DUMP =
                link("decode_dump", FunctionDescriptor.of(JAVA_LONG, ADDRESS, JAVA_LONG));
        static final MethodHandle DECODE_ACKS =
                link("decode_acks", FunctionDescriptor.of(JAVA_LONG, ADDRESS, JAVA_LONG, JAVA_INT, ADDRESS, JAVA_INT));
        static final MethodHandle MIGRATE = run("migrate");
        static final MethodHandle MIGRATE_AS_STRONGSWAN = run("migrate_as_strongswan");
        static final MethodHandle UPDATE_POLICIES = run("update_policies");
        static final MethodHandle LOOK_UP_ABSENT = run("look_up_absent");
        static final MethodHandle MIGRATE_DUMPED =
                link("migrate_dumped", FunctionDescriptor.of(JAVA_LONG, ADDRESS, ADDRESS, ADDRESS));
        static final MethodHandle DUMP_POLICIES = link("dump_policies", FunctionDescriptor.of(JAVA_LONG, ADDRESS));
        static final MethodHandle DUMP_SAS =
                link("dump_sas", FunctionDescriptor.of(JAVA_LONG, ADDRESS, JAVA_INT, ADDRESS));

        private static MethodHandle run(String function) {
            return link(function, FunctionDescriptor.of(JAVA_LONG, ADDRESS, ADDRESS));
        }

        private static MethodHandle link(String function, FunctionDescriptor type) {
            MemorySegment symbol = LOOKUP.find("twin_" + function).orElseThrow(
                    () -> new IllegalStateException(library() + " has no function twin_" + function));
            return Linker.nativeLinker().downcallHandle(symbol, type);
        }
    }

    /** An {@code int} or more that C fills. */
    static MemorySegment ints(Arena arena, int count) {
        return arena.allocate(MemoryLayout.sequenceLayout(count, JAVA_INT));
    }
}
