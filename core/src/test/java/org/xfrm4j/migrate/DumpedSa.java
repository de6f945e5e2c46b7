package org.xfrm4j.migrate;

import java.lang.foreign.MemorySegment;
import org.xfrm4j.bindings.xfrm4j_h;
import org.xfrm4j.sa.AddressFamily;
import org.xfrm4j.sa.Encap;
import org.xfrm4j.sa.IpAddress;
import org.xfrm4j.sa.Mark;
import org.xfrm4j.sa.Offload;
import org.xfrm4j.sa.SaId;
import org.xfrm4j.sa.SecurityAssociation;
import org.xfrm4j.sa.Selector;
import org.xfrm4j.wire.EncapDecoder;
import org.xfrm4j.wire.MigrateStateDecoder;
import org.xfrm4j.wire.MigrateStateEncoder;
import org.xfrm4j.wire.SaDecoder;

/** An SA as a dump brings it, without a kernel; and moves of it, from messages back to values. */
final class DumpedSa {
    private final MemorySegment memory = MemorySegment.ofArray(new byte[16 * 1024]);
    private final SecurityAssociation sa;
    private final SaDecoder decoder;

    DumpedSa(SecurityAssociation sa) {
        this.sa = sa;
        this.decoder = new SaDecoder().wrap(memory, 0, sa.encode(memory, 0));
    }

    SaDecoder decoder() {
        return decoder;
    }

    /** The message that a change makes. */
    MigrateStateDecoder message(SaChange change) {
        MemorySegment segment = MemorySegment.ofArray(new byte[MigrateStateEncoder.MAX_ENCODED_LENGTH]);
        MigrateStateEncoder encoder = new MigrateStateEncoder().wrap(segment, 0).from(decoder);
        change.apply(decoder, encoder);
        return new MigrateStateDecoder().wrap(segment, 0, encoder.encode());
    }

    /** The move that a change makes, as a value. */
    Move move(SaChange change) {
        return value(message(change), sa);
    }

    /** A message as a value; of one whose SA is not known the second is null. */
    static Move value(MigrateStateDecoder message, SecurityAssociation sa) {
        AddressFamily family = AddressFamily.of(message.newFamily());
        SaId id = SaId.from(message.id(), new Mark(message.oldMarkValue(), message.oldMarkMask()));
        Move.Builder move = (sa == null ? Move.of(id) : Move.of(sa))
                .source(IpAddress.ofWire(family, message.newSourceHigh(), message.newSourceLow()))
                .destination(IpAddress.ofWire(family, message.newDestinationHigh(), message.newDestinationLow()))
                .reqid(message.newReqid());
        if ((message.flags() & xfrm4j_h.XFRM_MIGRATE_STATE_UPDATE_H2H_SEL()) != 0) {
            move.hostToHostSelector();
        } else {
            move.selector(Selector.from(message.newSelector()));
        }
        if (message.has(xfrm4j_h.XFRMA_MARK())) {
            move.mark(new Mark(message.markValue(), message.markMask()));
        }
        if (message.has(xfrm4j_h.XFRMA_ENCAP())) {
            if (message.encapType() == 0) {
                move.removeEncap();
            } else {
                move.encap(Encap.from(
                        new EncapDecoder().wrap(message.segment(), message.encapOffset()), family));
            }
        }
        if (message.has(xfrm4j_h.XFRMA_SET_MARK())) {
            move.outputMark(new Mark(message.outputMarkValue(), message.outputMarkMask()));
        }
        if (message.has(xfrm4j_h.XFRMA_OFFLOAD_DEV())) {
            move.offload(new Offload(message.offloadIfindex(), message.offloadFlags()));
        } else if ((message.flags() & xfrm4j_h.XFRM_MIGRATE_STATE_CLEAR_OFFLOAD()) != 0) {
            move.removeOffload();
        }
        if (message.has(xfrm4j_h.XFRMA_NAT_KEEPALIVE_INTERVAL())) {
            move.natKeepalive(message.natKeepaliveInterval());
        }
        if (message.has(xfrm4j_h.XFRMA_MTIMER_THRESH())) {
            move.mappingThreshold(message.mappingThreshold());
        }
        return move.build();
    }
}
