package org.xfrm4j.bench.jmh;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.xfrm4j.bindings.xfrm4j_h;
import org.xfrm4j.netlink.InMemory;
import org.xfrm4j.wire.AlgorithmEncoder;
import org.xfrm4j.wire.AttributeEncoder;
import org.xfrm4j.wire.Inet;
import org.xfrm4j.wire.SaEncoder;

/** SAs as a dump brings them, made in memory: what a kernel without ESP cannot be asked for. */
final class DumpedSas {
    private static final int HEADER = 16;
    private static final int ROOM = 640;
    private static final int DATAGRAM = 32 * 1024;
    private static final int KEY_BITS = 288;
    private static final int ICV_BITS = 128;
    private static final int REPLAY = 6 * Integer.BYTES;
    private static final int BITMAP = 4 * Integer.BYTES;

    private DumpedSas() {
    }

    /** All messages, one behind the other. */
    static MemorySegment make(Arena arena, int count) {
        MemorySegment all = arena.allocate((long) count * ROOM, 64);
        Sample sample = new Sample(Sample.Layout.SPREAD);
        SaEncoder encoder = new SaEncoder();
        long at = 0;
        for (int i = 0; i < count; i++) {
            int length = HEADER + fill(encoder.wrap(all, at + HEADER), sample.at(i));
            all.set(ValueLayout.JAVA_INT_UNALIGNED, at, length);
            all.set(ValueLayout.JAVA_SHORT_UNALIGNED, at + 4, (short) xfrm4j_h.XFRM_MSG_NEWSA());
            all.set(ValueLayout.JAVA_SHORT_UNALIGNED, at + 6, (short) xfrm4j_h.NLM_F_MULTI());
            all.set(ValueLayout.JAVA_INT_UNALIGNED, at + 8, InMemory.SEQUENCE);
            all.set(ValueLayout.JAVA_INT_UNALIGNED, at + 12, InMemory.PORT);
            at += length + 3 & ~3;
        }
        return all.asSlice(0, at);
    }

    /** The attributes of an AES-GCM SA with extended sequence numbers, in the order in which Linux 7.2 dumps them. */
    private static int fill(SaEncoder sa, Sample sample) {
        boolean incoming = sample.incoming();
        sa.destination(Sample.high(incoming ? Sample.GATEWAY : sample.peer()), 0)
                .source(Sample.high(incoming ? sample.peer() : Sample.GATEWAY), 0)
                .spi(sample.spi())
                .protocol(Inet.IPPROTO_ESP)
                .family(Inet.AF_INET)
                .reqid(sample.reqid())
                .mode(xfrm4j_h.XFRM_MODE_TUNNEL())
                .flags(xfrm4j_h.XFRM_STATE_ESN());
        if (incoming) {
            sa.selector().family(Inet.AF_INET).source(Sample.high(sample.inner()), 0, Integer.SIZE);
        } else {
            sa.selector().family(Inet.AF_INET).destination(Sample.high(sample.inner()), 0, Integer.SIZE);
        }
        AttributeEncoder attributes = sa.attributes().putU64(xfrm4j_h.XFRMA_LASTUSED(), 0);
        long algorithm = attributes.begin(xfrm4j_h.XFRMA_ALG_AEAD());
        attributes.end(new AlgorithmEncoder().wrap(sa.segment(), algorithm, xfrm4j_h.XFRMA_ALG_AEAD())
                .name("rfc4106(gcm(aes))")
                .icvLength(ICV_BITS)
                .keyLength(KEY_BITS)
                .encodedLength());
        attributes.putBytes(xfrm4j_h.XFRMA_REPLAY_ESN_VAL(), new byte[incoming ? REPLAY + BITMAP : REPLAY])
                .putU8(xfrm4j_h.XFRMA_SA_DIR(),
                        incoming ? xfrm4j_h.XFRM_SA_DIR_IN() : xfrm4j_h.XFRM_SA_DIR_OUT());
        return sa.encodedLength();
    }

    /** The same in datagrams as the kernel makes them, and the dump's end. */
    static InMemory datagrams(MemorySegment all) {
        InMemory memory = new InMemory((int) (all.byteSize() / (DATAGRAM - ROOM)) + 2);
        long from = 0;
        long at = 0;
        while (at < all.byteSize()) {
            long next = at + (all.get(ValueLayout.JAVA_INT_UNALIGNED, at) + 3 & ~3);
            if (next - from > DATAGRAM) {
                memory.add(all.asSlice(from, at - from));
                from = at;
            }
            at = next;
        }
        memory.add(all.asSlice(from, at - from));
        memory.addDone();
        return memory;
    }
}
