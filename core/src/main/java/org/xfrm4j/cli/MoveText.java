package org.xfrm4j.cli;

import java.util.ArrayList;
import java.util.List;
import org.xfrm4j.migrate.Change;
import org.xfrm4j.migrate.Move;
import org.xfrm4j.migrate.NewSelector;

/** Tells a person what one XFRM_MSG_MIGRATE_STATE asks for. */
final class MoveText {
    private MoveText() {
    }

    static String of(Move move) {
        List<String> lines = new ArrayList<>();
        lines.add(move.sa() + " becomes");
        lines.add("src " + move.newSource() + " dst " + move.newDestination());
        lines.add("reqid " + Integer.toUnsignedString(move.newReqid()));
        lines.add("sel " + switch (move.newSelector()) {
            case NewSelector.To to -> to.selector().toString();
            case NewSelector.HostToHost made -> "made by the kernel of the new addresses";
        });
        add(lines, "mark", move.mark());
        add(lines, "encap", move.encap());
        add(lines, "output-mark", move.outputMark());
        add(lines, "offload", move.offload());
        add(lines, "nat-keepalive-interval", move.natKeepaliveSeconds());
        add(lines, "mtimer-thresh", move.mappingThresholdSeconds());
        return String.join("\n\t", lines);
    }

    private static void add(List<String> lines, String name, Change<?> change) {
        switch (change) {
            case Change.Inherit<?> kept -> { }
            case Change.Set<?> set -> lines.add(set.value().toString().startsWith(name) ? set.value().toString()
                    : name + " " + set.value());
            case Change.Clear<?> cleared -> lines.add(name + " none");
        }
    }
}
