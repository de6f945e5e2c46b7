package org.xfrm4j.migrate;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.xfrm4j.sa.IpAddress;
import org.xfrm4j.wire.MigrateStateDecoder;
import org.xfrm4j.wire.MigrateStateEncoder;
import org.xfrm4j.wire.SaDecoder;

/**
 * The moves of a plan, outside the heap: each as the message that makes it, and as the one that takes it back. Numbered
 * in the order in which they were added.
 *
 * <p>Where an SA goes by way of a parking place, the two legs follow behind all moves, under numbers of their own: its
 * move still says from where to where it goes in the end, and it is the legs that are made.
 */
final class MoveTable implements AutoCloseable {
    private final NativeStore store = new NativeStore();
    private final MigrateStateEncoder encoder = new MigrateStateEncoder();
    private final MigrateStateDecoder forward = new MigrateStateDecoder();
    private final BackEncoder back = new BackEncoder();
    private long[] offsets = new long[64];
    private short[] forwardLengths = new short[64];
    private short[] backLengths = new short[64];
    private int[] sas = new int[64];
    /** Of all entries: moves, then legs. */
    private int count;
    /** Where the move stands that was begun last. */
    private long begunAt;
    /** By pair of legs: the move that they make up. */
    private final IntArray parked = new IntArray();

    /** Begins a move: it is encoded at its final place. Only the last one that was begun can be added. */
    MigrateStateEncoder begin() {
        begunAt = store.reserve(2L * (MigrateStateEncoder.MAX_ENCODED_LENGTH + Long.BYTES));
        return encoder.wrap(store.segment(begunAt), NativeStore.within(begunAt));
    }

    /** The move that was begun, to be looked at before it is added. */
    MigrateStateDecoder begun() {
        return forward.wrap(encoder.segment(), encoder.offset(), encoder.encode());
    }

    /**
     * Adds the move that was begun.
     *
     * @param number the SA's in the {@link SaTable}
     * @param sa the SA as it is now, from which the way back is made
     * @return the move's number
     */
    int add(int number, SaDecoder sa) {
        int length = encoder.encode();
        MigrateStateDecoder message = forward.wrap(encoder.segment(), encoder.offset(), length);
        store.keep(length);
        // Right behind it, in the room that was reserved for both.
        long backAt = store.reserve(MigrateStateEncoder.MAX_ENCODED_LENGTH);
        back.encode(message, sa, encoder.wrap(store.segment(backAt), NativeStore.within(backAt)));
        int backLength = encoder.encode();
        store.keep(backLength);
        return enter(number, begunAt, length, backLength);
    }

    private int enter(int sa, long at, int forwardLength, int backLength) {
        if (count == sas.length) {
            offsets = Arrays.copyOf(offsets, 2 * count);
            forwardLengths = Arrays.copyOf(forwardLengths, 2 * count);
            backLengths = Arrays.copyOf(backLengths, 2 * count);
            sas = Arrays.copyOf(sas, 2 * count);
        }
        offsets[count] = at;
        forwardLengths[count] = (short) forwardLength;
        backLengths[count] = (short) backLength;
        sas[count] = sa;
        return count++;
    }

    /** How many SAs move. */
    int count() {
        return count - 2 * parked.size();
    }

    /**
     * Has a move go by way of a parking place. No move can be added any more.
     *
     * @return the number of the first leg; the second has the next
     */
    int park(int move, IpAddress parking) {
        long longest = MigrateStateEncoder.MAX_ENCODED_LENGTH + Long.BYTES;
        // In one piece: each message back stands right behind its message.
        MemorySegment to = store.segment(store.reserve(4 * longest));
        MigrateStateDecoder itsForward = forward(move, new MigrateStateDecoder());
        MigrateStateDecoder itsBack = back(move, new MigrateStateDecoder());
        LegEncoder legs = new LegEncoder();
        long there = store.reserve(longest);
        int thereLength = legs.there(itsForward, itsBack, parking, to, NativeStore.within(there));
        store.keep(thereLength);
        int thereBackLength = legs.thereBack(itsForward, itsBack, parking, to,
                NativeStore.within(store.reserve(longest)));
        store.keep(thereBackLength);
        long on = store.reserve(longest);
        int onLength = legs.on(itsForward, itsBack, parking, to, NativeStore.within(on));
        store.keep(onLength);
        int onBackLength = legs.onBack(itsBack, parking, to, NativeStore.within(store.reserve(longest)));
        store.keep(onBackLength);
        int first = enter(sas[move], there, thereLength, thereBackLength);
        enter(sas[move], on, onLength, onBackLength);
        parked.add(move);
        return first;
    }

    /** Whether any SA goes by way of a parking place. */
    boolean hasLegs() {
        return parked.size() > 0;
    }

    /** Whether it is the first or second leg of a move, and not a whole one. */
    boolean isLeg(int number) {
        return number >= count();
    }

    /** The move that a leg belongs to; of a move itself that. */
    int moveOf(int number) {
        return isLeg(number) ? parked.get((number - count()) / 2) : number;
    }

    /** Whether it is the second of two legs. */
    boolean isSecondLeg(int number) {
        return isLeg(number) && (number - count()) % 2 == 1;
    }

    /** The SA that moves, by its number in the {@link SaTable}. */
    int sa(int move) {
        return sas[move];
    }

    /** Points a decoder at the move. */
    MigrateStateDecoder forward(int move, MigrateStateDecoder decoder) {
        return at(offsets[move], forwardLengths[move], decoder);
    }

    /** Points a decoder at the move back, which stands right behind the move. */
    MigrateStateDecoder back(int move, MigrateStateDecoder decoder) {
        return at(offsets[move] + (forwardLengths[move] + Long.BYTES - 1 & -Long.BYTES), backLengths[move], decoder);
    }

    private MigrateStateDecoder at(long at, int length, MigrateStateDecoder decoder) {
        return decoder.wrap(store.segment(at), NativeStore.within(at), length);
    }

    @Override
    public void close() {
        store.close();
    }
}
