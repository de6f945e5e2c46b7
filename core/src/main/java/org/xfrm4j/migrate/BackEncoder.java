package org.xfrm4j.migrate;

import org.xfrm4j.bindings.xfrm4j_h;
import org.xfrm4j.bindings.xfrm_usersa_info;
import org.xfrm4j.sa.Direction;
import org.xfrm4j.wire.EncapDecoder;
import org.xfrm4j.wire.MigrateStateDecoder;
import org.xfrm4j.wire.MigrateStateEncoder;
import org.xfrm4j.wire.SaDecoder;

/** Writes the move that takes a move back: of the SA at its new place, to all that it was before. */
final class BackEncoder {
    private static final long SELECTOR = xfrm_usersa_info.sel$offset();

    private final EncapDecoder encap = new EncapDecoder();

    /**
     * Writes it.
     *
     * @param forward the move
     * @param sa the SA before it
     * @param back wrapped around where it goes
     */
    void encode(MigrateStateDecoder forward, SaDecoder sa, MigrateStateEncoder back) {
        int newMark = forward.newMarkValue();
        int newMask = forward.newMarkMask();
        back.id(forward.newDestinationHigh(), forward.newDestinationLow(), sa.spi(), forward.newFamily(), sa.protocol())
                .oldMark(newMark, newMask)
                .newDestination(sa.destinationHigh(), sa.destinationLow())
                .newSource(sa.sourceHigh(), sa.sourceLow())
                .newFamily(sa.family())
                .newReqid(sa.reqid())
                .newSelector(sa.segment(), sa.offset() + SELECTOR);
        if ((newMark | newMask | sa.markValue() | sa.markMask()) != 0) {
            back.mark(sa.markValue(), sa.markMask());
        }
        encapsulation(forward, sa, back);
        if (forward.has(xfrm4j_h.XFRMA_SET_MARK())) {
            back.outputMark(sa.outputMarkValue(), sa.outputMarkMask());
        }
        if (forward.has(xfrm4j_h.XFRMA_OFFLOAD_DEV())
                || (forward.flags() & xfrm4j_h.XFRM_MIGRATE_STATE_CLEAR_OFFLOAD()) != 0) {
            offload(sa, back);
        }
    }


    /** Keepalive and mapping threshold go with the encapsulation, and have to come back with it. */
    private void encapsulation(MigrateStateDecoder forward, SaDecoder sa, MigrateStateEncoder back) {
        boolean encapChanges = forward.has(xfrm4j_h.XFRMA_ENCAP());
        boolean had = sa.encapType() != 0;
        if (encapChanges && !had) {
            back.removeEncap();
            return;
        }
        if (encapChanges) {
            encap.wrap(sa.segment(), sa.encapOffset());
            back.encap(encap.type(), encap.sourcePort(), encap.destinationPort(), encap.originalAddressHigh(),
                    encap.originalAddressLow());
        }
        boolean outgoing = sa.direction() == Direction.OUT.number();
        if (encapChanges && sa.natKeepaliveInterval() != 0 || forward.has(xfrm4j_h.XFRMA_NAT_KEEPALIVE_INTERVAL())) {
            back.natKeepalive(sa.natKeepaliveInterval());
        }
        if (had && !outgoing && (encapChanges && sa.mappingThreshold() != 0
                || forward.has(xfrm4j_h.XFRMA_MTIMER_THRESH()))) {
            back.mappingThreshold(sa.mappingThreshold());
        }
    }

    private static void offload(SaDecoder sa, MigrateStateEncoder back) {
        if (sa.offloadIfindex() != 0) {
            back.offload(sa.offloadIfindex(), sa.offloadFlags());
        } else {
            back.removeOffload();
        }
    }
}
