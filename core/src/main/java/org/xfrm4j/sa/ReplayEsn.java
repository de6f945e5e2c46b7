package org.xfrm4j.sa;

import java.lang.foreign.MemorySegment;
import java.util.Collections;
import java.util.List;
import org.xfrm4j.bindings.xfrm4j_h;
import org.xfrm4j.wire.AttributeEncoder;
import org.xfrm4j.wire.ReplayEsnDecoder;
import org.xfrm4j.wire.ReplayEsnEncoder;

/**
 * The extended form ({@code struct xfrm_replay_state_esn}): a window of up to 4096 packets, and with
 * {@link SecurityAssociation#FLAG_ESN} sequence numbers of 64 bits (RFC 4304).
 *
 * @param outgoing the last sequence number sent
 * @param incoming the highest sequence number received
 * @param replayWindow size of the window, in packets
 * @param bitmap what was received, in words of 32 bits as the kernel keeps them: a ring, in which number n is bit
 *     (n - 1) mod window
 */
public record ReplayEsn(long outgoing, long incoming, int replayWindow, List<Integer> bitmap) implements Replay {
    /** The largest window, in packets. */
    public static final int MAX_WINDOW = ReplayEsnEncoder.MAX_BITMAP_WORDS * Integer.SIZE;

    /**
     * Checks the window.
     *
     * @throws IllegalArgumentException if it is larger than the bitmap, or the bitmap too long
     */
    public ReplayEsn {
        bitmap = List.copyOf(bitmap);
        Check.range("replay bitmap words", bitmap.size(), 0, ReplayEsnEncoder.MAX_BITMAP_WORDS);
        Check.range("replay window", replayWindow, 0, bitmap.size() * Integer.SIZE);
    }

    /** {@return the state of a new SA with a window of that many packets; 0 for an outgoing SA} */
    public static ReplayEsn ofWindow(int packets) {
        Check.range("replay window", packets, 0, MAX_WINDOW);
        int words = (packets + Integer.SIZE - 1) / Integer.SIZE;
        return new ReplayEsn(0, 0, packets, Collections.nCopies(words, 0));
    }

    static ReplayEsn from(ReplayEsnDecoder replay) {
        Integer[] words = new Integer[replay.bitmapLength()];
        for (int i = 0; i < words.length; i++) {
            words[i] = replay.bitmap(i);
        }
        return new ReplayEsn(replay.outgoing(), replay.incoming(), replay.replayWindow(), List.of(words));
    }

    @Override
    public void encode(MemorySegment segment, AttributeEncoder attributes) {
        ReplayEsnEncoder encoder = new ReplayEsnEncoder()
                .wrap(segment, attributes.begin(xfrm4j_h.XFRMA_REPLAY_ESN_VAL()), bitmap.size())
                .outgoing(outgoing)
                .incoming(incoming)
                .replayWindow(replayWindow);
        for (int i = 0; i < bitmap.size(); i++) {
            encoder.bitmap(i, bitmap.get(i));
        }
        attributes.end(encoder.encodedLength());
    }

    /** {@return the state as {@code ip xfrm} prints it, the last word first, in one line} */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("anti-replay esn context: seq-hi 0x").append(hex(incoming >>> 32))
                .append(", seq 0x").append(hex(incoming & 0xffffffffL))
                .append(", oseq-hi 0x").append(hex(outgoing >>> 32))
                .append(", oseq 0x").append(hex(outgoing & 0xffffffffL))
                .append(", replay_window ").append(replayWindow)
                .append(", bitmap-length ").append(bitmap.size());
        for (int word : bitmap.reversed()) {
            text.append(' ').append(String.format("%08x", word));
        }
        return text.toString();
    }

    private static String hex(long half) {
        return Long.toHexString(half);
    }
}
