package org.xfrm4j.wire;

import static org.xfrm4j.wire.Layouts.U32_HOST;

import java.lang.foreign.MemorySegment;

/** Writes the payload of XFRM_MSG_GETSADINFO: 32 bits that mean nothing to the kernel, which gives them back. */
public final class SadInfoEncoder {
    /** Size of the payload, in bytes. */
    public static final int LENGTH = Integer.BYTES;

    /** An encoder that is yet to be wrapped around memory. */
    public SadInfoEncoder() {
    }

    /** Points at the payload and zeroes it. */
    public SadInfoEncoder wrap(MemorySegment segment, long offset) {
        segment.set(U32_HOST, offset, 0);
        return this;
    }

    /** {@return the size of the payload, in bytes} */
    public int encodedLength() {
        return LENGTH;
    }
}
