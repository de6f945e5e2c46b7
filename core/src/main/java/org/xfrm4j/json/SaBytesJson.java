package org.xfrm4j.json;

import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import org.xfrm4j.bindings.xfrm4j_h;
import org.xfrm4j.netlink.MalformedMessageException;
import org.xfrm4j.sa.AddressFamily;
import org.xfrm4j.sa.Direction;
import org.xfrm4j.sa.Encap;
import org.xfrm4j.sa.Mode;
import org.xfrm4j.sa.Protocol;
import org.xfrm4j.sa.SecurityAssociation;
import org.xfrm4j.sa.SecurityContext;
import org.xfrm4j.wire.AlgorithmDecoder;
import org.xfrm4j.wire.EncapDecoder;
import org.xfrm4j.wire.ReplayDecoder;
import org.xfrm4j.wire.ReplayEsnDecoder;
import org.xfrm4j.wire.SaDecoder;
import org.xfrm4j.wire.SecurityContextDecoder;
import org.xfrm4j.wire.UsageDecoder;

/** SAs straight from the kernel's bytes: byte for byte what {@link SaJson} makes of their values. */
final class SaBytesJson {
    private final AlgorithmDecoder algorithm = new AlgorithmDecoder();
    private final EncapDecoder encap = new EncapDecoder();
    private final ReplayDecoder replay = new ReplayDecoder();
    private final ReplayEsnDecoder replayEsn = new ReplayEsnDecoder();
    private final SecurityContextDecoder securityContext = new SecurityContextDecoder();
    private final UsageDecoder initialUsage = new UsageDecoder();

    void write(Json json, SaDecoder sa, boolean keys) {
        try {
            json.begin();
            fields(json, sa, keys);
            json.end();
        } catch (IllegalArgumentException e) {
            throw new MalformedMessageException(String.format("SA spi 0x%08x: %s", sa.spi(), e.getMessage()));
        }
    }

    private void fields(Json json, SaDecoder sa, boolean keys) {
        AddressFamily family = AddressFamily.of(sa.family());
        json.putAddress("source", family, sa.sourceHigh(), sa.sourceLow());
        json.putAddress("destination", family, sa.destinationHigh(), sa.destinationLow());
        json.putText("protocol", new Protocol(sa.protocol()));
        json.putHex("spi", sa.spi());
        Parts.mark(json, "mark", sa.markValue(), sa.markMask());
        json.putUnsigned("reqid", sa.reqid());
        json.putText("mode", new Mode(sa.mode()));
        SaJson.direction(json, Direction.of(sa.direction()));
        json.putUnlessZero("seq", sa.seq());
        Parts.bits(json, "flags", Parts.SA_FLAGS, sa.flags());
        Parts.bits(json, "extra_flags", Parts.SA_EXTRA_FLAGS, sa.u32(xfrm4j_h.XFRMA_SA_EXTRA_FLAGS(), 0));
        json.putUnlessZero("if_id", sa.ifId());
        SaJson.cpu(json, sa.u32(xfrm4j_h.XFRMA_SA_PCPU(), SecurityAssociation.NO_CPU));
        Parts.selector(json, "selector", sa.selector());
        algorithms(json, sa, keys);
        Parts.lifetime(json, sa.lifetime());
        Parts.usage(json, "usage", sa.usage());
        SaJson.stats(json, sa.statsReplayWindow(), sa.statsReplay(), sa.statsIntegrityFailed());
        json.putUnless("last_used_unix_seconds", 0, sa.u64(xfrm4j_h.XFRMA_LASTUSED()));
        json.put("replay_window", sa.replayWindow());
        replay(json, sa);
        if (sa.encapOffset() >= 0) {
            Parts.encap(json, Encap.from(encap.wrap(sa.segment(), sa.encapOffset()), family));
        }
        json.putUnlessZero("nat_keepalive_interval_seconds", sa.natKeepaliveInterval());
        json.putUnlessZero("mapping_threshold_seconds", sa.mappingThreshold());
        Parts.mark(json, "output_mark", sa.outputMarkValue(), sa.outputMarkMask());
        json.putUnlessZero("tfc_padding_bytes", sa.u32(xfrm4j_h.XFRMA_TFCPAD(), 0));
        if (sa.has(xfrm4j_h.XFRMA_OFFLOAD_DEV())) {
            Parts.offload(json, sa.offloadIfindex(), sa.offloadFlags());
        }
        rest(json, sa, family, keys);
    }

    /** What few SAs have. */
    private void rest(Json json, SaDecoder sa, AddressFamily family, boolean keys) {
        int careOf = xfrm4j_h.XFRMA_COADDR();
        if (sa.has(careOf)) {
            json.putAddress("care_of_address", family, sa.addressHigh(careOf), sa.addressLow(careOf));
        }
        int context = xfrm4j_h.XFRMA_SEC_CTX();
        if (sa.has(context)) {
            Parts.securityContext(json, SecurityContext.from(sa.segment(), securityContext
                    .wrap(sa.segment(), sa.attributeOffset(context), sa.attributeLength(context))));
        }
        iptfs(json, sa);
        putIfThere(json, "replay_threshold_packets", sa, xfrm4j_h.XFRMA_REPLAY_THRESH());
        putIfThere(json, "event_timer_threshold_ticks", sa, xfrm4j_h.XFRMA_ETIMER_THRESH());
        int usage = xfrm4j_h.XFRMA_LTIME_VAL();
        if (sa.has(usage)) {
            Parts.usage(json, "initial_usage", initialUsage.wrap(sa.segment(), sa.attributeOffset(usage)));
        }
        Parts.otherAttributes(json, sa.segment(), sa.attributes(), SecurityAssociation::hasComponentFor, keys);
    }

