package org.xfrm4j.cli;

import java.util.Locale;
import org.xfrm4j.Refusal;
import org.xfrm4j.json.JsonWriter;
import org.xfrm4j.migrate.Change;
import org.xfrm4j.migrate.Move;
import org.xfrm4j.migrate.MoveResult;
import org.xfrm4j.migrate.NewSelector;
import org.xfrm4j.netlink.Errno;
import org.xfrm4j.sa.SaId;

/** Tells a program what one XFRM_MSG_MIGRATE_STATE asks for, and what became of it. */
record MoveJson(JsonWriter json) {
    private static final String ABSENT = "none";

    void write(MoveResult result) {
        json.beginObject();
        json.name("move");
        write(result.move());
        json.name("outcome").value(result.outcome().name().toLowerCase(Locale.ROOT));
        if (result.refusal() != null) {
            refusal(result.refusal());
        }
        text("warning", result.warning());
        json.endObject();
    }

    void write(Move move) {
        json.beginObject();
        id(move.sa());
        text("new_source", move.newSource());
        text("new_destination", move.newDestination());
        json.name("new_reqid").value(Integer.toUnsignedLong(move.newReqid()));
        switch (move.newSelector()) {
            case NewSelector.To to -> text("new_selector", to.selector());
            case NewSelector.HostToHost made -> text("new_selector", "host-to-host");
        }
        change("mark", move.mark());
        change("encap", move.encap());
        change("output_mark", move.outputMark());
        change("offload", move.offload());
        change("nat_keepalive_interval_seconds", move.natKeepaliveSeconds());
        change("mapping_threshold_seconds", move.mappingThresholdSeconds());
        json.endObject();
    }

    private void id(SaId id) {
        json.name("sa").beginObject();
        text("destination", id.destination());
        text("protocol", id.protocol());
        text("spi", String.format("0x%08x", id.spi()));
        if (!id.mark().isNone()) {
            text("mark", id.mark());
        }
        json.endObject();
    }

    private void refusal(Refusal refusal) {
        json.name("refusal").beginObject();
        json.name("errno").value(refusal.errno());
        text("errno_name", refusal.errno() == 0 ? null : Errno.name(refusal.errno()));
        text("text", refusal.text());
        text("attribute", refusal.attribute());
        json.endObject();
    }

    private void change(String name, Change<?> change) {
        switch (change) {
            case Change.Inherit<?> kept -> { }
            case Change.Set<?> set -> text(name, set.value());
            case Change.Clear<?> cleared -> text(name, ABSENT);
        }
    }

    private void text(String name, Object value) {
        if (value != null) {
            json.name(name).value(value.toString());
        }
    }
}
