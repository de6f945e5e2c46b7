package org.xfrm4j.migrate;

/** Which numbers belong together: joined in pairs, directly or by way of others (union-find). */
final class Components {
    private final int[] parents;

    Components(int count) {
        parents = new int[count];
        for (int i = 0; i < count; i++) {
            parents[i] = i;
        }
    }

    void join(int one, int other) {
        int root = root(one);
        int otherRoot = root(other);
        // The lower number leads, so that the order of what came first is kept.
        parents[Math.max(root, otherRoot)] = Math.min(root, otherRoot);
    }

    /** The number that stands for all that belong together with this one: the lowest. */
    int root(int number) {
        int at = number;
        while (parents[at] != at) {
            parents[at] = parents[parents[at]];
            at = parents[at];
        }
        return at;
    }
}
