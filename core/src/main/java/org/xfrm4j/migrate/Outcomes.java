package org.xfrm4j.migrate;

import org.xfrm4j.netlink.BatchResults;
import org.xfrm4j.netlink.Errno;

/** What the kernel's answer to a move means (xfrm_do_migrate_state, net/xfrm/xfrm_user.c). */
final class Outcomes {
    /** The kernel's text with EEXIST before anything is touched; it has another for when it is too late. */
    static final String TAKEN = "New SA tuple already occupied";

    private Outcomes() {
    }

    /** Whether the answer tells where the SA is; otherwise it has to be looked up. */
    static boolean isCertain(int error, BatchResults results, int index) {
        return switch (error) {
            case 0, Errno.ESRCH, Errno.EINVAL, Errno.EPERM, Errno.EOPNOTSUPP, Errno.ENOPROTOOPT, Errno.EAFNOSUPPORT ->
                    true;
            // The same number when the new SA could not be inserted, and the old one was deleted already.
            case Errno.EEXIST -> TAKEN.equals(results.text(index));
            default -> false;
        };
    }

    /** The outcome that a certain answer tells. */
    static Outcome of(int error) {
        return switch (error) {
            case 0 -> Outcome.MOVED;
            case Errno.ESRCH -> Outcome.GONE;
            default -> Outcome.REJECTED;
        };
    }
}
