package org.xfrm4j.event;

/** Something that the kernel has announced. */
public sealed interface XfrmEvent extends Notice
        permits AcquireRaised, DefaultsChanged, MappingChanged, Migrated, PacketReported, PolicyAdded, PolicyDeleted,
        PolicyExpired, PolicyFlushed, PolicyUpdated, SaAdded, SaDeleted, SaExpired, SaFlushed, SaUpdated,
        SequenceNumbersChanged, StateMigrated, UnknownEvent {
    /** {@return the request that caused it} */
    Origin origin();
}
