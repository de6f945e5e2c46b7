package org.xfrm4j.event;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.xfrm4j.bindings.xfrm4j_h;
import org.xfrm4j.netlink.MalformedMessageException;
import org.xfrm4j.policy.Acquire;
import org.xfrm4j.policy.LegacyMigrate;
import org.xfrm4j.policy.Policy;
import org.xfrm4j.policy.PolicyDefaults;
import org.xfrm4j.policy.PolicyType;
import org.xfrm4j.sa.AddressFamily;
import org.xfrm4j.sa.Counters;
import org.xfrm4j.sa.Direction;
import org.xfrm4j.sa.Encap;
import org.xfrm4j.sa.IpAddress;
import org.xfrm4j.sa.Mark;
import org.xfrm4j.sa.Offload;
import org.xfrm4j.sa.Protocol;
import org.xfrm4j.sa.SaId;
import org.xfrm4j.sa.SecurityAssociation;
import org.xfrm4j.sa.Selector;
import org.xfrm4j.wire.AcquireDecoder;
import org.xfrm4j.wire.AeventDecoder;
import org.xfrm4j.wire.EncapDecoder;
import org.xfrm4j.wire.MappingDecoder;
import org.xfrm4j.wire.MigrateDecoder;
import org.xfrm4j.wire.MigrateStateDecoder;
import org.xfrm4j.wire.PolicyDecoder;
import org.xfrm4j.wire.PolicyDefaultsDecoder;
import org.xfrm4j.wire.PolicyDeletionDecoder;
import org.xfrm4j.wire.PolicyExpireDecoder;
import org.xfrm4j.wire.PolicyFlushDecoder;
import org.xfrm4j.wire.ReportDecoder;
import org.xfrm4j.wire.SaDecoder;
import org.xfrm4j.wire.SaDeletionDecoder;
import org.xfrm4j.wire.SaExpireDecoder;
import org.xfrm4j.wire.SaFlushDecoder;
import org.xfrm4j.wire.XfrmMessages;

/** Makes an event of a message's bytes. */
final class EventReader {
    // The types of the header are methods of the bindings, which a switch does not take.
    private static final int FIRST = xfrm4j_h.XFRM_MSG_BASE();
    private static final Reading[] READINGS = new Reading[xfrm4j_h.XFRM_MSG_MIGRATE_STATE() - FIRST + 1];

    static {
        reading(xfrm4j_h.XFRM_MSG_NEWSA(), (reader, origin, at) -> new SaAdded(origin, reader.sa(at)));
        reading(xfrm4j_h.XFRM_MSG_UPDSA(), (reader, origin, at) -> new SaUpdated(origin, reader.sa(at)));
        reading(xfrm4j_h.XFRM_MSG_DELSA(), EventReader::saDeleted);
        reading(xfrm4j_h.XFRM_MSG_EXPIRE(), EventReader::saExpired);
        reading(xfrm4j_h.XFRM_MSG_FLUSHSA(), EventReader::saFlushed);
        reading(xfrm4j_h.XFRM_MSG_NEWPOLICY(), (reader, origin, at) -> new PolicyAdded(origin, reader.policy(at)));
        reading(xfrm4j_h.XFRM_MSG_UPDPOLICY(), (reader, origin, at) -> new PolicyUpdated(origin, reader.policy(at)));
        reading(xfrm4j_h.XFRM_MSG_DELPOLICY(), EventReader::policyDeleted);
        reading(xfrm4j_h.XFRM_MSG_POLEXPIRE(), EventReader::policyExpired);
        reading(xfrm4j_h.XFRM_MSG_FLUSHPOLICY(), EventReader::policyFlushed);
        reading(xfrm4j_h.XFRM_MSG_GETDEFAULT(), EventReader::defaultsChanged);
        reading(xfrm4j_h.XFRM_MSG_ACQUIRE(), EventReader::acquireRaised);
        reading(xfrm4j_h.XFRM_MSG_NEWAE(), EventReader::sequenceNumbersChanged);
        reading(xfrm4j_h.XFRM_MSG_REPORT(), EventReader::packetReported);
        reading(xfrm4j_h.XFRM_MSG_MAPPING(), EventReader::mappingChanged);
        reading(xfrm4j_h.XFRM_MSG_MIGRATE(), EventReader::migrated);
        reading(xfrm4j_h.XFRM_MSG_MIGRATE_STATE(), EventReader::stateMigrated);
    }

    private final SaDecoder sa = new SaDecoder();
    private final SaDeletionDecoder saDeletion = new SaDeletionDecoder();
    private final SaExpireDecoder saExpire = new SaExpireDecoder();
    private final SaFlushDecoder saFlush = new SaFlushDecoder();
    private final PolicyDecoder policy = new PolicyDecoder();
    private final PolicyDeletionDecoder policyDeletion = new PolicyDeletionDecoder();
    private final PolicyExpireDecoder policyExpire = new PolicyExpireDecoder();
    private final PolicyFlushDecoder policyFlush = new PolicyFlushDecoder();
    private final PolicyDefaultsDecoder defaults = new PolicyDefaultsDecoder();
    private final AcquireDecoder acquire = new AcquireDecoder();
    private final AeventDecoder aevent = new AeventDecoder();
    private final ReportDecoder report = new ReportDecoder();
    private final MappingDecoder mapping = new MappingDecoder();
    private final MigrateDecoder migrate = new MigrateDecoder();
    private final MigrateStateDecoder migrateState = new MigrateStateDecoder();

    /** Where a message's payload is. */
    record Place(MemorySegment segment, long offset, int length) {
    }

