package org.xfrm4j.migrate;

import org.xfrm4j.wire.MigrateStateDecoder;

/**
 * Compares what names SAs: destination, SPI, protocol, family and mark. Two marks are taken to collide when the kernel
 * takes one of the SAs for the other, be it by the masked look-up of Linux 7.2 or by an exact one: not only is the move
 * refused then, but one SA would also hide the other from its packets.
 */
final class Tuples {
    private Tuples() {
    }

    static int newHash(MigrateStateDecoder move) {
        return SaTable.tupleHash(newHigh(move), newLow(move), move.id().spi(), move.id().protocol(), move.newFamily());
    }

    private static long newHigh(MigrateStateDecoder move) {
        return SaTable.highOf(move.newFamily(), move.newDestinationHigh());
    }

    private static long newLow(MigrateStateDecoder move) {
        return SaTable.lowOf(move.newFamily(), move.newDestinationLow());
    }

    /** Whether the move's new destination is this address. */
    static boolean movesTo(MigrateStateDecoder move, int family, long high, long low) {
        return move.newFamily() == family && newHigh(move) == high && newLow(move) == low;
    }

    /** Whether the move would meet an SA that stands at its new place. */
    static boolean collides(MigrateStateDecoder move, SaTable sas, int sa) {
        return sas.spi(sa) == move.id().spi()
                && sas.protocol(sa) == move.id().protocol()
                && isThere(move, sas, sa)
                && collide(move.newMarkValue(), move.newMarkMask(), sas.markValue(sa), sas.markMask(sa));
    }

    /** Whether two moves have one new place. */
    static boolean collide(MigrateStateDecoder move, MigrateStateDecoder other) {
        return other.id().spi() == move.id().spi()
                && other.id().protocol() == move.id().protocol()
                && other.newFamily() == move.newFamily()
                && newHigh(other) == newHigh(move)
                && newLow(other) == newLow(move)
                && collide(move.newMarkValue(), move.newMarkMask(), other.newMarkValue(), other.newMarkMask());
    }

    private static boolean collide(int value, int mask, int otherValue, int otherMask) {
        return finds(value & mask, otherValue, otherMask) || finds(otherValue & otherMask, value, mask)
                || value == otherValue && mask == otherMask;
    }

    private static boolean finds(int key, int value, int mask) {
        return (key & mask) == value;
    }

    /** Whether the move leaves what names the SA as it is. */
    static boolean staysInPlace(MigrateStateDecoder move, SaTable sas, int sa) {
        return isThere(move, sas, sa) && move.newMarkValue() == sas.markValue(sa)
                && move.newMarkMask() == sas.markMask(sa);
    }

    private static boolean isThere(MigrateStateDecoder move, SaTable sas, int sa) {
        return sas.family(sa) == move.newFamily()
                && sas.destinationHigh(sa) == newHigh(move)
                && sas.destinationLow(sa) == newLow(move);
    }
}
