package org.xfrm4j.wire;

import java.lang.foreign.MemorySegment;
import java.util.function.Consumer;
import org.xfrm4j.bindings.xfrm4j_h;

/** The SA of {@link GoldenBytes#SA}, as a dump would bring it, with the attributes that a test wants. */
final class SampleSa {
    private final MemorySegment memory = Memory.dirty(2048);
    private final SaEncoder encoder = new SaEncoder().wrap(memory, Memory.OFFSET);

    SampleSa() {
        StructuresTest.write(encoder);
    }

    SampleSa with(Consumer<SaEncoder> change) {
        change.accept(encoder);
        return this;
    }

    SampleSa mark(int value, int mask) {
        return with(sa -> sa.attributes().putMark(xfrm4j_h.XFRMA_MARK(), value, mask));
    }

    SampleSa direction(int direction) {
        return with(sa -> sa.attributes().putU8(xfrm4j_h.XFRMA_SA_DIR(), direction));
    }

    SampleSa encap(int type) {
        return with(sa -> sa.attributes().end(new EncapEncoder()
                .wrap(memory, sa.attributes().begin(xfrm4j_h.XFRMA_ENCAP()))
                .type(type).ports(4500, 4500).encodedLength()));
    }

    /** Selector of one host each, the SA's own addresses. */
    SampleSa hostToHost() {
        return with(sa -> sa.selector().family(Inet.AF_INET)
                .destination(0xc6336407L << 32, 0, 32)
                .source(0xc0000201L << 32, 0, 32));
    }

    SaDecoder decode() {
        return new SaDecoder().wrap(memory, Memory.OFFSET, encoder.encodedLength());
    }
}
