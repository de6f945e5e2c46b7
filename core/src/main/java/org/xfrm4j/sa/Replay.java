package org.xfrm4j.sa;

import java.lang.foreign.MemorySegment;
import org.xfrm4j.wire.AttributeEncoder;

/** Sequence numbers of an SA, and what of the last packets was received. */
public sealed interface Replay permits ReplayState, ReplayEsn {
    /**
     * Appends the attribute.
     *
     * @param segment the memory that the attributes are in
     * @param attributes where to
     */
    void encode(MemorySegment segment, AttributeEncoder attributes);
}
