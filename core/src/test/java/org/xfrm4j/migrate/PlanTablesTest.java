package org.xfrm4j.migrate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** What a plan is kept in: {@link HashIndex}, {@link NativeStore}, {@link Components}, {@link IntArray}. */
class PlanTablesTest {
    private final Random random = new Random(5);

    @Test
    void indexFindsAllOfOneHashLastFirstAndNoOther() {
        for (int different : new int[] {1, 7, 100_000}) {
            HashIndex index = new HashIndex();
            Map<Integer, List<Integer>> model = new HashMap<>();
            for (int entry = 0; entry < (different == 1 ? 3_000 : 20_000); entry++) {
                // Many share a bucket: their lower bits are alike.
                int hash = random.nextInt(different) << 10 | (random.nextInt(10) == 0 ? 1 : 0);
                index.add(hash);
                model.computeIfAbsent(hash, key -> new ArrayList<>()).addFirst(entry);
            }
            model.forEach((hash, entries) -> assertEquals(entries, found(index, hash)));
            assertEquals(List.of(), found(index, 2));
            assertEquals(List.of(), found(index, Integer.MIN_VALUE | 3));
        }
    }

    private static List<Integer> found(HashIndex index, int hash) {
        List<Integer> found = new ArrayList<>();
        for (int entry = index.first(hash); entry != HashIndex.NONE; entry = index.next(entry)) {
            found.add(entry);
        }
        return found;
    }

    @Test
    void emptyIndexFindsNothing() {
        assertEquals(HashIndex.NONE, new HashIndex().first(0));
    }

    @Test
    void mixTellsNeighboursApart() {
        TreeSet<Integer> buckets = new TreeSet<>();
        for (int spi = 0; spi < 1024; spi++) {
            buckets.add(HashIndex.mix(0, (long) spi << 32) & 1023);
        }
        // By chance alone it would be 647.
        assertTrue(buckets.size() > 600, buckets::toString);
    }

    @Test
    void storeKeepsAllThatWasAppendedAtItsOffsetWhileItGrows() {
        Map<Long, byte[]> model = new HashMap<>();
        try (NativeStore store = new NativeStore()) {
            for (int i = 0; i < 3_000; i++) {
                byte[] bytes = new byte[i == 1_500 ? (int) NativeStore.CHUNK_BYTES : random.nextInt(400)];
                random.nextBytes(bytes);
                long at = store.append(MemorySegment.ofArray(bytes), 0, bytes.length);
                assertEquals(0, at % 8);
                model.put(at, bytes);
                if (i % 100 == 0) {
                    // What was reserved and not kept is overwritten by what comes next.
                    long reserved = store.reserve(1_000);
                    store.segment(reserved).asSlice(NativeStore.within(reserved), 1_000).fill((byte) 0x55);
                }
            }
            model.forEach((at, bytes) -> assertEquals(-1, MemorySegment.ofArray(bytes)
                    .mismatch(store.segment(at).asSlice(NativeStore.within(at), bytes.length))));
        }
    }

    @Test
    void storeTakesNoMoreAtOnceThanAChunk() {
        try (NativeStore store = new NativeStore()) {
            store.append(MemorySegment.ofArray(new byte[8]), 0, 8);
            assertThrows(IllegalArgumentException.class, () -> store.reserve(NativeStore.CHUNK_BYTES + 1));
        }
    }

    @Test
    void whatTheStoreKeepsStaysWhereItIsUntilItIsClosed() {
        NativeStore store = new NativeStore();
        long first = store.append(MemorySegment.ofArray(new byte[] {42}), 0, 1);
        MemorySegment before = store.segment(first);
        for (int i = 0; i < 20; i++) {
            store.append(MemorySegment.ofArray(new byte[100_000]), 0, 100_000);
        }
        MemorySegment last = store.segment(store.reserve(1));
        assertEquals(42, before.get(ValueLayout.JAVA_BYTE, 0));
        store.close();
        assertThrows(IllegalStateException.class, () -> before.get(ValueLayout.JAVA_BYTE, 0));
        assertThrows(IllegalStateException.class, () -> last.get(ValueLayout.JAVA_BYTE, 0));
    }

    /** More than fit into one chunk, of which they leave the end unused. */
    @Test
    void tableOfSasFindsEachByItsNumber() {
        try (SaTable table = new SaTable()) {
            int count = 3 * (int) NativeStore.CHUNK_BYTES / 72;
            for (int spi = 1; spi <= count; spi++) {
                assertEquals(spi - 1, table.add(new DumpedSa(TestGateway.out(1).spi(spi).build()).decoder()));
            }
            for (int sa = 0; sa < count; sa++) {
                assertEquals(sa + 1, table.spi(sa));
                assertEquals(TestGateway.out(1).spi(sa + 1).build().id(), table.id(sa));
            }
        }
    }

    @Test
    void componentsAreWhatIsReachableAndTheLowestLeads() {
        int count = 500;
        for (int pairs : new int[] {0, 100, 300, 2_000}) {
            Components components = new Components(count);
            List<List<Integer>> neighbours = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                neighbours.add(new ArrayList<>());
            }
            for (int i = 0; i < pairs; i++) {
                int one = random.nextInt(count);
                int other = random.nextInt(count);
                components.join(one, other);
                neighbours.get(one).add(other);
                neighbours.get(other).add(one);
            }
            for (int i = 0; i < count; i++) {
                assertEquals(Collections.min(reachable(i, neighbours)), components.root(i));
            }
        }
    }

    private static TreeSet<Integer> reachable(int from, List<List<Integer>> neighbours) {
        TreeSet<Integer> seen = new TreeSet<>(List.of(from));
        List<Integer> open = new ArrayList<>(seen);
        while (!open.isEmpty()) {
            for (int next : neighbours.get(open.removeLast())) {
                if (seen.add(next)) {
                    open.add(next);
                }
            }
        }
        return seen;
    }

    @Test
    void componentsOfALongChainAreFoundQuickly() {
        int count = 1_000_000;
        Components components = new Components(count);
        for (int i = count - 1; i > 0; i--) {
            components.join(i, i - 1);
        }
        for (int i = 0; i < count; i++) {
            assertEquals(0, components.root(i));
        }
    }

    @Test
    void arrayGrowsAndForgetsFromAnIndexOn() {
        IntArray array = new IntArray();
        for (int i = 0; i < 1_000; i++) {
            array.add(i * 3);
        }
        array.set(5, -1);
        array.truncate(10);
        array.add(77);
        assertEquals(11, array.size());
        assertEquals(List.of(-1, 27, 77), List.of(array.get(5), array.get(9), array.get(10)));
    }
}
