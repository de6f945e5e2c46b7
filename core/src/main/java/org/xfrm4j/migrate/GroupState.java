package org.xfrm4j.migrate;

/** How a migration left a group. */
public enum GroupState {
    /** Its SAs moved, save those that were gone, and its policies followed. */
    MOVED,
    /**
     * It is as it was, for nothing of it was changed: a policy was no longer as planned, the kernel refused all of it,
     * or the migration was cancelled before.
     */
    UNTOUCHED,
    /** Something could not be done, and all of it is as it was before. */
    TAKEN_BACK,
    /**
     * Something could not be done, nor could all be taken back. Its outgoing packets are blocked, so that none leaves
     * in cleartext: somebody has to look.
     */
    STUCK
}
