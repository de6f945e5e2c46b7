package org.xfrm4j.wire;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Native memory for tests: full of 0xFF, so that what was not written shows. */
final class Memory {
    /** 4-aligned and not 8-aligned, as a message in a batch may be. */
    static final long OFFSET = 20;

    private Memory() {
    }

    static MemorySegment dirty(int size) {
        MemorySegment segment = Arena.ofAuto().allocate(size, 8);
        segment.fill((byte) 0xff);
        return segment;
    }

    /** A segment of just these bytes, which ends where they end; its start is 4-aligned and not 8-aligned. */
    static MemorySegment of(byte[] bytes) {
        MemorySegment segment = Arena.ofAuto().allocate(bytes.length + 4L, 8).asSlice(4);
        MemorySegment.copy(bytes, 0, segment, ValueLayout.JAVA_BYTE, 0, bytes.length);
        return segment;
    }

    static byte[] bytes(MemorySegment segment, long offset, int length) {
        return segment.asSlice(offset, length).toArray(ValueLayout.JAVA_BYTE);
    }
}
