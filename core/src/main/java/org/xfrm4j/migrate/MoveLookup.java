package org.xfrm4j.migrate;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xfrm4j.SaDump;
import org.xfrm4j.SaFilter;
import org.xfrm4j.Xfrm;
import org.xfrm4j.bindings.xfrm4j_h;
import org.xfrm4j.sa.AddressFamily;
import org.xfrm4j.sa.IpAddress;
import org.xfrm4j.sa.IpPrefix;
import org.xfrm4j.sa.Mark;
import org.xfrm4j.sa.Protocol;
import org.xfrm4j.sa.SaId;
import org.xfrm4j.wire.MigrateStateDecoder;
import org.xfrm4j.wire.SaDecoder;

/**
 * Looks at the SAs where an answer leaves open what happened, or where the kernel would not look itself.
 *
 * <p>XFRM_MSG_GETSA compares marks through the SAs' masks (Linux 7.2), so that it may find an SA with another mark in
 * front of the one that is meant; only then all SAs of the destination are dumped.
 */
final class MoveLookup {
    private static final Logger LOG = LoggerFactory.getLogger(MoveLookup.class);

    /** Which of the two marks of a move an SA has. */
    private enum Place { OLD, NEW }

    private final Xfrm xfrm;

    MoveLookup(Xfrm xfrm) {
        this.xfrm = xfrm;
    }

    /** Whether the move changes the mark and nothing else of what names the SA: the kernel then overwrites blindly. */
    static boolean changesOnlyTheMark(MigrateStateDecoder message) {
        // The marks first: they mostly stay, and then no address object is made.
        boolean sameMark = newMarkValue(message) == message.oldMarkValue()
                && newMarkMask(message) == message.oldMarkMask();
        return !sameMark && oldDestination(message).equals(newDestination(message));
    }

    /** Whether another SA stands where this one would get to. */
    boolean isTaken(MigrateStateDecoder message) {
        return exists(message, newDestination(message), Place.NEW, false);
    }

    /** What became of the SA, told by where it is now. */
    Outcome outcome(MigrateStateDecoder message) {
        Outcome outcome = look(message);
        LOG.warn("no certain answer to the move of SA 0x{} to {}; found by looking: {}",
                Integer.toHexString(message.id().spi()), newDestination(message), outcome);
        return outcome;
    }

    private Outcome look(MigrateStateDecoder message) {
        IpAddress before = oldDestination(message);
        IpAddress after = newDestination(message);
        if (!exists(message, after, Place.NEW, true)) {
            return exists(message, before, Place.OLD, false) ? Outcome.REJECTED : Outcome.LOST;
        }
        // Something like what was asked for is there. If the old one is there as well, it is somebody else's.
        boolean samePlace = before.equals(after) && !changesOnlyTheMark(message);
        return samePlace || !exists(message, before, Place.OLD, false) ? Outcome.MOVED : Outcome.REJECTED;
    }

    /** Whether there is an SA at the destination with the place's mark, and, if asked for, all that the move gives it. */
    private boolean exists(MigrateStateDecoder message, IpAddress destination, Place place, boolean asMoved) {
        boolean[] exact = new boolean[1];
        boolean[] fits = new boolean[1];
        Mark mark = place == Place.OLD ? new Mark(message.oldMarkValue(), message.oldMarkMask())
                : new Mark(newMarkValue(message), newMarkMask(message));
        SaId id = new SaId(destination, message.id().spi(), protocol(message), mark);
        boolean found = xfrm.sas().read(id, sa -> {
            exact[0] = hasMark(sa, message, place);
            fits[0] = exact[0] && (!asMoved || isAsMoved(sa, message));
        });
        return found && (exact[0] ? fits[0] : isDumped(message, destination, place, asMoved));
    }

    private boolean isDumped(MigrateStateDecoder message, IpAddress destination, Place place, boolean asMoved) {
        SaFilter filter = SaFilter.ALL.protocol(protocol(message)).destination(IpPrefix.host(destination));
        boolean found = false;
        try (SaDump dump = xfrm.sas().dump(filter)) {
            while (dump.next()) {
                SaDecoder sa = dump.sa();
                boolean here = sa.spi() == message.id().spi() && hasMark(sa, message, place);
                found |= here && (!asMoved || isAsMoved(sa, message));
            }
        }
        return found;
    }

    private static boolean hasMark(SaDecoder sa, MigrateStateDecoder message, Place place) {
        return place == Place.OLD
                ? sa.markValue() == message.oldMarkValue() && sa.markMask() == message.oldMarkMask()
                : sa.markValue() == newMarkValue(message) && sa.markMask() == newMarkMask(message);
    }

    private static boolean isAsMoved(SaDecoder sa, MigrateStateDecoder message) {
        AddressFamily family = AddressFamily.of(sa.family());
        boolean encapAsMoved = !message.has(xfrm4j_h.XFRMA_ENCAP()) || sa.encapType() == message.encapType();
        return sa.reqid() == message.newReqid() && encapAsMoved
                && IpAddress.ofWire(family, sa.sourceHigh(), sa.sourceLow())
                        .equals(IpAddress.ofWire(family, message.newSourceHigh(), message.newSourceLow()));
    }

    private static Protocol protocol(MigrateStateDecoder message) {
        return new Protocol(message.id().protocol());
    }

    private static IpAddress oldDestination(MigrateStateDecoder message) {
        return IpAddress.ofWire(AddressFamily.of(message.id().family()), message.id().destinationHigh(),
                message.id().destinationLow());
    }

    private static IpAddress newDestination(MigrateStateDecoder message) {
        return IpAddress.ofWire(AddressFamily.of(message.newFamily()), message.newDestinationHigh(),
                message.newDestinationLow());
    }

    private static int newMarkValue(MigrateStateDecoder message) {
        return message.has(xfrm4j_h.XFRMA_MARK()) ? message.markValue() : message.oldMarkValue();
    }

    private static int newMarkMask(MigrateStateDecoder message) {
        return message.has(xfrm4j_h.XFRMA_MARK()) ? message.markMask() : message.oldMarkMask();
    }
}
