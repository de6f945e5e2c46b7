package org.xfrm4j.cli;

import org.xfrm4j.netlink.NetworkNamespace;
import picocli.CommandLine.Option;

/** Where: the network namespace. */
final class NetnsOption {
    @Option(names = {"-n", "--netns"}, paramLabel = "NAME",
            description = "The network namespace: a name of 'ip netns', or a file such as /proc/4711/ns/net.")
    private NetworkNamespace namespace = NetworkNamespace.current();

    NetworkNamespace namespace() {
        return namespace;
    }
}
