package org.xfrm4j.event;

import org.xfrm4j.sa.Direction;
import org.xfrm4j.sa.Encap;
import org.xfrm4j.sa.IpAddress;
import org.xfrm4j.sa.Mark;
import org.xfrm4j.sa.Offload;
import org.xfrm4j.sa.SaId;
import org.xfrm4j.sa.SecurityAssociation;
import org.xfrm4j.sa.Selector;

/**
 * An SA has moved (XFRM_MSG_MIGRATE_STATE, group {@link XfrmGroup#MIGRATE}). No other group tells that the old one is
 * gone and a new one there.
 *
 * @param origin the request
 * @param sa what named the SA in the request. The kernel looks marks up through the SA's mask, so that the mark may
 *     differ from that which the SA had
 * @param newSource the outer source now
 * @param newDestination the outer destination now
 * @param newSelector the selector now
 * @param newReqid the reqid now
 * @param newMark the mark now
 * @param encap the encapsulation now; null for none
 * @param outputMark the output mark now
 * @param offload the offload now; null for none
 * @param natKeepaliveInterval seconds between NAT keepalives; 0 for none
 * @param mappingThreshold the fewest seconds between two announcements of a changed NAT mapping; 0 for the default
 * @param direction which way its packets go
 */
public record StateMigrated(
        Origin origin,
        SaId sa,
        IpAddress newSource,
        IpAddress newDestination,
        Selector newSelector,
        int newReqid,
        Mark newMark,
        Encap encap,
        Mark outputMark,
        Offload offload,
        int natKeepaliveInterval,
        int mappingThreshold,
        Direction direction) implements XfrmEvent {
    /** {@return what names the SA now} */
    public SaId newId() {
        return new SaId(newDestination, sa.spi(), sa.protocol(), newMark);
    }

    /**
     * {@return the SA as it is now}
     *
     * @param before the SA as it was, whose keys, replay state and limits are those of the new one
     */
    public SecurityAssociation applyTo(SecurityAssociation before) {
        return new SecurityAssociation(newId(), newSource, newSelector, before.mode(), before.direction(), newReqid,
                before.seq(), before.flags(), before.extraFlags(), before.ifId(), before.cpu(), before.algorithms(),
                before.lifetime(), before.usage(), before.stats(), before.lastUsed(), before.replayWindow(),
                before.replay(), encap, natKeepaliveInterval, mappingThreshold, outputMark, before.tfcPadding(),
                offload, before.careOfAddress(), before.securityContext(), before.iptfs(), before.replayThreshold(),
                before.eventTimerThreshold(), before.initialUsage(), before.otherAttributes());
    }
}
