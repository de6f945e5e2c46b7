package org.xfrm4j.json;

import java.util.Locale;
import org.xfrm4j.event.AcquireRaised;
import org.xfrm4j.event.DefaultsChanged;
import org.xfrm4j.event.MappingChanged;
import org.xfrm4j.event.Migrated;
import org.xfrm4j.event.Missed;
import org.xfrm4j.event.Nothing;
import org.xfrm4j.event.Notice;
import org.xfrm4j.event.PacketReported;
import org.xfrm4j.event.PolicyAdded;
import org.xfrm4j.event.PolicyDeleted;
import org.xfrm4j.event.PolicyExpired;
import org.xfrm4j.event.PolicyFlushed;
import org.xfrm4j.event.PolicyUpdated;
import org.xfrm4j.event.SaAdded;
import org.xfrm4j.event.SaDeleted;
import org.xfrm4j.event.SaExpired;
import org.xfrm4j.event.SaFlushed;
import org.xfrm4j.event.SaUpdated;
import org.xfrm4j.event.SequenceNumbersChanged;
import org.xfrm4j.event.StateMigrated;
import org.xfrm4j.event.UnknownEvent;
import org.xfrm4j.event.XfrmEvent;
import org.xfrm4j.wire.XfrmMessages;

/** Events: {@code event} is the name of the Java type in snake_case. */
final class EventJson {
    private EventJson() {
    }

    static void write(Json json, Notice notice, boolean keys) {
        json.begin();
        json.putText("event", notice.getClass().getSimpleName().replaceAll("(?<=.)(?=[A-Z])", "_")
                .toLowerCase(Locale.ROOT));
        switch (notice) {
            case Missed _, Nothing _ -> { }
            case XfrmEvent event -> {
                json.begin("origin");
                json.putUnsigned("sequence", event.origin().sequence());
                json.putUnsigned("port", event.origin().port());
                json.end();
                fields(json, event, keys);
            }
        }
        json.end();
    }

    private static void fields(Json json, XfrmEvent event, boolean keys) {
        switch (event) {
            case SaAdded added -> SaJson.write(json, "sa", added.sa(), keys);
            case SaUpdated updated -> SaJson.write(json, "sa", updated.sa(), keys);
            case SaDeleted deleted -> SaJson.write(json, "sa", deleted.sa(), keys);
            case SaExpired expired -> {
                json.put("hard", expired.hard());
                SaJson.write(json, "sa", expired.sa(), keys);
            }
            case SaFlushed flushed -> json.put("protocol", flushed.protocol());
            case PolicyAdded added -> PolicyJson.write(json, "policy", added.policy(), keys);
            case PolicyUpdated updated -> PolicyJson.write(json, "policy", updated.policy(), keys);
            case PolicyDeleted deleted -> PolicyJson.write(json, "policy", deleted.policy(), keys);
            case PolicyExpired expired -> {
                json.put("hard", expired.hard());
                PolicyJson.write(json, "policy", expired.policy(), keys);
            }
            case PolicyFlushed flushed -> PolicyJson.type(json, flushed.type());
            case DefaultsChanged changed -> PolicyJson.defaults(json, changed.defaults());
            case AcquireRaised raised -> PolicyJson.acquire(json, raised.acquire(), keys);
            case SequenceNumbersChanged changed -> SaJson.counters(json, changed.counters());
            case Migrated migrated -> PolicyJson.migrate(json, migrated.migrate());
            case StateMigrated migrated -> moved(json, migrated);
            case MappingChanged changed -> mapping(json, changed);
            case PacketReported reported -> {
                json.putText("protocol", reported.protocol());
                Parts.selector(json, "selector", reported.selector());
                json.putTextUnlessNull("care_of_address", reported.careOfAddress());
            }
            case UnknownEvent unknown -> {
                json.put("type", unknown.type());
                json.putText("name", XfrmMessages.name(unknown.type()));
                json.put("bytes", unknown.payload().length);
                if (keys) {
                    json.putBytes("payload", unknown.payload());
                }
            }
        }
    }

    private static void moved(Json json, StateMigrated moved) {
        SaJson.id(json, "sa", moved.sa());
        json.putText("new_source", moved.newSource());
        json.putText("new_destination", moved.newDestination());
        Parts.selector(json, "new_selector", moved.newSelector());
        json.putUnsigned("new_reqid", moved.newReqid());
        SaJson.direction(json, moved.direction(), moved.newMark());
        Parts.encap(json, moved.encap());
        Parts.mark(json, "output_mark", moved.outputMark());
        Parts.offload(json, moved.offload());
        json.putUnlessZero("nat_keepalive_interval_seconds", moved.natKeepaliveInterval());
        json.putUnlessZero("mapping_threshold_seconds", moved.mappingThreshold());
    }

    private static void mapping(Json json, MappingChanged changed) {
        SaJson.id(json, "sa", changed.sa());
        json.putUnsigned("reqid", changed.reqid());
        json.putText("old_source", changed.oldSource());
        json.put("old_source_port", changed.oldSourcePort());
        json.putText("new_source", changed.newSource());
        json.put("new_source_port", changed.newSourcePort());
    }
}
