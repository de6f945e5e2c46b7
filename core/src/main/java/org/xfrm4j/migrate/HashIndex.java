package org.xfrm4j.migrate;

import java.util.Arrays;

/**
 * Finds numbered entries by a hash; several may have the same. Chains through an array, so that an entry costs two
 * ints.
 */
final class HashIndex {
    static final int NONE = -1;
    private static final int FIRST_BUCKETS = 1024;

    private int[] buckets = filled(FIRST_BUCKETS);
    private int[] next = new int[FIRST_BUCKETS];
    private int[] hashes = new int[FIRST_BUCKETS];
    private int count;

    private static int[] filled(int size) {
        int[] array = new int[size];
        Arrays.fill(array, NONE);
        return array;
    }

    /** Enters the next number, which is the count of those before. */
    void add(int hash) {
        if (count == next.length) {
            grow();
        }
        hashes[count] = hash;
        link(count);
        count++;
    }

    private void link(int entry) {
        int bucket = hashes[entry] & buckets.length - 1;
        next[entry] = buckets[bucket];
        buckets[bucket] = entry;
    }

    private void grow() {
        next = new int[2 * count];
        hashes = Arrays.copyOf(hashes, 2 * count);
        buckets = filled(2 * count);
        for (int entry = 0; entry < count; entry++) {
            link(entry);
        }
    }

    /** The last entry with this hash, or {@link #NONE}. */
    int first(int hash) {
        return skip(buckets[hash & buckets.length - 1], hash);
    }

    /** The one before it with the same hash, or {@link #NONE}. */
    int next(int entry) {
        return skip(next[entry], hashes[entry]);
    }

    private int skip(int entry, int hash) {
        int at = entry;
        while (at != NONE && hashes[at] != hash) {
            at = next[at];
        }
        return at;
    }

    static int mix(int hash, int value) {
        int mixed = (hash ^ value) * 0x9e3779b1;
        return mixed ^ mixed >>> 15;
    }

    static int mix(int hash, long value) {
        return mix(mix(hash, (int) value), (int) (value >>> Integer.SIZE));
    }
}
