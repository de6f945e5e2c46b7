package org.xfrm4j.sa;

import java.lang.foreign.MemorySegment;
import org.xfrm4j.bindings.xfrm4j_h;
import org.xfrm4j.wire.AttributeEncoder;
import org.xfrm4j.wire.ReplayDecoder;
import org.xfrm4j.wire.ReplayEncoder;

/**
 * The classic form ({@code struct xfrm_replay_state}): sequence numbers of 32 bits, a window of up to 32 packets.
 *
 * @param outgoing the last sequence number sent, unsigned
 * @param incoming the highest sequence number received, unsigned
 * @param bitmap which of the last 32 were received; bit 0 is the highest number itself
 */
public record ReplayState(int outgoing, int incoming, int bitmap) implements Replay {
    static ReplayState from(ReplayDecoder replay) {
        return new ReplayState(replay.outgoing(), replay.incoming(), replay.bitmap());
    }

    @Override
    public void encode(MemorySegment segment, AttributeEncoder attributes) {
        attributes.end(new ReplayEncoder()
                .wrap(segment, attributes.begin(xfrm4j_h.XFRMA_REPLAY_VAL()))
                .outgoing(outgoing)
                .incoming(incoming)
                .bitmap(bitmap)
                .encodedLength());
    }

    /** {@return the state as {@code ip xfrm} prints it} */
    @Override
    public String toString() {
        return "anti-replay context: seq 0x" + Integer.toHexString(incoming) + ", oseq 0x"
                + Integer.toHexString(outgoing) + ", bitmap " + Check.hex32(bitmap);
    }
}
