package org.xfrm4j;

import java.lang.foreign.MemorySegment;
import org.xfrm4j.wire.Inet;
import org.xfrm4j.wire.MigrateStateEncoder;

/**
 * The request that asks for XFRM_MSG_MIGRATE_STATE without moving anything: valid in every field, for an SA of protocol
 * 0, which cannot exist. A kernel that can do it does not find the SA; one that cannot says so earlier.
 */
final class MigrateProbe {
    private static final int SPI = 1;
    private static final int NO_PROTOCOL = 0;

    private MigrateProbe() {
    }

    /** Writes it, and returns its length in bytes. */
    static int encode(MemorySegment segment, long offset) {
        MigrateStateEncoder message = new MigrateStateEncoder().wrap(segment, offset)
                .id(0, 0, SPI, Inet.AF_INET, NO_PROTOCOL)
                .newDestination(0, 0)
                .newSource(0, 0)
                .newFamily(Inet.AF_INET)
                .newReqid(0);
        message.newSelector().family(Inet.AF_INET);
        return message.encode();
    }
}
