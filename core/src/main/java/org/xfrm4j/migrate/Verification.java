package org.xfrm4j.migrate;

import org.xfrm4j.SaDump;
import org.xfrm4j.SaFilter;
import org.xfrm4j.Xfrm;

/** Reads all SAs back, to see which of those that a migration was about are where it says that it left them. */
final class Verification {
    private Verification() {
    }

    static void run(Xfrm xfrm, Places places) {
        places.forget();
        try (SaDump dump = xfrm.sas().dump(SaFilter.ALL)) {
            while (dump.next()) {
                places.see(dump.sa());
            }
        }
    }
}
