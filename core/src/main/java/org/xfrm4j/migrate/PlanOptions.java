package org.xfrm4j.migrate;

import java.util.Objects;
import java.util.Optional;
import org.xfrm4j.sa.IpAddress;

/**
 * How a plan is made.
 *
 * @param policies whether policies change with their SAs; false where the user keeps policies by other means
 * @param parking an address that no SA has, by way of which SAs can change places (A to B and B to A); without one such a
 *     circle is a problem
 */
public record PlanOptions(boolean policies, Optional<IpAddress> parking) {
    /** With policies, and no address for circles. */
    public static final PlanOptions DEFAULT = new PlanOptions(true, Optional.empty());

    /** Checks that there is an option, be it empty. */
    public PlanOptions {
        Objects.requireNonNull(parking, "parking");
    }

    /** {@return these options, without policies} */
    public PlanOptions withoutPolicies() {
        return new PlanOptions(false, parking);
    }

    /** {@return these options, with an address that no SA has} */
    public PlanOptions withParking(IpAddress free) {
        return new PlanOptions(policies, Optional.of(free));
    }
}
