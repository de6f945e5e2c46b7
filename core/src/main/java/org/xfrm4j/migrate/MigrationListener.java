package org.xfrm4j.migrate;

/** Follows a migration, and may end it between groups. Called by the thread that runs it. */
@FunctionalInterface
public interface MigrationListener {
    /** Follows nothing. */
    MigrationListener NONE = (done, all) -> true;

    /**
     * Some more groups are done.
     *
     * @param done how many groups are
     * @param all how many there are by now: more when SAs were found that others added meanwhile
     * @return whether to go on; false leaves the rest untouched
     */
    boolean progress(int done, int all);
}
