package org.xfrm4j;

import org.xfrm4j.netlink.DumpCursor;
import org.xfrm4j.wire.PolicyDecoder;

/**
 * The policies of a dump, one at a time, where the kernel put them; no object is made for each. Until it is closed its
 * {@link Xfrm} can do nothing else. Belongs to that one's thread; who takes the dump closes it.
 *
 * <pre>
 *   try (PolicyDump dump = xfrm.policies().dump()) {
 *       while (dump.next()) { … dump.policy().index() … }
 *   }
 * </pre>
 */
public final class PolicyDump implements AutoCloseable {
    private final DumpCursor dump;
    private final PolicyDecoder policy = new PolicyDecoder();

    PolicyDump(DumpCursor dump) {
        this.dump = dump;
    }

    /**
     * Goes to the next policy.
     *
     * @return false at the end
     * @throws org.xfrm4j.netlink.DumpInterruptedException at the end of an inconsistent dump, which has to be taken
     *     again
     * @throws org.xfrm4j.netlink.MalformedMessageException when the kernel's bytes cannot be understood
     * @throws org.xfrm4j.netlink.NetlinkException when the kernel refused the dump (EPERM without CAP_NET_ADMIN) or
     *     broke it off
     */
    public boolean next() {
        boolean found = dump.next();
        if (found) {
            policy.wrap(dump.segment(), dump.payloadOffset(), dump.payloadLength());
        }
        return found;
    }

    /**
     * The policy at which the dump stands.
     *
     * @return always the same decoder; what it shows is overwritten by the next call of {@link #next}
     */
    public PolicyDecoder policy() {
        return policy;
    }

    /** Ends the dump. What was left is read, since the kernel would go on with it. */
    @Override
    public void close() {
        dump.close();
    }
}
