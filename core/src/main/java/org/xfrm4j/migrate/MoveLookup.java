package org.xfrm4j.migrate;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xfrm4j.SaDump;
import org.xfrm4j.SaFilter;
import org.xfrm4j.Xfrm;
import org.xfrm4j.bindings.xfrm4j_h;
import org.xfrm4j.netlink.BatchResults;
import org.xfrm4j.netlink.Errno;
import org.xfrm4j.netlink.NetlinkBatch;
import org.xfrm4j.netlink.NetlinkException;
import org.xfrm4j.netlink.ReplyHandler;
import org.xfrm4j.sa.AddressFamily;
import org.xfrm4j.sa.IpAddress;
import org.xfrm4j.sa.IpPrefix;
import org.xfrm4j.sa.Mark;
import org.xfrm4j.sa.Protocol;
import org.xfrm4j.sa.SaId;
import org.xfrm4j.sa.Selector;
import org.xfrm4j.wire.EncapDecoder;
import org.xfrm4j.wire.MigrateStateDecoder;
import org.xfrm4j.wire.SaDecoder;
import org.xfrm4j.wire.SaIdEncoder;

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

    /** A netlink header, and what names an SA. */
    private static final int QUESTION_BYTES = 64;

    /** Which SA of a name is looked for. */
    private interface Such {
        boolean test(SaDecoder sa, MigrateStateDecoder message);
    }

    private static final Such ANY = (sa, message) -> true;

    private final Xfrm xfrm;
    private final NetlinkBatch question;
    private final SaIdEncoder name = new SaIdEncoder();
    private final SaDecoder answer = new SaDecoder();
    /** One object for all questions: they are asked for every SA that has a mark. */
    private final ReplyHandler onAnswer = (index, type, segment, offset, length) ->
            keepMark(answer.wrap(segment, offset, length));
    private int foundMarkValue;
    private int foundMarkMask;

    MoveLookup(Xfrm xfrm) {
        this.xfrm = xfrm;
        this.question = xfrm.requests().newBatch(1, QUESTION_BYTES);
    }

    /** Whether the move changes the mark and nothing else of what names the SA: the kernel then overwrites blindly. */
    static boolean changesOnlyTheMark(MigrateStateDecoder message) {
        // The marks first: they mostly stay, and then no address object is made.
        boolean sameMark = message.newMarkValue() == message.oldMarkValue()
                && message.newMarkMask() == message.oldMarkMask();
        return !sameMark && oldDestination(message).equals(newDestination(message));
    }

    /** Whether the SA is already all that the move would make of it. */
    static boolean changesNothing(SaDecoder sa, MigrateStateDecoder message) {
        boolean sameMark = message.newMarkValue() == sa.markValue() && message.newMarkMask() == sa.markMask();
        return sameMark && oldDestination(message).equals(newDestination(message)) && isChanged(sa, message);
    }

    /** Whether the SA that is to move has a mark. */
    static boolean isMarked(MigrateStateDecoder message) {
        return (message.oldMarkValue() | message.oldMarkMask()) != 0;
    }

    /**
     * Whether the kernel would move another SA than the one that is meant. Its lookup takes the first one that the mark
     * matches through that one's mask, and an SA without a mark matches always.
     */
    boolean findsAnother(MigrateStateDecoder message) {
        return finds(message, message.id().destinationHigh(), message.id().destinationLow(), message.id().family(),
                message.oldMarkValue(), message.oldMarkMask()) && !foundIsMeant(message);
    }

    /**
     * Whether another SA stands where this one would get to with its new mark alone, as the kernel finds out for itself
     * where the destination changes.
     */
    boolean isTaken(MigrateStateDecoder message) {
        return finds(message, message.newDestinationHigh(), message.newDestinationLow(), message.newFamily(),
                message.newMarkValue(), message.newMarkMask())
                // Where it comes upon itself, another one may stand behind it.
                && (!foundIsMeant(message) || isAnotherDumped(message));
    }

    /** Asks as XFRM_MSG_MIGRATE_STATE would look; notes which mark the SA has that was found. */
    private boolean finds(MigrateStateDecoder message, long destinationHigh, long destinationLow, int family,
            int markValue, int markMask) {
        question.clear();
        name.wrap(question.segment(), question.begin(xfrm4j_h.XFRM_MSG_GETSA(), 0))
                .destination(destinationHigh, destinationLow)
                .spi(message.id().spi())
                .family(family)
                .protocol(message.id().protocol());
        if ((markValue | markMask) != 0) {
            name.attributes().putMark(xfrm4j_h.XFRMA_MARK(), markValue, markMask);
        }
        question.end(name.encodedLength());
        xfrm.requests().execute(question, onAnswer);
        int error = question.results().error(0);
        if (error == BatchResults.UNANSWERED) {
            throw new NetlinkException("whether SA 0x" + Integer.toHexString(message.id().spi())
                    + " is the one that its mark finds: the kernel's answer was lost", Errno.ENOBUFS);
        }
        return error == 0;
    }

    private void keepMark(SaDecoder sa) {
        foundMarkValue = sa.markValue();
        foundMarkMask = sa.markMask();
    }

    private boolean foundIsMeant(MigrateStateDecoder message) {
        return foundMarkMask == message.oldMarkMask()
                && foundMarkValue == (message.oldMarkValue() & message.oldMarkMask());
    }

    private boolean isAnotherDumped(MigrateStateDecoder message) {
        SaFilter filter = SaFilter.ALL.protocol(protocol(message))
                .destination(IpPrefix.host(newDestination(message)));
        int key = message.newMarkValue() & message.newMarkMask();
        boolean found = false;
        try (SaDump dump = xfrm.sas().dump(filter)) {
            while (dump.next()) {
                SaDecoder sa = dump.sa();
                found |= sa.spi() == message.id().spi() && !hasMark(sa, message, Place.OLD)
                        && (key & sa.markMask()) == sa.markValue();
            }
        }
        return found;
    }

    /** Whether the very SA that is to move is at its old place. */
    boolean isThere(MigrateStateDecoder message) {
        return exists(message, before(message), Place.OLD, ANY);
    }

    /** What became of the SA, told by where it is now. */
    Outcome outcome(MigrateStateDecoder message) {
        return outcome(message, false);
    }

    /**
     * The same.
     *
     * @param othersAtOldPlace whether another SA is known to stand at the old place by now, so that none there counts
     */
    Outcome outcome(MigrateStateDecoder message, boolean othersAtOldPlace) {
        Outcome outcome = look(message, (_, _) -> !othersAtOldPlace);
        LOG.warn("no certain answer to the move of SA 0x{} to {}; found by looking: {}",
                Integer.toHexString(message.id().spi()), newDestination(message), outcome);
        return outcome;
    }

    /** Where the SA is: MOVED at its new place, REJECTED at its old one, LOST at neither. */
    Outcome look(MigrateStateDecoder message) {
        return look(message, ANY);
    }

    /**
     * Where the SA is, the same way; an SA at the old place counts only if it is as this one was.
     *
     * @param back the move that takes it back
     * @param othersAtOldPlace whether another SA is known to stand at the old place by now, so that none there counts
     */
    Outcome look(MigrateStateDecoder message, MigrateStateDecoder back, boolean othersAtOldPlace) {
        return look(message, (sa, _) -> !othersAtOldPlace && isAsMoved(sa, back));
    }

    private Outcome look(MigrateStateDecoder message, Such asBefore) {
        SaId before = before(message);
        SaId after = after(message);
        if (before.destination().equals(after.destination()) && !changesOnlyTheMark(message)) {
            // Where the place tells nothing, all that the move was to change has to. Elsewhere that would be too much:
            // what others change about a moved SA must not make it a lost one.
            return exists(message, after, Place.NEW, MoveLookup::isChanged) ? Outcome.MOVED
                    : exists(message, before, Place.OLD, ANY) ? Outcome.REJECTED : Outcome.LOST;
        }
        // Something like what was asked for may be there. If the old one is there as well, it is somebody else's.
        return exists(message, before, Place.OLD, asBefore) ? Outcome.REJECTED
                : exists(message, after, Place.NEW, MoveLookup::isAsMoved) ? Outcome.MOVED : Outcome.LOST;
    }

    /** What names the SA before the move. */
    static SaId before(MigrateStateDecoder message) {
        return new SaId(oldDestination(message), message.id().spi(), protocol(message),
                new Mark(message.oldMarkValue(), message.oldMarkMask()));
    }

    /** What names it afterwards. */
    static SaId after(MigrateStateDecoder message) {
        return new SaId(newDestination(message), message.id().spi(), protocol(message),
                new Mark(message.newMarkValue(), message.newMarkMask()));
    }

    /** Whether there is such an SA, with the place's mark. */
    private boolean exists(MigrateStateDecoder message, SaId id, Place place, Such such) {
        boolean[] exact = new boolean[1];
        boolean[] fits = new boolean[1];
        boolean found = xfrm.sas().read(id, sa -> {
            exact[0] = hasMark(sa, message, place);
            fits[0] = exact[0] && such.test(sa, message);
        });
        return found && (exact[0] ? fits[0] : isDumped(message, id.destination(), place, such));
    }

    private boolean isDumped(MigrateStateDecoder message, IpAddress destination, Place place, Such such) {
        SaFilter filter = SaFilter.ALL.protocol(protocol(message)).destination(IpPrefix.host(destination));
        boolean found = false;
        try (SaDump dump = xfrm.sas().dump(filter)) {
            while (dump.next()) {
                SaDecoder sa = dump.sa();
                boolean here = sa.spi() == message.id().spi() && hasMark(sa, message, place);
                found |= here && such.test(sa, message);
            }
        }
        return found;
    }

    private static boolean hasMark(SaDecoder sa, MigrateStateDecoder message, Place place) {
        return place == Place.OLD
                ? sa.markValue() == message.oldMarkValue() && sa.markMask() == message.oldMarkMask()
                : sa.markValue() == message.newMarkValue() && sa.markMask() == message.newMarkMask();
    }

    private static boolean isAsMoved(SaDecoder sa, MigrateStateDecoder message) {
        AddressFamily family = AddressFamily.of(sa.family());
        boolean encapAsMoved = !message.has(xfrm4j_h.XFRMA_ENCAP()) || sa.encapType() == message.encapType();
        return sa.reqid() == message.newReqid() && encapAsMoved
                && IpAddress.ofWire(family, sa.sourceHigh(), sa.sourceLow())
                        .equals(IpAddress.ofWire(family, message.newSourceHigh(), message.newSourceLow()));
    }

    private static boolean isChanged(SaDecoder sa, MigrateStateDecoder message) {
        return isAsMoved(sa, message)
                && hasNewSelector(sa, message)
                && (!message.has(xfrm4j_h.XFRMA_ENCAP()) || hasNewEncap(sa, message))
                && (!message.has(xfrm4j_h.XFRMA_SET_MARK()) || sa.outputMarkValue() == message.outputMarkValue()
                        && sa.outputMarkMask() == message.outputMarkMask())
                && hasNewOffload(sa, message)
                && (!message.has(xfrm4j_h.XFRMA_NAT_KEEPALIVE_INTERVAL())
                        || sa.natKeepaliveInterval() == message.natKeepaliveInterval())
                && (!message.has(xfrm4j_h.XFRMA_MTIMER_THRESH())
                        || sa.mappingThreshold() == message.mappingThreshold());
    }

    private static boolean hasNewSelector(SaDecoder sa, MigrateStateDecoder message) {
        Selector selector = Selector.from(sa.selector());
        if ((message.flags() & xfrm4j_h.XFRM_MIGRATE_STATE_UPDATE_H2H_SEL()) == 0) {
            return selector.equals(Selector.from(message.newSelector()));
        }
        IpAddress source = IpAddress.ofWire(AddressFamily.of(message.newFamily()), message.newSourceHigh(),
                message.newSourceLow());
        return selector.source().equals(IpPrefix.host(source))
                && selector.destination().equals(IpPrefix.host(newDestination(message)));
    }

    private static boolean hasNewOffload(SaDecoder sa, MigrateStateDecoder message) {
        boolean cleared = (message.flags() & xfrm4j_h.XFRM_MIGRATE_STATE_CLEAR_OFFLOAD()) != 0;
        return message.has(xfrm4j_h.XFRMA_OFFLOAD_DEV()) ? sa.offloadIfindex() == message.offloadIfindex()
                : !cleared || sa.offloadIfindex() == 0;
    }

    private static boolean hasNewEncap(SaDecoder sa, MigrateStateDecoder message) {
        if (message.encapType() == 0 || sa.encapType() == 0) {
            return message.encapType() == sa.encapType();
        }
        EncapDecoder has = new EncapDecoder().wrap(sa.segment(), sa.encapOffset());
        EncapDecoder given = new EncapDecoder().wrap(message.segment(), message.encapOffset());
        return has.type() == given.type() && has.sourcePort() == given.sourcePort()
                && has.destinationPort() == given.destinationPort()
                && has.originalAddressHigh() == given.originalAddressHigh()
                && has.originalAddressLow() == given.originalAddressLow();
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
}
