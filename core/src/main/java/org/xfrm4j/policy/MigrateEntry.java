package org.xfrm4j.policy;

import org.xfrm4j.sa.AddressFamily;
import org.xfrm4j.sa.IpAddress;
import org.xfrm4j.sa.Mode;
import org.xfrm4j.sa.Protocol;
import org.xfrm4j.wire.MigrateEntryDecoder;
import org.xfrm4j.wire.MigrateEntryEncoder;

/**
 * From which outer addresses to which templates and SAs move ({@code struct xfrm_user_migrate}).
 *
 * @param oldSource the outer source now
 * @param oldDestination the outer destination now, of the same family
 * @param newSource the outer source to be
 * @param newDestination the outer destination to be, of the same family
 * @param protocol the protocol
 * @param mode the mode
 * @param reqid the reqid, which stays; 0 for any
 */
public record MigrateEntry(
        IpAddress oldSource,
        IpAddress oldDestination,
        IpAddress newSource,
        IpAddress newDestination,
        Protocol protocol,
        Mode mode,
        int reqid) {
    /**
     * Checks the addresses.
     *
     * @throws IllegalArgumentException if source and destination differ in family
     */
    public MigrateEntry {
        Check.notNull("old source", oldSource);
        Check.notNull("old destination", oldDestination);
        Check.notNull("new source", newSource);
        Check.notNull("new destination", newDestination);
        Check.notNull("proto", protocol);
        Check.notNull("mode", mode);
        Check.refuse(oldSource.family() != oldDestination.family(),
                "migrate: old source %s and old destination %s of different families", oldSource, oldDestination);
        Check.refuse(newSource.family() != newDestination.family(),
                "migrate: new source %s and new destination %s of different families", newSource, newDestination);
    }

    /** Whether it names the same SAs as another, which the kernel refuses in one message. */
    boolean namesTheSameAs(MigrateEntry other) {
        return oldSource.equals(other.oldSource) && oldDestination.equals(other.oldDestination)
                && protocol.equals(other.protocol) && mode.equals(other.mode) && reqid == other.reqid;
    }

    /**
     * {@return the entry that is there}
     *
     * @throws IllegalArgumentException if a family is unknown
     */
    public static MigrateEntry from(MigrateEntryDecoder entry) {
        AddressFamily before = AddressFamily.of(entry.oldFamily());
        AddressFamily after = AddressFamily.of(entry.newFamily());
        return new MigrateEntry(
                IpAddress.ofWire(before, entry.oldSourceHigh(), entry.oldSourceLow()),
                IpAddress.ofWire(before, entry.oldDestinationHigh(), entry.oldDestinationLow()),
                IpAddress.ofWire(after, entry.newSourceHigh(), entry.newSourceLow()),
                IpAddress.ofWire(after, entry.newDestinationHigh(), entry.newDestinationLow()),
                new Protocol(entry.protocol()),
                new Mode(entry.mode()),
                entry.reqid());
    }

    /**
     * Writes the entry.
     *
     * @param entry where to; already wrapped
     * @return the size in bytes
     */
    public int encode(MigrateEntryEncoder entry) {
        return entry.oldSource(oldSource.high(), oldSource.low())
                .oldDestination(oldDestination.high(), oldDestination.low())
                .newSource(newSource.high(), newSource.low())
                .newDestination(newDestination.high(), newDestination.low())
                .families(oldSource.family().number(), newSource.family().number())
                .protocol(protocol.number())
                .mode(mode.number())
                .reqid(reqid)
                .encodedLength();
    }

    /** {@return for example {@code esp tunnel reqid 7: 192.0.2.1 → 198.51.100.1 to 192.0.2.9 → 198.51.100.1}} */
    @Override
    public String toString() {
        return protocol + " " + mode + (reqid == 0 ? "" : " reqid " + Integer.toUnsignedString(reqid)) + ": "
                + oldSource + " → " + oldDestination + " to " + newSource + " → " + newDestination;
    }
}
