package org.xfrm4j.bench.jmh;

import org.xfrm4j.bindings.xfrm4j_h;
import org.xfrm4j.netlink.NetlinkBatch;
import org.xfrm4j.wire.Inet;
import org.xfrm4j.wire.MigrateStateEncoder;

/** Puts XFRM_MSG_MIGRATE_STATE into a batch, as a program does that knows its SAs. */
final class MoveMessages {
    private static final int ENCAP_PORT = 4500;
    private static final int ALL_BITS = ~0;

    private final MigrateStateEncoder encoder = new MigrateStateEncoder();

    /** What a message holds; the numbers are those of the C twin's {@code enum twin_kind}. */
    enum Kind {
        BARE, ENCAP, ALL_ATTRIBUTES
    }

    /** Adds the move of an SA from one of the gateway's addresses to another. */
    void add(NetlinkBatch batch, Sample sa, int from, int to) {
        long at = batch.begin(xfrm4j_h.XFRM_MSG_MIGRATE_STATE(), 0);
        bare(encoder.wrap(batch.segment(), at), sa, from, to);
        batch.end(encoder.encode());
    }

    /** Adds the move of SA number {@code index} with attributes. */
    void add(NetlinkBatch batch, Kind kind, Sample sa, int from, int to, int index) {
        long at = batch.begin(xfrm4j_h.XFRM_MSG_MIGRATE_STATE(), 0);
        bare(encoder.wrap(batch.segment(), at), sa, from, to);
        attributes(encoder, kind, index);
        batch.end(encoder.encode());
    }

    static void bare(MigrateStateEncoder move, Sample sa, int from, int to) {
        boolean incoming = sa.incoming();
        int peer = sa.peer();
        long inner = Sample.high(sa.inner());
        move.id(Sample.high(incoming ? from : peer), 0, sa.spi(), Inet.AF_INET, Inet.IPPROTO_ESP)
                .newDestination(Sample.high(incoming ? to : peer), 0)
                .newSource(Sample.high(incoming ? peer : to), 0)
                .newFamily(Inet.AF_INET)
                .newReqid(sa.reqid())
                .newSelector(Inet.AF_INET, incoming ? 0 : inner, 0, incoming ? 0 : Integer.SIZE,
                        incoming ? inner : 0, 0, incoming ? Integer.SIZE : 0);
    }

    static void attributes(MigrateStateEncoder move, Kind kind, int index) {
        if (kind == Kind.ALL_ATTRIBUTES) {
            move.oldMark(index, ALL_BITS).mark(index, ALL_BITS);
        }
        if (kind != Kind.BARE) {
            move.encap(ENCAP_PORT, 1024 + (index & 0x7fff));
        }
        if (kind == Kind.ALL_ATTRIBUTES) {
            move.offload(2, xfrm4j_h.XFRM_OFFLOAD_INBOUND())
                    .outputMark(index & 0xffff, 0xffff)
                    .natKeepalive(20)
                    .mappingThreshold(30);
        }
    }
}
