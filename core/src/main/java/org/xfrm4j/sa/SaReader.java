package org.xfrm4j.sa;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import org.xfrm4j.bindings.xfrm4j_h;
import org.xfrm4j.wire.AttributeDecoder;
import org.xfrm4j.wire.EncapDecoder;
import org.xfrm4j.wire.ReplayDecoder;
import org.xfrm4j.wire.ReplayEsnDecoder;
import org.xfrm4j.wire.SaDecoder;
import org.xfrm4j.wire.SecurityContextDecoder;
import org.xfrm4j.wire.UsageDecoder;

/** Makes an SA of its bytes. */
final class SaReader {
    /** The attributes that have a place in {@link SecurityAssociation}, one bit each; others are kept as they are. */
    private static final long KNOWN = bits(
            // Stands for the structure itself where an SA's deletion is announced; see SaDeletionDecoder.
            xfrm4j_h.XFRMA_SA(),
            xfrm4j_h.XFRMA_ALG_AUTH(), xfrm4j_h.XFRMA_ALG_CRYPT(), xfrm4j_h.XFRMA_ALG_COMP(),
            xfrm4j_h.XFRMA_ENCAP(), xfrm4j_h.XFRMA_SEC_CTX(), xfrm4j_h.XFRMA_LTIME_VAL(),
            xfrm4j_h.XFRMA_REPLAY_VAL(), xfrm4j_h.XFRMA_REPLAY_THRESH(), xfrm4j_h.XFRMA_ETIMER_THRESH(),
            xfrm4j_h.XFRMA_COADDR(), xfrm4j_h.XFRMA_LASTUSED(), xfrm4j_h.XFRMA_ALG_AEAD(),
            xfrm4j_h.XFRMA_ALG_AUTH_TRUNC(), xfrm4j_h.XFRMA_MARK(), xfrm4j_h.XFRMA_TFCPAD(),
            xfrm4j_h.XFRMA_REPLAY_ESN_VAL(), xfrm4j_h.XFRMA_SA_EXTRA_FLAGS(), xfrm4j_h.XFRMA_PAD(),
            xfrm4j_h.XFRMA_OFFLOAD_DEV(), xfrm4j_h.XFRMA_SET_MARK(), xfrm4j_h.XFRMA_SET_MARK_MASK(),
            xfrm4j_h.XFRMA_IF_ID(), xfrm4j_h.XFRMA_MTIMER_THRESH(), xfrm4j_h.XFRMA_SA_DIR(),
            xfrm4j_h.XFRMA_NAT_KEEPALIVE_INTERVAL(), xfrm4j_h.XFRMA_SA_PCPU(), xfrm4j_h.XFRMA_IPTFS_DROP_TIME(),
            xfrm4j_h.XFRMA_IPTFS_REORDER_WINDOW(), xfrm4j_h.XFRMA_IPTFS_DONT_FRAG(),
            xfrm4j_h.XFRMA_IPTFS_INIT_DELAY(), xfrm4j_h.XFRMA_IPTFS_MAX_QSIZE(), xfrm4j_h.XFRMA_IPTFS_PKT_SIZE());

    private SaReader() {
    }

    private static long bits(int... types) {
        long bits = 0;
        for (int type : types) {
            bits |= 1L << type;
        }
        return bits;
    }

    /** Whether the attribute has a place in {@link SecurityAssociation}. */
    static boolean isKnown(int type) {
        return type < Long.SIZE && (KNOWN >>> type & 1) != 0;
    }

    static SecurityAssociation read(SaDecoder sa) {
        SaId id = SaId.from(sa);
        AddressFamily family = id.destination().family();
        return new SecurityAssociation(
                id,
                IpAddress.ofWire(family, sa.sourceHigh(), sa.sourceLow()),
                Selector.from(sa.selector()),
                new Mode(sa.mode()),
                Direction.of(sa.direction()),
                sa.reqid(),
                sa.seq(),
                sa.flags(),
                sa.u32(xfrm4j_h.XFRMA_SA_EXTRA_FLAGS(), 0),
                sa.ifId(),
                sa.u32(xfrm4j_h.XFRMA_SA_PCPU(), SecurityAssociation.NO_CPU),
                algorithms(sa),
                Lifetime.from(sa.lifetime()),
                Usage.from(sa.usage()),
                new Stats(sa.statsReplayWindow(), sa.statsReplay(), sa.statsIntegrityFailed()),
                sa.u64(xfrm4j_h.XFRMA_LASTUSED()),
                sa.replayWindow(),
                replay(sa),
                encap(sa, family),
                sa.natKeepaliveInterval(),
                sa.mappingThreshold(),
                new Mark(sa.outputMarkValue(), sa.outputMarkMask()),
                sa.u32(xfrm4j_h.XFRMA_TFCPAD(), 0),
                sa.has(xfrm4j_h.XFRMA_OFFLOAD_DEV()) ? new Offload(sa.offloadIfindex(), sa.offloadFlags()) : null,
                careOfAddress(sa, family),
                securityContext(sa),
                Iptfs.from(sa),
                u32(sa, xfrm4j_h.XFRMA_REPLAY_THRESH()),
                u32(sa, xfrm4j_h.XFRMA_ETIMER_THRESH()),
                initialUsage(sa),
                others(sa));
    }

