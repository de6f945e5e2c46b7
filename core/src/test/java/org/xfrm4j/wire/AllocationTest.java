package org.xfrm4j.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;
import org.xfrm4j.bindings.xfrm4j_h;

class AllocationTest {
    private static final int MESSAGES = 100_000;
    private static final int MESSAGE_ROOM = 256;

    private final MemorySegment batch = Memory.dirty(MESSAGE_ROOM * 64);
    private final SaDecoder source = new SampleSa().mark(0x10, 0xff).encap(Inet.UDP_ENCAP_ESPINUDP)
            .direction(xfrm4j_h.XFRM_SA_DIR_OUT()).decode();
    private final int sourceLength = SaEncoder.LENGTH + 12 + 28 + 8;
    private final SaDecoder sa = new SaDecoder();
    private final MigrateStateEncoder message = new MigrateStateEncoder();
    private final MigrateStateDecoder decoder = new MigrateStateDecoder();

    /** What a migration does for each SA: decode where it was received, encode in place, check. */
    private long migrate(int messages) {
        long bytes = 0;
        for (int i = 0; i < messages; i++) {
            sa.wrap(source.segment(), source.offset(), sourceLength);
            long at = 4 + (long) (i & 63) * MESSAGE_ROOM;
            message.wrap(batch, at).from(sa).newDestination(0xcb007100L + i << 32, 0).encap(4500, 4500)
                    .natKeepalive(20);
            int length = message.encode();
            if (MigrateStateRules.reasonToRefuse(decoder.wrap(batch, at, length), sa) != null) {
                throw new AssertionError(MigrateStateRules.reasonToRefuse(decoder, sa));
            }
            bytes += length;
        }
        return bytes;
    }

    @Test
    void migratesWithoutAllocating() {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        assertTrue(threads.isThreadAllocatedMemoryEnabled());
        migrate(MESSAGES);
        long before = threads.getCurrentThreadAllocatedBytes();
        long nothing = threads.getCurrentThreadAllocatedBytes() - before;
        long encoded = migrate(MESSAGES);
        long allocated = threads.getCurrentThreadAllocatedBytes() - before - 2 * nothing;
        assertEquals((132L + 12 + 28 + 8) * MESSAGES, encoded);
        // Less than a byte each: what is left is the JVM's own, such as a compiled method being installed.
        assertTrue(allocated < MESSAGES / 10, allocated + " bytes for " + MESSAGES + " SAs");
    }
}
