package org.xfrm4j.migrate;

import java.lang.foreign.MemorySegment;
import java.util.List;
import org.xfrm4j.migrate.Change.Clear;
import org.xfrm4j.migrate.Change.Inherit;
import org.xfrm4j.migrate.Change.Set;
import org.xfrm4j.sa.Encap;
import org.xfrm4j.sa.Mark;
import org.xfrm4j.sa.Offload;
import org.xfrm4j.sa.SaId;
import org.xfrm4j.sa.SecurityAssociation;
import org.xfrm4j.wire.MigrateStateDecoder;
import org.xfrm4j.wire.MigrateStateEncoder;
import org.xfrm4j.wire.MigrateStateRules;
import org.xfrm4j.wire.SaDecoder;

/** Writes a {@link Move} as a message. */
final class MoveEncoder {
    private static final int MAX_SA_BYTES = 8 * 1024;

    private MoveEncoder() {
    }

    static void encode(Move move, MigrateStateEncoder message) {
        SaId sa = move.sa();
        message.id(sa.destination().high(), sa.destination().low(), sa.spi(), sa.destination().family().number(),
                        sa.protocol().number())
                .oldMark(sa.mark().value(), sa.mark().mask())
                .newDestination(move.newDestination().high(), move.newDestination().low())
                .newSource(move.newSource().high(), move.newSource().low())
                .newFamily(move.newDestination().family().number())
                .newReqid(move.newReqid());
        switch (move.newSelector()) {
            case NewSelector.To to -> to.selector().encode(message.newSelector());
            case NewSelector.HostToHost _ -> message.updateHostToHostSelector();
        }
        mark(move, message);
        switch (move.encap()) {
            case Inherit<Encap> _ -> message.inheritEncap();
            case Set<Encap>(Encap encap) -> message.encap(encap.type(), encap.sourcePort(), encap.destinationPort(),
                    encap.originalAddress().high(), encap.originalAddress().low());
            case Clear<Encap> _ -> message.removeEncap();
        }
        switch (move.outputMark()) {
            case Inherit<Mark> _ -> message.inheritOutputMark();
            case Set<Mark>(Mark mark) -> message.outputMark(mark.value(), mark.mask());
            case Clear<Mark> _ -> message.removeOutputMark();
        }
        switch (move.offload()) {
            case Inherit<Offload> _ -> message.inheritOffload();
            case Set<Offload>(Offload offload) -> message.offload(offload.ifindex(), offload.flags());
            case Clear<Offload> _ -> message.removeOffload();
        }
        switch (move.natKeepaliveSeconds()) {
            case Inherit<Integer> _ -> message.inheritNatKeepalive();
            case Set<Integer>(Integer seconds) -> message.natKeepalive(seconds);
            case Clear<Integer> _ -> message.removeNatKeepalive();
        }
        switch (move.mappingThresholdSeconds()) {
            case Inherit<Integer> _ -> message.inheritMappingThreshold();
            case Set<Integer>(Integer seconds) -> message.mappingThreshold(seconds);
            case Clear<Integer> _ -> message.removeMappingThreshold();
        }
    }

    private static void mark(Move move, MigrateStateEncoder message) {
        switch (move.mark()) {
            case Inherit<Mark> _ -> {
                // Sent also where it is inherited, so that it is exact however the kernel looks marks up.
                Mark mark = move.sa().mark();
                if (!mark.isNone()) {
                    message.mark(mark.value(), mark.mask());
                }
            }
            case Set<Mark>(Mark mark) -> message.mark(mark.value(), mark.mask());
            case Clear<Mark> _ -> message.removeMark();
        }
    }

    /**
     * Checks a move before anything is sent.
     *
     * @param sa the SA as it is now; null if it is not known
     * @throws IllegalArgumentException with the reason
     */
    static void check(Move move, SecurityAssociation sa) {
        MemorySegment scratch = MemorySegment.ofArray(new byte[MigrateStateEncoder.MAX_ENCODED_LENGTH]);
        MigrateStateEncoder encoder = new MigrateStateEncoder().wrap(scratch, 0);
        encode(move, encoder);
        MigrateStateDecoder message = new MigrateStateDecoder().wrap(scratch, 0, encoder.encode());
        String reason = sa == null ? MigrateStateRules.reasonToRefuse(message) : reasonToRefuse(message, sa);
        if (reason != null) {
            throw new IllegalArgumentException("the move of " + move.sa() + " is not possible: " + reason);
        }
    }

    private static String reasonToRefuse(MigrateStateDecoder message, SecurityAssociation sa) {
        // The rules read an SA as the kernel writes it.
        MemorySegment segment = MemorySegment.ofArray(new byte[MAX_SA_BYTES]);
        int length = withoutKeys(sa).encode(segment, 0);
        return MigrateStateRules.reasonToRefuse(message, new SaDecoder().wrap(segment, 0, length));
    }

    /** No rule is about keys: they need not be copied, and may be wiped already. */
    private static SecurityAssociation withoutKeys(SecurityAssociation sa) {
        return new SecurityAssociation(sa.id(), sa.source(), sa.selector(), sa.mode(), sa.direction(), sa.reqid(),
                sa.seq(), sa.flags(), sa.extraFlags(), sa.ifId(), sa.cpu(), List.of(), sa.lifetime(), sa.usage(),
                sa.stats(), sa.lastUsed(), sa.replayWindow(), sa.replay(), sa.encap(), sa.natKeepaliveInterval(),
                sa.mappingThreshold(), sa.outputMark(), sa.tfcPadding(), sa.offload(), sa.careOfAddress(),
                sa.securityContext(), sa.iptfs(), sa.replayThreshold(), sa.eventTimerThreshold(), sa.initialUsage(),
                sa.otherAttributes());
    }
}
