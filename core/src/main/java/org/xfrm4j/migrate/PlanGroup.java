package org.xfrm4j.migrate;

import java.util.List;
import org.xfrm4j.policy.Policy;
import org.xfrm4j.sa.IpAddress;
import org.xfrm4j.sa.SaId;

/**
 * One group of a plan, as values: policies and SAs that change together. See {@link MigrationPlan#group}.
 *
 * @param outgoing whether its policies block while its SAs move
 * @param policies what becomes of its policies
 * @param moves what becomes of its SAs, in the order in which they move; empty where policies change that use no SA
 */
public record PlanGroup(boolean outgoing, List<PolicyChange> policies, List<SaMove> moves) {
    /** Copies the lists. */
    public PlanGroup {
        policies = List.copyOf(policies);
        moves = List.copyOf(moves);
    }

    /**
     * A policy that changes, or blocks while its SAs move.
     *
     * @param before as it is
     * @param after as it will be
     */
    public record PolicyChange(Policy before, Policy after) {
    }

    /**
     * An SA that moves.
     *
     * @param sa what names it now
     * @param source its outer source; null for the second of two moves of one SA, which begins where the first has
     *     ended
     * @param newSource its new outer source
     * @param newDestination its new outer destination
     * @param newReqid its new reqid
     * @param parked whether this is the first of two moves, to a free address and no further, because another SA stands
     *     in the way
     */
    public record SaMove(SaId sa, IpAddress source, IpAddress newSource, IpAddress newDestination, int newReqid,
            boolean parked) {
        /** {@return from where to where, in words} */
        @Override
        public String toString() {
            return "sa " + sa + " from " + (source == null ? "there" : source)
                    + (parked ? " is parked at " + newDestination
                            : " becomes " + newSource + " → " + newDestination + " reqid "
                                    + Integer.toUnsignedString(newReqid));
        }
    }
}