    /** Makes an event of one type of message. */
    @FunctionalInterface
    private interface Reading {
        XfrmEvent read(EventReader reader, Origin origin, Place at);
    }

    private static void reading(int type, Reading reading) {
        READINGS[type - FIRST] = reading;
    }

    /**
     * Makes an event.
     *
     * @throws MalformedMessageException if the bytes do not form one
     */
    XfrmEvent read(int type, Origin origin, Place at) {
        int index = type - FIRST;
        Reading reading = index >= 0 && index < READINGS.length ? READINGS[index] : null;
        if (reading == null) {
            return new UnknownEvent(origin, type,
                    at.segment.asSlice(at.offset, at.length).toArray(ValueLayout.JAVA_BYTE));
        }
        try {
            return reading.read(this, origin, at);
        } catch (IllegalArgumentException e) {
            throw new MalformedMessageException(XfrmMessages.name(type) + ": " + e.getMessage());
        }
    }

    private SecurityAssociation sa(Place at) {
        return SecurityAssociation.from(sa.wrap(at.segment, at.offset, at.length));
    }

    private XfrmEvent saDeleted(Origin origin, Place at) {
        return new SaDeleted(origin,
                SecurityAssociation.from(saDeletion.wrap(at.segment, at.offset, at.length).sa()));
    }

    private XfrmEvent saExpired(Origin origin, Place at) {
        saExpire.wrap(at.segment, at.offset, at.length);
        return new SaExpired(origin, SecurityAssociation.from(saExpire.sa()), saExpire.hard());
    }

    private XfrmEvent saFlushed(Origin origin, Place at) {
        return new SaFlushed(origin, saFlush.wrap(at.segment, at.offset, at.length).protocol());
    }

    private Policy policy(Place at) {
        return Policy.from(policy.wrap(at.segment, at.offset, at.length));
    }

    private XfrmEvent policyDeleted(Origin origin, Place at) {
        return new PolicyDeleted(origin,
                Policy.from(policyDeletion.wrap(at.segment, at.offset, at.length).policy()));
    }

    private XfrmEvent policyExpired(Origin origin, Place at) {
        policyExpire.wrap(at.segment, at.offset, at.length);
        return new PolicyExpired(origin, Policy.from(policyExpire.policy()), policyExpire.hard());
    }

    private XfrmEvent policyFlushed(Origin origin, Place at) {
        return new PolicyFlushed(origin,
                PolicyType.of(policyFlush.wrap(at.segment, at.offset, at.length).type()));
    }

    private XfrmEvent defaultsChanged(Origin origin, Place at) {
        return new DefaultsChanged(origin,
                PolicyDefaults.from(defaults.wrap(at.segment, at.offset, at.length)));
    }

    private XfrmEvent acquireRaised(Origin origin, Place at) {
        return new AcquireRaised(origin, Acquire.from(acquire.wrap(at.segment, at.offset, at.length)));
    }

    private XfrmEvent sequenceNumbersChanged(Origin origin, Place at) {
        return new SequenceNumbersChanged(origin, Counters.from(aevent.wrap(at.segment, at.offset, at.length)));
    }

    private XfrmEvent packetReported(Origin origin, Place at) {
        report.wrap(at.segment, at.offset, at.length);
        Selector selector = Selector.from(report.selector());
        IpAddress careOf = report.hasCareOfAddress()
                ? IpAddress.ofWire(selector.family(), report.careOfHigh(), report.careOfLow()) : null;
        return new PacketReported(origin, new Protocol(report.protocol()), selector, careOf);
    }

    private XfrmEvent mappingChanged(Origin origin, Place at) {
        mapping.wrap(at.segment, at.offset, at.length);
        SaId id = SaId.from(mapping.id(), Mark.NONE);
        AddressFamily family = id.destination().family();
        return new MappingChanged(origin, id, mapping.reqid(),
                IpAddress.ofWire(family, mapping.oldSourceHigh(), mapping.oldSourceLow()), mapping.oldSourcePort(),
                IpAddress.ofWire(family, mapping.newSourceHigh(), mapping.newSourceLow()), mapping.newSourcePort());
    }

    private XfrmEvent migrated(Origin origin, Place at) {
        return new Migrated(origin, LegacyMigrate.from(migrate.wrap(at.segment, at.offset, at.length)));
    }

    private XfrmEvent stateMigrated(Origin origin, Place at) {
        MigrateStateDecoder message = migrateState.wrap(at.segment, at.offset, at.length);
        Mark oldMark = new Mark(message.oldMarkValue(), message.oldMarkMask());
        AddressFamily family = AddressFamily.of(message.newFamily());
        return new StateMigrated(
                origin,
                SaId.from(message.id(), oldMark),
                IpAddress.ofWire(family, message.newSourceHigh(), message.newSourceLow()),
                IpAddress.ofWire(family, message.newDestinationHigh(), message.newDestinationLow()),
                Selector.from(message.newSelector()),
                message.newReqid(),
                message.has(xfrm4j_h.XFRMA_MARK()) ? new Mark(message.markValue(), message.markMask()) : oldMark,
                // Type 0 says that the encapsulation was taken away.
                message.encapType() == 0 ? null
                        : Encap.from(new EncapDecoder().wrap(message.segment(), message.encapOffset()), family),
                new Mark(message.outputMarkValue(), message.outputMarkMask()),
                message.has(xfrm4j_h.XFRMA_OFFLOAD_DEV())
                        ? new Offload(message.offloadIfindex(), message.offloadFlags()) : null,
                message.natKeepaliveInterval(),
                message.mappingThreshold(),
                Direction.of(message.direction()));
    }
}
