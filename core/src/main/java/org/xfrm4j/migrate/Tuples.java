package org.xfrm4j.migrate;

import org.xfrm4j.bindings.xfrm4j_h;
import org.xfrm4j.wire.MigrateStateDecoder;

/**
 * Compares what names SAs: destination, SPI, protocol, family and mark. Two marks are taken to collide when the kernel takes
 * one SA for the other, be it by the masked look-up of Linux 7.2 or by an exact one.
 */
final class Tuples {
    private Tuples() {
    }

    static int newMark(MigrateStateDecoder move) {
        return move.has(xfrm4j_h.XFRMA_MARK()) ? move.markValue() : move.oldMarkValue();
    }

    static int newMask(MigrateStateDecoder move) {
        return move.has(xfrm4j_h.XFRMA_MARK()) ? move.markMask() : move.oldMarkMask();
    }

    static int newHash(MigrateStateDecoder move) {
        return SaTable.tupleHash(move.newDestinationHigh(), move.newDestinationLow(), move.id().spi(),
                move.id().protocol(), move.newFamily());
    }

    /** Whether the move would meet an SA that stands at its new place. */
    static boolean collides(MigrateStateDecoder move, SaTable sas, int sa) {
        return sas.spi(sa) == move.id().spi()
                && sas.protocol(sa) == move.id().protocol()
                && sas.family(sa) == move.newFamily()
                && sas.destinationHigh(sa) == move.newDestinationHigh()
                && sas.destinationLow(sa) == move.newDestinationLow()
                && collides(newMark(move), newMask(move), sas.markValue(sa), sas.markMask(sa));
    }

    /** Whether two moves have one new place. */
    static boolean collide(MigrateStateDecoder move, MigrateStateDecoder other) {
        return other.id().spi() == move.id().spi()
                && other.id().protocol() == move.id().protocol()
                && other.newFamily() == move.newFamily()
                && other.newDestinationHigh() == move.newDestinationHigh()
                && other.newDestinationLow() == move.newDestinationLow()
                && collides(newMark(move), newMask(move), newMark(other), newMask(other));
    }

    static boolean collides(int value, int mask, int otherValue, int otherMask) {
        return (value & mask & otherMask) == otherValue || value == otherValue && mask == otherMask;
    }

    /** Whether the move leaves what names the SA as it is. */
    static boolean staysInPlace(MigrateStateDecoder move, SaTable sas, int sa) {
        return sas.family(sa) == move.newFamily()
                && sas.destinationHigh(sa) == move.newDestinationHigh()
                && sas.destinationLow(sa) == move.newDestinationLow()
                && newMark(move) == sas.markValue(sa) && newMask(move) == sas.markMask(sa);
    }
}
