package org.xfrm4j.migrate;

/** What became of an SA that was to move. */
public enum Outcome {
    /** It stands at its new place, and no longer at the old one. */
    MOVED,
    /** It was not moved, and stands where it stood: the move can be tried again. */
    REJECTED,
    /** It was no longer there, or vanished (expired, deleted) in the same moment; nothing was done. */
    GONE,
    /**
     * It is neither at the old place nor at the new one, though it was to be moved: the flow has to be rekeyed. Or it
     * could not go on from where it was parked ({@link PlanOptions#parking()}), as its report then says.
     */
    LOST
}
