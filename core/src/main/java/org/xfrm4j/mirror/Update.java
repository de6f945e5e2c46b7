package org.xfrm4j.mirror;

/**
 * What one {@link Mirror#update} did.
 *
 * @param events how many events it applied
 * @param losses how often the kernel had dropped events, so that the mirror was made anew by dump. What happened
 *     meanwhile is in the mirror, but was seen by nobody one by one
 */
public record Update(int events, int losses) {
    /** {@return whether the mirror was made anew after a loss} */
    public boolean resynchronized() {
        return losses > 0;
    }
}
