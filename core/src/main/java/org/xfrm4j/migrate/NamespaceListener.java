package org.xfrm4j.migrate;

import org.xfrm4j.netlink.NetworkNamespace;

/** Follows the migrations of several network namespaces. Called by their threads, by several at the same time. */
@FunctionalInterface
public interface NamespaceListener {
    /** Follows nothing. */
    NamespaceListener NONE = (namespace, done, all) -> true;

    /**
     * Some more groups of a namespace are done.
     *
     * @param namespace which
     * @param done how many of its groups are
     * @param all how many it has
     * @return whether to go on in this namespace; false leaves the rest of it untouched, and the other namespaces alone
     */
    boolean progress(NetworkNamespace namespace, int done, int all);
}
