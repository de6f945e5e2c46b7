package org.xfrm4j.migrate;

/** Gets the outcome of each SA of a migration. Called for every SA: on the hot path, by the thread that moves them. */
@FunctionalInterface
public interface MoveListener {
    /** Listens to nothing; the counts tell enough. */
    MoveListener NONE = report -> { };

    /**
     * One SA's outcome.
     *
     * @param report what is to be known; valid during the call
     */
    void outcome(MoveReport report);
}
