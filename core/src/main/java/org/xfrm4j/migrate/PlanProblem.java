package org.xfrm4j.migrate;

import java.util.Objects;

/**
 * Why a plan cannot run. Found before anything is touched.
 *
 * @param subject the SA or policy it is about
 * @param reason what would go wrong
 */
public record PlanProblem(String subject, String reason) {
    /** Checks that both are there. */
    public PlanProblem {
        Objects.requireNonNull(subject, "subject");
        Objects.requireNonNull(reason, "reason");
    }

    /** {@return subject and reason} */
    @Override
    public String toString() {
        return subject + ": " + reason;
    }
}
