package org.xfrm4j.migrate;

import java.util.Arrays;

/** The SPIs of the moves that wait in a batch. Open addressing; allocates nothing once it is made. */
final class SpiSet {
    /** The kernel takes no message with this one. */
    private static final int FREE = 0;

    private final int[] slots;

    /** @param capacity how many it takes at most */
    SpiSet(int capacity) {
        slots = new int[Integer.highestOneBit(capacity) * 4];
    }

    void add(int spi) {
        slots[slot(spi)] = spi;
    }

    boolean contains(int spi) {
        return spi != FREE && slots[slot(spi)] == spi;
    }

    /** Where it is, or would be. */
    private int slot(int spi) {
        int slot = HashIndex.mix(0, spi) & slots.length - 1;
        while (slots[slot] != FREE && slots[slot] != spi) {
            slot = slot + 1 & slots.length - 1;
        }
        return slot;
    }

    void clear() {
        Arrays.fill(slots, FREE);
    }
}
