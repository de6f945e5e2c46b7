package org.xfrm4j.migrate;

/**
 * How many SAs had which outcome.
 *
 * @param moved {@link Outcome#MOVED}
 * @param rejected {@link Outcome#REJECTED}
 * @param gone {@link Outcome#GONE}
 * @param lost {@link Outcome#LOST}
 * @param skipped those that were not to move
 */
public record MoveCounts(long moved, long rejected, long gone, long lost, long skipped) {
}
