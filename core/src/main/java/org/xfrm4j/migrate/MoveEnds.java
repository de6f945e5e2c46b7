package org.xfrm4j.migrate;

import org.xfrm4j.bindings.xfrm4j_h;
import org.xfrm4j.sa.AddressFamily;
import org.xfrm4j.sa.IpAddress;
import org.xfrm4j.wire.MigrateStateDecoder;

/**
 * From where to where an SA moves; what policies are about. Changed in place, so that no object is made for a policy.
 * Addresses are two longs of network order; those of IPv4 are without what stands behind their 32 bits.
 */
final class MoveEnds {
    private int oldFamily;
    private long oldSourceHigh;
    private long oldSourceLow;
    private long oldDestinationHigh;
    private long oldDestinationLow;
    private int family;
    private long sourceHigh;
    private long sourceLow;
    private long destinationHigh;
    private long destinationLow;
    private int reqid;
    private boolean selectorFollows;

    /** The ends of an SA, now and after its move. */
    MoveEnds of(SaTable sas, int sa, MigrateStateDecoder move) {
        return from(sas.family(sa), sas.sourceHigh(sa), sas.sourceLow(sa), sas.destinationHigh(sa),
                sas.destinationLow(sa)).to(move);
    }

    /** The ends now. */
    MoveEnds from(int ofFamily, long ofSourceHigh, long ofSourceLow, long ofDestinationHigh, long ofDestinationLow) {
        oldFamily = ofFamily;
        oldSourceHigh = ofSourceHigh;
        oldSourceLow = ofSourceLow;
        oldDestinationHigh = ofDestinationHigh;
        oldDestinationLow = ofDestinationLow;
        return this;
    }

    /** The ends that a move gives. */
    MoveEnds to(MigrateStateDecoder move) {
        family = move.newFamily();
        sourceHigh = SaTable.highOf(family, move.newSourceHigh());
        sourceLow = SaTable.lowOf(family, move.newSourceLow());
        destinationHigh = SaTable.highOf(family, move.newDestinationHigh());
        destinationLow = SaTable.lowOf(family, move.newDestinationLow());
        reqid = move.newReqid();
        selectorFollows = (move.flags() & xfrm4j_h.XFRM_MIGRATE_STATE_UPDATE_H2H_SEL()) != 0;
        return this;
    }

    int oldFamily() {
        return oldFamily;
    }

    int family() {
        return family;
    }

    /** Whether the ends are the same before and after. */
    boolean stay() {
        return family == oldFamily && wasSource(sourceHigh, sourceLow)
                && wasDestination(destinationHigh, destinationLow);
    }

    /** Whether an address of the old family is the outer source now. */
    boolean wasSource(long high, long low) {
        return high == oldSourceHigh && low == oldSourceLow;
    }

    /** Whether an address of the old family is the outer destination now. */
    boolean wasDestination(long high, long low) {
        return high == oldDestinationHigh && low == oldDestinationLow;
    }

    long sourceHigh() {
        return sourceHigh;
    }

    long sourceLow() {
        return sourceLow;
    }

    long destinationHigh() {
        return destinationHigh;
    }

    long destinationLow() {
        return destinationLow;
    }

    /** The SA's new reqid. */
    int reqid() {
        return reqid;
    }

    /** Whether its selector, of these two hosts now, becomes that of the new ones. */
    boolean selectorFollows() {
        return selectorFollows;
    }

    /** The outer source now, as a value. */
    IpAddress oldSource() {
        return new IpAddress(AddressFamily.of(oldFamily), oldSourceHigh, oldSourceLow);
    }

    /** The outer destination now, as a value. */
    IpAddress oldDestination() {
        return new IpAddress(AddressFamily.of(oldFamily), oldDestinationHigh, oldDestinationLow);
    }

    /** The new outer source, as a value. */
    IpAddress source() {
        return new IpAddress(AddressFamily.of(family), sourceHigh, sourceLow);
    }

    /** The new outer destination, as a value. */
    IpAddress destination() {
        return new IpAddress(AddressFamily.of(family), destinationHigh, destinationLow);
    }
}
