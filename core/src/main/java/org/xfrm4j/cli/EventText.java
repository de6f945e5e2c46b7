package org.xfrm4j.cli;

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
import org.xfrm4j.policy.Policy;
import org.xfrm4j.policy.Template;
import org.xfrm4j.sa.Direction;
import org.xfrm4j.sa.Protocol;
import org.xfrm4j.sa.SecurityAssociation;

/** Tells a person of an event, in a line. */
final class EventText {
    private EventText() {
    }

    static String of(Notice notice) {
        String line = switch (notice) {
            case SaAdded event -> "sa added: " + sa(event.sa());
            case SaUpdated event -> "sa updated: " + sa(event.sa());
            case SaDeleted event -> "sa deleted: " + sa(event.sa());
            case SaExpired event -> "sa expired, " + hard(event.hard()) + ": " + sa(event.sa());
            case SaFlushed event -> "sa flushed: "
                    + (event.protocol() == 0 || event.protocol() == 255 ? "all" : new Protocol(event.protocol()));
            case StateMigrated event -> "sa migrated: " + migrated(event);
            case Migrated event -> "policy migrated: " + event.migrate();
            case PolicyAdded event -> "policy added: " + policy(event.policy());
            case PolicyUpdated event -> "policy updated: " + policy(event.policy());
            case PolicyDeleted event -> "policy deleted: " + policy(event.policy());
            case PolicyExpired event -> "policy expired, " + hard(event.hard()) + ": " + policy(event.policy());
            case PolicyFlushed event -> "policy flushed: " + event.type();
            case DefaultsChanged event -> "policy default: " + event.defaults();
            case AcquireRaised event -> event.acquire().toString();
            case MappingChanged event -> "mapping changed: " + event.sa() + " from " + event.oldSource() + " port "
                    + event.oldSourcePort() + " to " + event.newSource() + " port " + event.newSourcePort();
            case PacketReported event -> "report: " + event.protocol() + ' ' + event.selector();
            case SequenceNumbersChanged event -> "sequence numbers: " + event.counters();
            case UnknownEvent event -> "unknown event of type " + event.type() + ", " + event.payload().length
                    + " bytes";
            case Missed missed -> "some events were missed";
            case Nothing nothing -> "nothing";
        };
        return line.replaceAll("\\s*\n\\s*", "; ");
    }

    private static String hard(boolean hard) {
        return hard ? "hard" : "soft";
    }

    private static String sa(SecurityAssociation sa) {
        return sa.id() + " from " + sa.source() + " reqid " + Integer.toUnsignedString(sa.reqid()) + " mode "
                + sa.mode() + (sa.direction() == Direction.UNSPECIFIED ? "" : " dir " + sa.direction())
                + (sa.encap() == null ? "" : " " + sa.encap());
    }

    private static String migrated(StateMigrated event) {
        return event.sa() + " becomes " + event.newSource() + " → " + event.newDestination() + " reqid "
                + Integer.toUnsignedString(event.newReqid())
                + (event.newMark().equals(event.sa().mark()) ? "" : " mark " + event.newMark())
                + (event.encap() == null ? "" : " " + event.encap());
    }

    private static String policy(Policy policy) {
        StringBuilder text = new StringBuilder(policy.id().toString()).append(" index ")
                .append(Integer.toUnsignedString(policy.index())).append(" priority ")
                .append(Integer.toUnsignedString(policy.priority())).append(' ').append(policy.action());
        for (Template template : policy.templates()) {
            text.append(" tmpl ").append(template.protocol()).append(' ').append(template.source()).append(" → ")
                    .append(template.destination()).append(" reqid ")
                    .append(Integer.toUnsignedString(template.reqid()));
        }
        return text.toString();
    }

    /** Events of SAs bring keys, which have been shown by now, or not. */
    static void wipeKeys(Notice notice) {
        switch (notice) {
            case SaAdded event -> event.sa().wipeKeys();
            case SaUpdated event -> event.sa().wipeKeys();
            case SaDeleted event -> event.sa().wipeKeys();
            case SaExpired event -> event.sa().wipeKeys();
            default -> { }
        }
    }
}
