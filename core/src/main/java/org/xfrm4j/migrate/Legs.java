package org.xfrm4j.migrate;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.xfrm4j.sa.SaId;
import org.xfrm4j.wire.MigrateStateDecoder;

/**
 * Which moves of a group are two legs of one SA's way, by way of a parking place: the second is the one that begins
 * where an earlier one ended. (In a chain it is the other way round: a place is left before another SA comes there.) So
 * the moves themselves tell, in a journal and backwards, too.
 */
final class Legs {
    private static final int NONE = -1;
    /** Every move is an SA's whole way. */
    static final Legs NO_LEGS = new Legs(null);

    /** By move: the other leg; null if there are none. */
    private final int[] other;

    private Legs(int[] other) {
        this.other = other;
    }

    static Legs of(GroupWork group) {
        int[] other = null;
        Map<SaId, Integer> reached = new HashMap<>();
        MigrateStateDecoder forward = new MigrateStateDecoder();
        for (int move = 0; group.moveCount() > 1 && move < group.moveCount(); move++) {
            group.forward(move, forward);
            Integer earlier = reached.get(MoveLookup.before(forward));
            if (earlier != null) {
                other = other == null ? noOthers(group.moveCount()) : other;
                other[earlier] = move;
                other[move] = earlier;
            }
            reached.put(MoveLookup.after(forward), move);
        }
        return other == null ? NO_LEGS : new Legs(other);
    }

    private static int[] noOthers(int count) {
        int[] none = new int[count];
        Arrays.fill(none, NONE);
        return none;
    }

    /** Whether the move goes on from where the SA was parked. */
    boolean isSecond(int move) {
        return other != null && other[move] != NONE && other[move] < move;
    }

    /** Whether the move goes to where the SA is parked. */
    boolean isFirst(int move) {
        return other != null && other[move] > move;
    }

    /** The first leg of a second one, and the second of a first one. */
    int other(int move) {
        return other[move];
    }

    /**
     * What became of an SA by what became of its legs; each null if it was not tried. One that is left where it was
     * parked is {@link Outcome#LOST} to its peer.
     */
    static Outcome both(Outcome first, Outcome second) {
        if (first != Outcome.MOVED) {
            return first;
        }
        return isParked(first, second) ? Outcome.LOST : second;
    }

    /** Whether the SA is left where it was parked. */
    static boolean isParked(Outcome first, Outcome second) {
        return first == Outcome.MOVED && (second == null || second == Outcome.REJECTED);
    }
}
