package org.xfrm4j;

/**
 * Figures of the Security Association Database.
 *
 * @param count how many SAs there are, those that wait for an IKE daemon included
 * @param buckets buckets that its hash tables have
 * @param maxBuckets buckets that they may grow to
 */
public record SadInformation(int count, int buckets, int maxBuckets) {
}
