package org.xfrm4j.migrate;

import java.util.HashSet;
import java.util.Set;
import org.xfrm4j.Xfrm;
import org.xfrm4j.sa.SaId;
import org.xfrm4j.wire.MigrateStateDecoder;

/** Looks where the SAs of a group are that was begun. */
final class Whereabouts {
    private final MoveLookup lookup;
    private final MigrateStateDecoder forward = new MigrateStateDecoder();
    private final MigrateStateDecoder back = new MigrateStateDecoder();

    Whereabouts(Xfrm xfrm) {
        this.lookup = new MoveLookup(xfrm);
    }

    /**
     * By move: MOVED at its new place, REJECTED at its old one, LOST at neither. Of an SA that goes by way of a parking
     * place, both legs are REJECTED at its old place, only the second at the parking place, and both MOVED at the new.
     */
    Outcome[] of(GroupWork group) {
        Legs legs = group.legs();
        Outcome[] outcomes = new Outcome[group.moveCount()];
        Set<SaId> reached = new HashSet<>();
        // Last move first: where it has got to is where, in a chain, an earlier one stood.
        for (int move = outcomes.length - 1; move >= 0; move--) {
            Outcome second = legs.isFirst(move) ? outcomes[legs.other(move)] : null;
            if (second == Outcome.MOVED || second == Outcome.REJECTED) {
                outcomes[move] = Outcome.MOVED;
                continue;
            }
            group.forward(move, forward);
            outcomes[move] = lookup.look(forward, group.back(move, back), reached.contains(MoveLookup.before(forward)));
            if (outcomes[move] == Outcome.MOVED) {
                reached.add(MoveLookup.after(forward));
            }
            if (second == Outcome.LOST) {
                outcomes[legs.other(move)] = outcomes[move] == Outcome.MOVED ? Outcome.REJECTED : outcomes[move];
            }
        }
        return outcomes;
    }
}
