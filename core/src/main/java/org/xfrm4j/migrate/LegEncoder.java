package org.xfrm4j.migrate;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import org.xfrm4j.bindings.xfrm4j_h;
import org.xfrm4j.bindings.xfrm_selector;
import org.xfrm4j.bindings.xfrm_user_migrate_state;
import org.xfrm4j.sa.IpAddress;
import org.xfrm4j.wire.Inet;
import org.xfrm4j.wire.MigrateStateDecoder;
import org.xfrm4j.wire.MigrateStateEncoder;

/**
 * Divides a move into two legs: to a parking place, and on from there. While it is parked, the SA is all that it was
 * but for its destination.
 */
final class LegEncoder {
    private static final long SELECTOR = xfrm_user_migrate_state.new_sel$offset();
    private static final long FLAGS = xfrm_user_migrate_state.flags$offset();
    private static final ValueLayout.OfLong NETWORK_LONG =
            ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

    private final MigrateStateEncoder encoder = new MigrateStateEncoder();

    /** Writes the first leg, there; returns its length. */
    int there(MigrateStateDecoder forward, MigrateStateDecoder back, IpAddress parking, MemorySegment to, long at) {
        encoder.wrap(to, at)
                .id(forward.id().destinationHigh(), forward.id().destinationLow(), forward.id().spi(),
                        forward.id().family(), forward.id().protocol())
                .newDestination(parking.high(), parking.low());
        return asItIs(forward, back);
    }

    /** Writes what takes the first leg back; returns its length. */
    int thereBack(MigrateStateDecoder forward, MigrateStateDecoder back, IpAddress parking, MemorySegment to, long at) {
        encoder.wrap(to, at)
                .id(parking.high(), parking.low(), forward.id().spi(), forward.id().family(), forward.id().protocol())
                .newDestination(forward.id().destinationHigh(), forward.id().destinationLow());
        return asItIs(forward, back);
    }

    /** What the move back gives is what the SA has. */
    private int asItIs(MigrateStateDecoder forward, MigrateStateDecoder back) {
        int mark = forward.oldMarkValue();
        int mask = forward.oldMarkMask();
        encoder.oldMark(mark, mask)
                .newSource(back.newSourceHigh(), back.newSourceLow())
                .newFamily(back.newFamily())
                .newReqid(back.newReqid())
                .newSelector(back.segment(), back.offset() + SELECTOR);
        if ((mark | mask) != 0) {
            encoder.mark(mark, mask);
        }
        return encoder.encode();
    }

    /** Writes the second leg, on to the new place; returns its length. */
    int on(MigrateStateDecoder forward, MigrateStateDecoder back, IpAddress parking, MemorySegment to, long at) {
        MemorySegment.copy(forward.segment(), forward.offset(), to, at, forward.length());
        address(parking, to, at + xfrm_user_migrate_state.id$offset());
        if ((forward.flags() & xfrm4j_h.XFRM_MIGRATE_STATE_UPDATE_H2H_SEL()) != 0) {
            // The kernel would compare the selector with the SA's addresses, which are not those that it was made of.
            hostToHost(forward, back, to.asSlice(at, forward.length()));
        }
        return (int) forward.length();
    }

    private static void hostToHost(MigrateStateDecoder forward, MigrateStateDecoder back, MemorySegment message) {
        message.set(ValueLayout.JAVA_INT_UNALIGNED, FLAGS,
                forward.flags() & ~xfrm4j_h.XFRM_MIGRATE_STATE_UPDATE_H2H_SEL());
        MemorySegment selector = message.asSlice(SELECTOR, xfrm_selector.sizeof());
        MemorySegment.copy(back.segment(), back.offset() + SELECTOR, selector, 0, selector.byteSize());
        long addressBytes = 2 * Long.BYTES;
        MemorySegment.copy(message, xfrm_user_migrate_state.new_daddr$offset(), selector,
                xfrm_selector.daddr$offset(), addressBytes);
        MemorySegment.copy(message, xfrm_user_migrate_state.new_saddr$offset(), selector,
                xfrm_selector.saddr$offset(), addressBytes);
        selector.set(ValueLayout.JAVA_SHORT_UNALIGNED, xfrm_selector.family$offset(), (short) forward.newFamily());
        byte bits = (byte) Inet.addressBits(forward.newFamily());
        selector.set(JAVA_BYTE, xfrm_selector.prefixlen_d$offset(), bits);
        selector.set(JAVA_BYTE, xfrm_selector.prefixlen_s$offset(), bits);
    }

    /** Writes what takes the second leg back; returns its length. */
    int onBack(MigrateStateDecoder back, IpAddress parking, MemorySegment to, long at) {
        MemorySegment.copy(back.segment(), back.offset(), to, at, back.length());
        address(parking, to, at + xfrm_user_migrate_state.new_daddr$offset());
        return (int) back.length();
    }

    private static void address(IpAddress address, MemorySegment to, long at) {
        to.set(NETWORK_LONG, at, address.high());
        to.set(NETWORK_LONG, at + Long.BYTES, address.low());
    }
}
