package org.xfrm4j.migrate;

import java.util.BitSet;
import org.xfrm4j.SaDump;
import org.xfrm4j.SaFilter;
import org.xfrm4j.Xfrm;
import org.xfrm4j.wire.MigrateStateDecoder;
import org.xfrm4j.wire.SaDecoder;

/** Reads all SAs back, and looks whether each is where the migration said that it left it. */
final class Verification {
    private final Xfrm xfrm;
    private final MigrationPlan plan;
    private final MigrationReport.Builder report;
    private final HashIndex byPlace = new HashIndex();
    private final BitSet seen = new BitSet();
    private final MigrateStateDecoder move = new MigrateStateDecoder();

    Verification(Xfrm xfrm, MigrationPlan plan, MigrationReport.Builder report) {
        this.xfrm = xfrm;
        this.plan = plan;
        this.report = report;
    }

    void run() {
        // The move back names the SA at its new place, the move forward at its old one.
        for (int i = 0; i < plan.sas(); i++) {
            byPlace.add(hash(named(i)));
        }
        try (SaDump dump = xfrm.sas().dump(SaFilter.ALL)) {
            while (dump.next()) {
                see(dump.sa());
            }
        }
        for (int i = 0; i < plan.sas(); i++) {
            Outcome outcome = report.outcome(i);
            boolean shouldBe = outcome == Outcome.MOVED || outcome == Outcome.REJECTED;
            if (shouldBe && seen.get(i)) {
                report.verified();
            } else if (shouldBe) {
                report.missing(i);
            }
        }
    }

    /** The message that names the SA where it should be now. */
    private MigrateStateDecoder named(int number) {
        return report.outcome(number) == Outcome.MOVED ? plan.moveTable().back(number, move)
                : plan.moveTable().forward(number, move);
    }

    private static int hash(MigrateStateDecoder message) {
        return SaTable.tupleHash(message.id().destinationHigh(), message.id().destinationLow(), message.id().spi(),
                message.id().protocol(), message.id().family());
    }

    private void see(SaDecoder sa) {
        int hash = SaTable.tupleHash(sa.destinationHigh(), sa.destinationLow(), sa.spi(), sa.protocol(), sa.family());
        for (int i = byPlace.first(hash); i != HashIndex.NONE; i = byPlace.next(i)) {
            if (isAsItShouldBe(i, sa)) {
                seen.set(i);
            }
        }
    }

    private boolean isAsItShouldBe(int number, SaDecoder sa) {
        MigrateStateDecoder place = named(number);
        boolean named = place.id().spi() == sa.spi() && place.id().protocol() == sa.protocol()
                && place.id().family() == sa.family()
                && place.id().destinationHigh() == sa.destinationHigh()
                && place.id().destinationLow() == sa.destinationLow()
                && place.oldMarkValue() == sa.markValue() && place.oldMarkMask() == sa.markMask();
        // What an SA has is what the move to where it is gives it.
        MigrateStateDecoder gives = report.outcome(number) == Outcome.MOVED ? plan.moveTable().forward(number, move)
                : plan.moveTable().back(number, move);
        return named && gives.newReqid() == sa.reqid() && gives.newSourceHigh() == sa.sourceHigh()
                && gives.newSourceLow() == sa.sourceLow();
    }
}
