package org.xfrm4j;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.xfrm4j.bindings.xfrm4j_h;
import org.xfrm4j.netlink.Errno;
import org.xfrm4j.sa.Counters;
import org.xfrm4j.sa.Replay;
import org.xfrm4j.sa.SaId;
import org.xfrm4j.sa.Usage;
import org.xfrm4j.wire.AeventDecoder;
import org.xfrm4j.wire.AeventEncoder;
import org.xfrm4j.wire.AttributeEncoder;
import org.xfrm4j.wire.UsageEncoder;

/**
 * Sequence numbers and usage of SAs, read and set: what a standby gateway needs to take over (XFRM_MSG_GETAE,
 * XFRM_MSG_NEWAE; Documentation/networking/xfrm/xfrm_sync.rst). Belongs to the thread of its {@link Xfrm}.
 */
public final class SaSequenceNumbers {
    private static final int TELL_THRESHOLDS = xfrm4j_h.XFRM_AE_RTHR() | xfrm4j_h.XFRM_AE_ETHR();

    private final SingleRequest request;
    private final AeventEncoder message = new AeventEncoder();
    private final AeventDecoder found = new AeventDecoder();
    private final UsageEncoder usageEncoder = new UsageEncoder();

    SaSequenceNumbers(SingleRequest request) {
        this.request = request;
    }

    /**
     * Reads them (XFRM_MSG_GETAE), with the thresholds of events.
     *
     * @param sa what names the SA
     * @return the counters, or empty where there is no such SA
     * @throws XfrmException if the kernel refuses
     */
    public Optional<Counters> get(SaId sa) {
        begin(xfrm4j_h.XFRM_MSG_GETAE(), 0, sa).flags(TELL_THRESHOLDS);
        List<Counters> answer = new ArrayList<>(1);
        int error = request.send(message.encodedLength(), (index, type, segment, offset, bytes) ->
                answer.add(Counters.from(found.wrap(segment, offset, bytes))));
        if (error != 0 && error != Errno.ESRCH) {
            throw request.refused(sa);
        }
        return answer.stream().findFirst();
    }

    /**
     * Sets the sequence numbers (XFRM_MSG_NEWAE).
     *
     * @param sa what names the SA
     * @param replay the numbers, in the form that the SA has
     * @return whether there is such an SA
     * @throws IllegalArgumentException if the SA has the other form
     * @throws XfrmException if the kernel refuses, for instance EINVAL for a larval SA or another window
     */
    public boolean set(SaId sa, Replay replay) {
        return requireForm(sa, replay) && write(sa, attributes -> replay.encode(message.segment(), attributes));
    }

    /**
     * Sets the sequence numbers and what the SA has been used so far (XFRM_MSG_NEWAE).
     *
     * @param sa what names the SA
     * @param replay the numbers, in the form that the SA has
     * @param usage the usage, which counts towards the SA's limits
     * @return whether there is such an SA
     * @throws IllegalArgumentException if the SA has the other form
     * @throws XfrmException if the kernel refuses, for instance EINVAL for a larval SA or another window
     */
    public boolean set(SaId sa, Replay replay, Usage usage) {
        return requireForm(sa, replay) && write(sa, attributes -> {
            replay.encode(message.segment(), attributes);
            attributes.end(usage.encode(usageEncoder
                    .wrap(message.segment(), attributes.begin(xfrm4j_h.XFRMA_LTIME_VAL()))));
        });
    }

    /**
     * Sets after how many packets and how much time the kernel tells of the sequence numbers by itself
     * (XFRM_MSG_NEWAE).
     *
     * @param sa what names the SA
     * @param packets packets between two events; 0 for no such events
     * @param ticks time between two events, in the kernel's own ticks (jiffies: CONFIG_HZ of them are a second), though
     *     it tells it in tenths of a second; 0 for no such events
     * @return whether there is such an SA
     * @throws XfrmException if the kernel refuses, for instance EINVAL for a larval SA
     */
    public boolean setThresholds(SaId sa, int packets, int ticks) {
        return write(sa, attributes -> attributes.putU32(xfrm4j_h.XFRMA_REPLAY_THRESH(), packets)
                .putU32(xfrm4j_h.XFRMA_ETIMER_THRESH(), ticks));
    }

    /** The kernel takes the other form without a word, and nothing comes of it (xfrm_update_ae_params). */
    private boolean requireForm(SaId sa, Replay replay) {
        Optional<Counters> now = get(sa);
        if (now.isPresent() && now.get().replay().getClass() != replay.getClass()) {
            throw new IllegalArgumentException("replay: " + replay.getClass().getSimpleName() + ", where " + sa
                    + " has " + now.get().replay().getClass().getSimpleName());
        }
        return now.isPresent();
    }

    private boolean write(SaId sa, Consumer<AttributeEncoder> contents) {
        contents.accept(begin(xfrm4j_h.XFRM_MSG_NEWAE(), xfrm4j_h.NLM_F_REPLACE(), sa).attributes());
        int error = request.send(message.encodedLength(), null);
        if (error != 0 && error != Errno.ESRCH) {
            throw request.refused(sa);
        }
        return error == 0;
    }

    private AeventEncoder begin(int messageType, int flags, SaId sa) {
        long payload = request.begin(messageType, flags);
        message.wrap(request.segment(), payload).id(sa.destination().high(), sa.destination().low(), sa.spi(),
                sa.destination().family().number(), sa.protocol().number());
        if (!sa.mark().isNone()) {
            message.attributes().putMark(xfrm4j_h.XFRMA_MARK(), sa.mark().value(), sa.mark().mask());
        }
        return message;
    }
}
