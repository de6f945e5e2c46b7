package org.xfrm4j.event;

import org.xfrm4j.bindings.xfrm4j_h;

/** A multicast group of XFRM ({@code XFRMNLGRP_…}): what one may listen to. */
public enum XfrmGroup {
    /** Packets that need an SA: {@link AcquireRaised}. While somebody listens, the kernel waits for an answer. */
    ACQUIRE(xfrm4j_h.XFRMNLGRP_ACQUIRE()),
    /** SAs and policies that reach a limit: {@link SaExpired}, {@link PolicyExpired}. */
    EXPIRE(xfrm4j_h.XFRMNLGRP_EXPIRE()),
    /** SAs: {@link SaAdded}, {@link SaUpdated}, {@link SaDeleted}, {@link SaFlushed}. Brings keys. */
    SA(xfrm4j_h.XFRMNLGRP_SA()),
    /**
     * Policies: {@link PolicyAdded}, {@link PolicyUpdated}, {@link PolicyDeleted}, {@link PolicyFlushed}, and {@link
     * DefaultsChanged}.
     */
    POLICY(xfrm4j_h.XFRMNLGRP_POLICY()),
    /**
     * Sequence numbers: {@link SequenceNumbersChanged}. While somebody listens, the kernel counts towards thresholds.
     */
    AEVENTS(xfrm4j_h.XFRMNLGRP_AEVENTS()),
    /** Mobile IPv6: {@link PacketReported}. */
    REPORT(xfrm4j_h.XFRMNLGRP_REPORT()),
    /** SAs and policies that move: {@link StateMigrated}, {@link Migrated}. */
    MIGRATE(xfrm4j_h.XFRMNLGRP_MIGRATE()),
    /** NATs that change their mind: {@link MappingChanged}. */
    MAPPING(xfrm4j_h.XFRMNLGRP_MAPPING());

    private final int number;

    XfrmGroup(int number) {
        this.number = number;
    }

    /** {@return the kernel's number, {@code XFRMNLGRP_…}} */
    public int number() {
        return number;
    }
}
