package org.xfrm4j;

/**
 * From which prefix lengths on the kernel finds policies of a family through its hash table ({@code struct
 * xfrmu_spdhthresh}): those whose prefixes both have at least so many bits. The others it looks up in a tree.
 *
 * @param local bits of the local prefix: the source of outgoing packets
 * @param remote bits of the remote prefix
 */
public record HashThresholds(int local, int remote) {
    /** How a network namespace starts for IPv4: only policies of two hosts. */
    public static final HashThresholds HOSTS_IPV4 = new HashThresholds(32, 32);
    /** How a network namespace starts for IPv6: only policies of two hosts. */
    public static final HashThresholds HOSTS_IPV6 = new HashThresholds(128, 128);

    /** {@return the thresholds, local before remote} */
    @Override
    public String toString() {
        return local + " " + remote;
    }
}