    private static List<Algorithm> algorithms(SaDecoder sa) {
        List<Algorithm> algorithms = new ArrayList<>(2);
        add(algorithms, sa, xfrm4j_h.XFRMA_ALG_AEAD());
        // A dump tells the same algorithm in both ways; only the newer one tells the length of the ICV.
        add(algorithms, sa, sa.has(xfrm4j_h.XFRMA_ALG_AUTH_TRUNC())
                ? xfrm4j_h.XFRMA_ALG_AUTH_TRUNC() : xfrm4j_h.XFRMA_ALG_AUTH());
        add(algorithms, sa, xfrm4j_h.XFRMA_ALG_CRYPT());
        add(algorithms, sa, xfrm4j_h.XFRMA_ALG_COMP());
        return algorithms;
    }

    private static void add(List<Algorithm> algorithms, SaDecoder sa, int type) {
        if (sa.has(type)) {
            algorithms.add(Algorithms.from(type, sa.segment(), sa.attributeOffset(type), sa.attributeLength(type)));
        }
    }

    private static Replay replay(SaDecoder sa) {
        int esn = xfrm4j_h.XFRMA_REPLAY_ESN_VAL();
        if (sa.has(esn)) {
            return ReplayEsn.from(new ReplayEsnDecoder()
                    .wrap(sa.segment(), sa.attributeOffset(esn), sa.attributeLength(esn)));
        }
        int classic = xfrm4j_h.XFRMA_REPLAY_VAL();
        return sa.has(classic)
                ? ReplayState.from(new ReplayDecoder().wrap(sa.segment(), sa.attributeOffset(classic))) : null;
    }

    private static Encap encap(SaDecoder sa, AddressFamily family) {
        return sa.encapOffset() < 0 ? null
                : Encap.from(new EncapDecoder().wrap(sa.segment(), sa.encapOffset()), family);
    }

    private static IpAddress careOfAddress(SaDecoder sa, AddressFamily family) {
        int type = xfrm4j_h.XFRMA_COADDR();
        if (!sa.has(type)) {
            return null;
        }
        return IpAddress.ofWire(family, sa.addressHigh(type), sa.addressLow(type));
    }

    private static SecurityContext securityContext(SaDecoder sa) {
        int type = xfrm4j_h.XFRMA_SEC_CTX();
        return sa.has(type) ? SecurityContext.from(sa.segment(), new SecurityContextDecoder()
                .wrap(sa.segment(), sa.attributeOffset(type), sa.attributeLength(type))) : null;
    }

    private static Usage initialUsage(SaDecoder sa) {
        int type = xfrm4j_h.XFRMA_LTIME_VAL();
        return sa.has(type) ? Usage.from(new UsageDecoder().wrap(sa.segment(), sa.attributeOffset(type))) : null;
    }

    private static Integer u32(SaDecoder sa, int type) {
        return sa.has(type) ? sa.u32(type, 0) : null;
    }

    private static List<RawAttribute> others(SaDecoder sa) {
        List<RawAttribute> others = new ArrayList<>(0);
        AttributeDecoder attributes = sa.attributes();
        while (attributes.next()) {
            int type = attributes.type();
            if (!isKnown(type)) {
                byte[] payload = new byte[attributes.payloadLength()];
                MemorySegment.copy(sa.segment(), ValueLayout.JAVA_BYTE, attributes.payloadOffset(), payload, 0,
                        payload.length);
                others.add(new RawAttribute(type, payload));
            }
        }
        return others;
    }
}
