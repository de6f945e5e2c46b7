package org.xfrm4j.migrate;

/** What a migration spends its time on. The phases of a report do not overlap: together they are its whole time. */
public enum MigrationPhase {
    /** Policies are asked for, and compared with those that were planned with. */
    CHECK,
    /** What undoes a step is written to the journal, and forced to disk. */
    JOURNAL,
    /** Policies are made to block and SAs move; both go in the same transmissions. */
    MOVE,
    /** SAs are looked up: those whose marks other SAs match as well, those whose moves got no certain answer. */
    LOOK_UP,
    /** Policies are put back with their new ends, and those of old selectors deleted. */
    FOLLOW,
    /** Groups of which something could not be done are taken back. */
    TAKE_BACK,
    /** SAs and policies are dumped and planned again, for SAs that somebody added meanwhile. */
    LOOK_AGAIN,
    /** SAs are read back. */
    VERIFY,
    /** Everything else: the listener, putting steps together, the report. */
    OTHER
}
