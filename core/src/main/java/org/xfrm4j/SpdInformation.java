package org.xfrm4j;

/**
 * Figures of the Security Policy Database.
 *
 * @param in policies for packets that come in
 * @param out policies for packets that go out
 * @param forward policies for packets that are forwarded
 * @param socketIn policies of sockets for packets that come in
 * @param socketOut policies of sockets for packets that go out
 * @param buckets buckets of the hash table by index, as Linux tells them: one less than there are
 * @param maxBuckets buckets that it may grow to
 * @param ipv4Thresholds which policies of IPv4 are hashed by their addresses
 * @param ipv6Thresholds which policies of IPv6 are hashed by their addresses
 */
public record SpdInformation(
        int in,
        int out,
        int forward,
        int socketIn,
        int socketOut,
        int buckets,
        int maxBuckets,
        HashThresholds ipv4Thresholds,
        HashThresholds ipv6Thresholds) {
}
