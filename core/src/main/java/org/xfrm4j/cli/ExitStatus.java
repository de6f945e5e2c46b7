package org.xfrm4j.cli;

/** What the process tells its caller. Part of the command line's interface: numbers never change. */
final class ExitStatus {
    /** All was done; in a migration: all SAs have moved. */
    static final int DONE = 0;
    /** Something was not done; in a migration: some SAs have not moved. */
    static final int NOT_ALL = 1;
    /** The command line is wrong; nothing was done. */
    static final int USAGE = 2;
    /** The kernel, or the JVM, does not support or permit it. */
    static final int UNSUPPORTED = 3;
    /** Interrupted half way, in good order: it can be gone on with. */
    static final int INTERRUPTED = 4;

    private ExitStatus() {
    }
}
