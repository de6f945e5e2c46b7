package org.xfrm4j.migrate;

import java.util.Objects;
import org.xfrm4j.sa.Selector;

/**
 * The selector of an SA after its move. There is no "keep": the kernel takes what it is given. A value: any thread may
 * have it.
 */
public sealed interface NewSelector {

    /**
     * A selector that is written down, be it the one that the SA has.
     *
     * @param selector the selector, literally
     */
    record To(Selector selector) implements NewSelector {
        /** Checks that there is one. */
        public To {
            Objects.requireNonNull(selector, "selector");
        }
    }

    /**
     * The kernel makes it: from the new source to the new destination, one host each
     * (XFRM_MIGRATE_STATE_UPDATE_H2H_SEL). The SA's selector now must be just such.
     */
    record HostToHost() implements NewSelector {
    }
}
