package org.xfrm4j.bench.jmh;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Checks before anything is measured that both sides do the same. */
final class Same {
    /** Where a netlink header holds sequence number and port, which are each side's own. */
    private static final long SEQUENCE = 8;
    private static final long HEADER = 16;

    private Same() {
    }

    /** Messages that may differ in sequence number and port only. */
    static void messages(MemorySegment java, MemorySegment c) {
        if (java.byteSize() != c.byteSize()) {
            throw new IllegalStateException("Java wrote " + java.byteSize() + " bytes, C " + c.byteSize());
        }
        for (long at = 0; at < java.byteSize();) {
            long length = java.get(ValueLayout.JAVA_INT_UNALIGNED, at) + 3 & ~3;
            same(java, c, at, at + SEQUENCE);
            same(java, c, at + HEADER, at + length);
            at += length;
        }
    }

    private static void same(MemorySegment java, MemorySegment c, long from, long to) {
        long mismatch = MemorySegment.mismatch(java, from, to, c, from, to);
        if (mismatch >= 0) {
            long at = from + mismatch;
            throw new IllegalStateException("byte " + at + ": Java wrote " + java.get(ValueLayout.JAVA_BYTE, at)
                    + ", C " + c.get(ValueLayout.JAVA_BYTE, at));
        }
    }

    /** Counts and sums. */
    static void number(String what, long expected, long found) {
        if (expected != found) {
            throw new IllegalStateException(what + ": " + found + " where " + expected + " were expected");
        }
    }
}
