package org.xfrm4j.migrate;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Bytes that a plan keeps, outside the heap: what is appended stays at its offset. Grows by doubling. Any thread may
 * read, one appends.
 */
final class NativeStore implements AutoCloseable {
    private static final long FIRST_BYTES = 64 * 1024;
    private static final int ALIGNMENT = 8;

    private Arena arena = Arena.ofShared();
    private MemorySegment segment = arena.allocate(FIRST_BYTES, ALIGNMENT);
    private long end;

    /** Where everything stands; another segment after each {@link #reserve}. */
    MemorySegment segment() {
        return segment;
    }

    /** Makes room behind what is there, and returns where. */
    long reserve(long bytes) {
        if (end + bytes > segment.byteSize()) {
            grow(end + bytes);
        }
        return end;
    }

    /** Keeps so many of the bytes reserved; what comes next is aligned to 8. */
    void keep(long bytes) {
        end += (bytes + ALIGNMENT - 1) & -ALIGNMENT;
    }

    /** Appends a copy. */
    long append(MemorySegment source, long offset, long bytes) {
        long at = reserve(bytes + ALIGNMENT);
        MemorySegment.copy(source, offset, segment, at, bytes);
        keep(bytes);
        return at;
    }

    long bytes() {
        return end;
    }

    private void grow(long least) {
        Arena larger = Arena.ofShared();
        MemorySegment copy = larger.allocate(Math.max(2 * segment.byteSize(), least + FIRST_BYTES), ALIGNMENT);
        MemorySegment.copy(segment, 0, copy, 0, end);
        arena.close();
        arena = larger;
        segment = copy;
    }

    @Override
    public void close() {
        arena.close();
    }
}
