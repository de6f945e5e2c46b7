package org.xfrm4j.migrate;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.xfrm4j.wire.MigrateStateDecoder;
import org.xfrm4j.wire.SaDecoder;

/**
 * Where a migration left each SA that it was about, whether it moved or not: tells these SAs from those that others
 * added, and what is there from what is not. Makes no object for an SA.
 */
final class Places {
    private final List<Entry> entries = new ArrayList<>();
    private final MigrateStateDecoder move = new MigrateStateDecoder();

    /** A pass, with its moves by where their SAs stand, and which of these were seen. */
    private record Entry(Pass pass, HashIndex byPlace, BitSet seen) {
    }

    /** Takes up a pass, when it is known what became of its moves. */
    void add(Pass pass) {
        HashIndex byPlace = new HashIndex();
        for (int number = 0; number < pass.plan().sas(); number++) {
            MigrateStateDecoder named = named(pass, number);
            byPlace.add(SaTable.tupleHash(SaTable.highOf(named.id().family(), named.id().destinationHigh()),
                    SaTable.lowOf(named.id().family(), named.id().destinationLow()), named.id().spi(),
                    named.id().protocol(), named.id().family()));
        }
        entries.add(new Entry(pass, byPlace, new BitSet()));
    }

    /** Begins to see anew. */
    void forget() {
        entries.forEach(entry -> entry.seen().clear());
    }

    /** Notes an SA that is there; returns whether it is one that the migration was about, and as it was left. */
    boolean see(SaDecoder sa) {
        int hash = SaTable.tupleHash(SaTable.highOf(sa.family(), sa.destinationHigh()),
                SaTable.lowOf(sa.family(), sa.destinationLow()), sa.spi(), sa.protocol(), sa.family());
        boolean ours = false;
        for (int i = 0; i < entries.size(); i++) {
            Entry entry = entries.get(i);
            for (int number = entry.byPlace().first(hash); number != HashIndex.NONE;
                    number = entry.byPlace().next(number)) {
                if (isAsLeft(entry.pass(), number, sa)) {
                    entry.seen().set(number);
                    ours = true;
                }
            }
        }
        return ours;
    }

    /** Reports of each SA that should be there whether it was seen. */
    void report(ReportBuilder report) {
        for (Entry entry : entries) {
            for (int number = 0; number < entry.pass().plan().sas(); number++) {
                Outcome outcome = entry.pass().outcome(number);
                boolean shouldBe = outcome == Outcome.MOVED || outcome == Outcome.REJECTED;
                if (shouldBe && entry.seen().get(number)) {
                    report.found();
                } else if (shouldBe) {
                    report.missing(entry.pass().id(number));
                }
            }
        }
    }

    /**
     * The message that names the SA where it should be now: the move back at its new place, or the move; its second leg
     * where it was left parked.
     */
    private MigrateStateDecoder named(Pass pass, int number) {
        MigrateStateDecoder parked = pass.onFromParking(number, move);
        if (parked != null) {
            return parked;
        }
        return pass.outcome(number) == Outcome.MOVED ? pass.plan().moveTable().back(number, move)
                : pass.plan().moveTable().forward(number, move);
    }

    private boolean isAsLeft(Pass pass, int number, SaDecoder sa) {
        Outcome outcome = pass.outcome(number);
        boolean isParked = pass.onFromParking(number, move) != null;
        if (outcome == Outcome.GONE || outcome == Outcome.LOST && !isParked) {
            return false;
        }
        MigrateStateDecoder place = named(pass, number);
        int family = sa.family();
        boolean named = place.id().spi() == sa.spi() && place.id().protocol() == sa.protocol()
                && place.id().family() == family
                && isSame(family, place.id().destinationHigh(), place.id().destinationLow(), sa.destinationHigh(),
                        sa.destinationLow())
                && place.oldMarkValue() == sa.markValue() && place.oldMarkMask() == sa.markMask();
        if (!named) {
            return false;
        }
        // What an SA has is what the move to where it is gives it.
        MigrateStateDecoder gives = outcome == Outcome.MOVED ? pass.plan().moveTable().forward(number, move)
                : pass.plan().moveTable().back(number, move);
        return gives.newReqid() == sa.reqid() && isSame(family, gives.newSourceHigh(), gives.newSourceLow(),
                sa.sourceHigh(), sa.sourceLow());
    }

    private static boolean isSame(int family, long high, long low, long otherHigh, long otherLow) {
        return SaTable.highOf(family, high) == SaTable.highOf(family, otherHigh)
                && SaTable.lowOf(family, low) == SaTable.lowOf(family, otherLow);
    }

    /**
     * The same rule, about SAs that others added: not about those that the migration left where they are, which a rule
     * that tells them by something else than the old address would move again; nor where it would change nothing.
     */
    MoveRule others(MoveRule rule) {
        return (sa, to) -> {
            if (see(sa) || !rule.decide(sa, to)) {
                return false;
            }
            MemorySegment message = to.segment();
            return !MoveLookup.changesNothing(sa, move.wrap(message, to.offset(), to.encode()));
        };
    }
}
