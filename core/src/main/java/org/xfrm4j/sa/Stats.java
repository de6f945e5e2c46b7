package org.xfrm4j.sa;

/**
 * How many packets an SA has dropped, and why ({@code struct xfrm_stats}). All are unsigned.
 *
 * @param replayWindow older than the replay window
 * @param replay seen before
 * @param integrityFailed their integrity check failed
 */
public record Stats(int replayWindow, int replay, int integrityFailed) {
    /** None. */
    public static final Stats NONE = new Stats(0, 0, 0);
}
