package org.xfrm4j.sa;

import org.xfrm4j.bindings.xfrm4j_h;
import org.xfrm4j.netlink.MalformedMessageException;
import org.xfrm4j.wire.AeventDecoder;
import org.xfrm4j.wire.ReplayDecoder;
import org.xfrm4j.wire.ReplayEsnDecoder;
import org.xfrm4j.wire.UsageDecoder;

/**
 * How far an SA has got: its sequence numbers and usage ({@code struct xfrm_aevent_id} and its attributes), as the
 * kernel tells them when it is asked, and by itself when they have gone on far enough.
 *
 * @param sa what names the SA
 * @param source its outer source
 * @param reqid its reqid
 * @param causes {@code CAUSE_…}: why it was told; 0 when it was asked for
 * @param replay its sequence numbers; null where they were not told
 * @param usage what it has been used so far; null where that was not told
 * @param replayThreshold packets between two events; null where it was not told
 * @param eventTimerThreshold tenths of a second between two events; null where it was not told
 * @param ifId the id of its XFRM interface; 0 for none
 * @param cpu the CPU that it is for; {@link SecurityAssociation#NO_CPU} for all
 * @param direction which way its packets go
 */
public record Counters(
        SaId sa,
        IpAddress source,
        int reqid,
        int causes,
        Replay replay,
        Usage usage,
        Integer replayThreshold,
        Integer eventTimerThreshold,
        int ifId,
        int cpu,
        Direction direction) {
    /** So many packets have passed as the threshold has. */
    public static final int CAUSE_REPLAY = xfrm4j_h.XFRM_AE_CR();
    /** So much time has passed as the threshold has. */
    public static final int CAUSE_TIMER = xfrm4j_h.XFRM_AE_CE();
    /** Somebody has set them. */
    public static final int CAUSE_SET = xfrm4j_h.XFRM_AE_CU();

    private static final int CAUSES = CAUSE_REPLAY | CAUSE_TIMER | CAUSE_SET;

    /** Checks that what names the SA is there. */
    public Counters {
        Check.notNull("sa", sa);
        Check.notNull("source", source);
        Check.notNull("direction", direction);
    }

    /**
     * {@return the counters that are there}
     *
     * @param message an XFRM_MSG_NEWAE of the kernel
     * @throws MalformedMessageException if its bytes do not form them
     */
    public static Counters from(AeventDecoder message) {
        try {
            return read(message);
        } catch (IllegalArgumentException e) {
            throw new MalformedMessageException("counters of SA spi " + Check.hex32(message.id().spi()) + ": "
                    + e.getMessage());
        }
    }

    private static Counters read(AeventDecoder message) {
        SaId sa = SaId.from(message.id(), new Mark(message.markValue(), message.markMask()));
        return new Counters(
                sa,
                IpAddress.ofWire(sa.destination().family(), message.sourceHigh(), message.sourceLow()),
                message.reqid(),
                message.flags() & CAUSES,
                replay(message),
                usage(message),
                u32(message, xfrm4j_h.XFRMA_REPLAY_THRESH()),
                u32(message, xfrm4j_h.XFRMA_ETIMER_THRESH()),
                message.u32(xfrm4j_h.XFRMA_IF_ID(), 0),
                message.u32(xfrm4j_h.XFRMA_SA_PCPU(), SecurityAssociation.NO_CPU),
                Direction.of(message.direction()));
    }

    private static Replay replay(AeventDecoder message) {
        int esn = xfrm4j_h.XFRMA_REPLAY_ESN_VAL();
        if (message.has(esn)) {
            return ReplayEsn.from(new ReplayEsnDecoder()
                    .wrap(message.segment(), message.attributeOffset(esn), message.attributeLength(esn)));
        }
        int classic = xfrm4j_h.XFRMA_REPLAY_VAL();
        return message.has(classic) ? ReplayState.from(new ReplayDecoder()
                .wrap(message.segment(), message.attributeOffset(classic))) : null;
    }

    private static Usage usage(AeventDecoder message) {
        int type = xfrm4j_h.XFRMA_LTIME_VAL();
        return message.has(type)
                ? Usage.from(new UsageDecoder().wrap(message.segment(), message.attributeOffset(type))) : null;
    }

    private static Integer u32(AeventDecoder message, int type) {
        return message.has(type) ? message.u32(type, 0) : null;
    }
}
