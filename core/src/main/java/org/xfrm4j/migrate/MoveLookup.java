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
import org.xfrm4j.sa.Protocol;
import org.xfrm4j.wire.MigrateStateDecoder;
import org.xfrm4j.wire.SaDecoder;

/**
 * Looks at the SAs where an answer leaves open what happened, or where the kernel would not look itself. By dumps of one
 * destination: XFRM_MSG_GETSA compares marks through the SAs' masks, so that with marks it may find another SA.
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
        return count(message, newDestination(message), Place.NEW, false) > 0;
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
        if (count(message, after, Place.NEW, true) == 0) {
            return count(message, before, Place.OLD, false) > 0 ? Outcome.REJECTED : Outcome.LOST;
        }
        // Something like what was asked for is there. If the old one is there as well, it is somebody else's.
        boolean samePlace = before.equals(after) && !changesOnlyTheMark(message);
        return samePlace || count(message, before, Place.OLD, false) == 0 ? Outcome.MOVED : Outcome.REJECTED;
    }

    /** Counts the SAs at one destination that stand at the place, and, if asked for, have what the move gives them. */
    private int count(MigrateStateDecoder message, IpAddress destination, Place place, boolean asMoved) {
        SaFilter filter = SaFilter.ALL.protocol(protocol(message))
                .destination(IpPrefix.host(destination));
        int count = 0;
        try (SaDump dump = xfrm.sas().dump(filter)) {
            while (dump.next()) {
                SaDecoder sa = dump.sa();
                boolean here = sa.spi() == message.id().spi() && hasMark(sa, message, place);
                count += here && (!asMoved || isAsMoved(sa, message)) ? 1 : 0;
            }
        }
        return count;
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
