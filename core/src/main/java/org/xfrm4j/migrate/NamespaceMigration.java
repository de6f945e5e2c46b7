package org.xfrm4j.migrate;

import java.util.Objects;
import org.xfrm4j.netlink.NetworkNamespace;

/**
 * What is to be done in one network namespace of several; see {@link NamespaceMigrations}.
 *
 * @param namespace where
 * @param rule which SAs move, and where to; called by the thread of the namespace. One that is used for several
 *     namespaces is called by several threads at once, which those of {@link MoveRule#of} do not mind
 * @param planning how it is planned
 * @param running how it is run
 */
public record NamespaceMigration(NetworkNamespace namespace, MoveRule rule, PlanOptions planning, RunOptions running) {
    /** Checks that all are there. */
    public NamespaceMigration {
        Objects.requireNonNull(namespace, "namespace");
        Objects.requireNonNull(rule, "rule");
        Objects.requireNonNull(planning, "planning");
        Objects.requireNonNull(running, "running");
    }

    /** {@return a migration with the default options} */
    public static NamespaceMigration of(NetworkNamespace namespace, MoveRule rule) {
        return new NamespaceMigration(namespace, rule, PlanOptions.DEFAULT, RunOptions.DEFAULT);
    }
}
