package org.xfrm4j.migrate;

/**
 * How a plan is made.
 *
 * @param policies whether policies change with their SAs; false where the user keeps policies by other means
 */
public record PlanOptions(boolean policies) {
    /** With policies. */
    public static final PlanOptions DEFAULT = new PlanOptions(true);
    /** SAs alone. Nothing blocks while they move: to see to that is then the user's. */
    public static final PlanOptions SAS_ONLY = new PlanOptions(false);
}
