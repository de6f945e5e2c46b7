package org.xfrm4j.migrate;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * Bytes that a plan keeps, outside the heap: what is appended stays at its offset, and in one piece. Grows by chunks, so
 * that nothing is ever copied, and a decoder that points there keeps pointing at it. Any thread may read, one appends.
 */
final class NativeStore implements AutoCloseable {
    private static final int CHUNK_BITS = 17;
    /** The most that can be appended at once. */
    static final long CHUNK_BYTES = 1L << CHUNK_BITS;
    private static final int ALIGNMENT = 8;

    private final Arena arena = Arena.ofShared();
    private MemorySegment[] chunks = new MemorySegment[8];
    private int chunkCount;
    private long end;

    /** Where what was appended or reserved at an offset stands, at {@link #within} of it. */
    MemorySegment segment(long at) {
        return chunks[(int) (at >>> CHUNK_BITS)];
    }

    /** Where in its segment an offset is. */
    static long within(long at) {
        return at & CHUNK_BYTES - 1;
    }

    /** A chunk, by its number from 0. */
    MemorySegment chunk(int number) {
        return chunks[number];
    }

    /** Makes room behind what is there, in one piece, and returns where. */
    long reserve(long bytes) {
        if (bytes > CHUNK_BYTES) {
            throw new IllegalArgumentException(bytes + " bytes at once, where a chunk has " + CHUNK_BYTES);
        }
        if (within(end) + bytes > CHUNK_BYTES) {
            end = (end | CHUNK_BYTES - 1) + 1;
        }
        if (end >>> CHUNK_BITS == chunkCount) {
            addChunk();
        }
        return end;
    }

    private void addChunk() {
        if (chunkCount == chunks.length) {
            chunks = Arrays.copyOf(chunks, 2 * chunkCount);
        }
        chunks[chunkCount++] = arena.allocate(CHUNK_BYTES, ALIGNMENT);
    }

    /** Keeps so many of the bytes reserved; what comes next is aligned to 8. */
    void keep(long bytes) {
        end += (bytes + ALIGNMENT - 1) & -ALIGNMENT;
    }

    /** Appends a copy. */
    long append(MemorySegment source, long offset, long bytes) {
        long at = reserve(bytes);
        MemorySegment.copy(source, offset, segment(at), within(at), bytes);
        keep(bytes);
        return at;
    }

    @Override
    public void close() {
        arena.close();
    }
}