    private static void putIfThere(Json json, String name, SaDecoder sa, int attribute) {
        if (sa.has(attribute)) {
            json.putUnsigned(name, sa.u32(attribute, 0));
        }
    }

    private void algorithms(Json json, SaDecoder sa, boolean keys) {
        json.beginList("algorithms");
        algorithm(json, sa, "aead", xfrm4j_h.XFRMA_ALG_AEAD(), keys);
        // A dump tells the same algorithm in both ways; only the newer one tells the length of the ICV.
        algorithm(json, sa, "auth", sa.has(xfrm4j_h.XFRMA_ALG_AUTH_TRUNC())
                ? xfrm4j_h.XFRMA_ALG_AUTH_TRUNC() : xfrm4j_h.XFRMA_ALG_AUTH(), keys);
        algorithm(json, sa, "enc", xfrm4j_h.XFRMA_ALG_CRYPT(), keys);
        algorithm(json, sa, "comp", xfrm4j_h.XFRMA_ALG_COMP(), keys);
        json.end();
    }

    private void algorithm(Json json, SaDecoder sa, String kind, int type, boolean keys) {
        if (!sa.has(type)) {
            return;
        }
        algorithm.wrap(sa.segment(), sa.attributeOffset(type), sa.attributeLength(type), type);
        // Compression has none, whatever stands there.
        boolean keyed = type != xfrm4j_h.XFRMA_ALG_COMP();
        json.begin();
        json.putText("kind", kind);
        json.putAlgorithm("name", sa.segment(), algorithm.nameOffset(), algorithm.nameLength());
        json.putUnlessZero("icv_bits", algorithm.icvLength());
        json.put("key_bits", keyed ? algorithm.keyLength() : 0);
        if (keys && keyed && algorithm.keyBytes() > 0) {
            byte[] key = sa.segment().asSlice(algorithm.keyOffset(), algorithm.keyBytes())
                    .toArray(ValueLayout.JAVA_BYTE);
            json.putBytes("key", key);
            Arrays.fill(key, (byte) 0);
        }
        json.end();
    }

    private void replay(Json json, SaDecoder sa) {
        int esn = xfrm4j_h.XFRMA_REPLAY_ESN_VAL();
        int classic = xfrm4j_h.XFRMA_REPLAY_VAL();
        if (sa.has(esn)) {
            replayEsn.wrap(sa.segment(), sa.attributeOffset(esn), sa.attributeLength(esn));
            json.begin("replay");
            json.put("esn", true);
            json.putUnsigned("outgoing", replayEsn.outgoing());
            json.putUnsigned("incoming", replayEsn.incoming());
            json.put("replay_window", replayEsn.replayWindow());
            json.beginList("bitmap");
            for (int i = 0; i < replayEsn.bitmapLength(); i++) {
                json.hex(replayEsn.bitmap(i));
            }
            json.end();
            json.end();
        } else if (sa.has(classic)) {
            replay.wrap(sa.segment(), sa.attributeOffset(classic));
            json.begin("replay");
            json.put("esn", false);
            json.putUnsigned("outgoing", replay.outgoing());
            json.putUnsigned("incoming", replay.incoming());
            json.beginList("bitmap");
            json.hex(replay.bitmap());
            json.end();
            json.end();
        }
    }

    private static void iptfs(Json json, SaDecoder sa) {
        boolean dontFragment = sa.has(xfrm4j_h.XFRMA_IPTFS_DONT_FRAG());
        int window = xfrm4j_h.XFRMA_IPTFS_REORDER_WINDOW();
        if (!dontFragment && !sa.has(window) && !sa.has(xfrm4j_h.XFRMA_IPTFS_DROP_TIME())
                && !sa.has(xfrm4j_h.XFRMA_IPTFS_INIT_DELAY()) && !sa.has(xfrm4j_h.XFRMA_IPTFS_MAX_QSIZE())
                && !sa.has(xfrm4j_h.XFRMA_IPTFS_PKT_SIZE())) {
            return;
        }
        json.begin("iptfs");
        putIfThere(json, "drop_time_microseconds", sa, xfrm4j_h.XFRMA_IPTFS_DROP_TIME());
        if (sa.has(window)) {
            json.put("reorder_window", sa.u16(window));
        }
        json.put("dont_fragment", dontFragment);
        putIfThere(json, "init_delay_microseconds", sa, xfrm4j_h.XFRMA_IPTFS_INIT_DELAY());
        putIfThere(json, "max_queue_size_bytes", sa, xfrm4j_h.XFRMA_IPTFS_MAX_QSIZE());
        putIfThere(json, "packet_size_bytes", sa, xfrm4j_h.XFRMA_IPTFS_PKT_SIZE());
        json.end();
    }
}
