package org.xfrm4j.json;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import org.xfrm4j.sa.Aead;
import org.xfrm4j.sa.Algorithm;
import org.xfrm4j.sa.Auth;
import org.xfrm4j.sa.Comp;
import org.xfrm4j.sa.Counters;
import org.xfrm4j.sa.Crypt;
import org.xfrm4j.sa.Direction;
import org.xfrm4j.sa.Iptfs;
import org.xfrm4j.sa.Key;
import org.xfrm4j.sa.Mark;
import org.xfrm4j.sa.Replay;
import org.xfrm4j.sa.ReplayEsn;
import org.xfrm4j.sa.ReplayState;
import org.xfrm4j.sa.SaId;
import org.xfrm4j.sa.SecurityAssociation;
import org.xfrm4j.sa.Stats;
import org.xfrm4j.sa.Usage;

/** SAs, and what of them stands alone. */
final class SaJson {
    private SaJson() {
    }

    static void write(Json json, SecurityAssociation sa, boolean keys) {
        json.begin();
        fields(json, sa, keys);
        json.end();
    }

    static void write(Json json, String name, SecurityAssociation sa, boolean keys) {
        json.begin(name);
        fields(json, sa, keys);
        json.end();
    }

    private static void fields(Json json, SecurityAssociation sa, boolean keys) {
        json.putText("source", sa.source());
        id(json, sa.id());
        json.putUnsigned("reqid", sa.reqid());
        json.putText("mode", sa.mode());
        direction(json, sa.direction());
        json.putUnlessZero("seq", sa.seq());
        Parts.bits(json, "flags", Parts.SA_FLAGS, sa.flags());
        Parts.bits(json, "extra_flags", Parts.SA_EXTRA_FLAGS, sa.extraFlags());
        json.putUnlessZero("if_id", sa.ifId());
        cpu(json, sa.cpu());
        Parts.selector(json, "selector", sa.selector());
        algorithms(json, sa, keys);
        Parts.lifetime(json, sa.lifetime());
        Parts.usage(json, "usage", sa.usage());
        stats(json, sa.stats());
        json.putUnless("last_used_unix_seconds", 0, sa.lastUsed());
        json.put("replay_window", sa.replayWindow());
        replay(json, sa.replay());
        Parts.encap(json, sa.encap());
        json.putUnlessZero("nat_keepalive_interval_seconds", sa.natKeepaliveInterval());
        json.putUnlessZero("mapping_threshold_seconds", sa.mappingThreshold());
        Parts.mark(json, "output_mark", sa.outputMark());
        json.putUnlessZero("tfc_padding_bytes", sa.tfcPadding());
        Parts.offload(json, sa.offload());
        json.putTextUnlessNull("care_of_address", sa.careOfAddress());
        Parts.securityContext(json, sa.securityContext());
        iptfs(json, sa.iptfs());
        json.putUnlessNull("replay_threshold_packets", sa.replayThreshold());
        json.putUnlessNull("event_timer_threshold_ticks", sa.eventTimerThreshold());
        if (sa.initialUsage() != null) {
            Parts.usage(json, "initial_usage", sa.initialUsage());
        }
        Parts.otherAttributes(json, sa.otherAttributes(), keys);
    }

    /** An object that names an SA. */
    static void id(Json json, String name, SaId id) {
        json.begin(name);
        id(json, id);
        json.end();
    }

    /** The fields that name an SA. */
    static void id(Json json, SaId id) {
        json.putText("destination", id.destination());
        json.putText("protocol", id.protocol());
        json.putHex("spi", id.spi());
        Parts.mark(json, "mark", id.mark());
    }

    static void direction(Json json, Direction direction) {
        if (direction != Direction.UNSPECIFIED) {
            json.putName("direction", direction);
        }
    }

    static void cpu(Json json, int cpu) {
        if (cpu != SecurityAssociation.NO_CPU) {
            json.putUnsigned("cpu", cpu);
        }
    }

    private static void algorithms(Json json, SecurityAssociation sa, boolean keys) {
        json.beginList("algorithms");
        for (Algorithm algorithm : sa.algorithms()) {
            json.begin();
            json.putText("kind", switch (algorithm) {
                case Aead _ -> "aead";
                case Auth _ -> "auth";
                case Crypt _ -> "enc";
                case Comp _ -> "comp";
            });
            json.putText("name", algorithm.name());
            json.putUnlessZero("icv_bits", algorithm.icvBits());
            json.put("key_bits", algorithm.key().bitLength());
            if (keys && algorithm.key().byteLength() > 0 && !algorithm.key().isWiped()) {
                key(json, algorithm.key());
            }
            json.end();
        }
        json.end();
    }

    private static void key(Json json, Key key) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment copy = arena.allocate(key.byteLength());
            key.copyTo(copy, 0);
            byte[] bytes = copy.toArray(ValueLayout.JAVA_BYTE);
            json.putBytes("key", bytes);
            Arrays.fill(bytes, (byte) 0);
            copy.fill((byte) 0);
        }
    }

    private static void stats(Json json, Stats stats) {
        stats(json, stats.replayWindow(), stats.replay(), stats.integrityFailed());
    }

    static void stats(Json json, int replayWindow, int replay, int integrityFailed) {
        json.begin("stats");
        json.putUnsigned("replay_window", replayWindow);
        json.putUnsigned("replay", replay);
        json.putUnsigned("integrity_failed", integrityFailed);
        json.end();
    }

    private static void replay(Json json, Replay replay) {
        switch (replay) {
            case null -> { }
            case ReplayState classic -> {
                json.begin("replay");
                json.put("esn", false);
                json.putUnsigned("outgoing", classic.outgoing());
                json.putUnsigned("incoming", classic.incoming());
                json.beginList("bitmap");
                json.hex(classic.bitmap());
                json.end();
                json.end();
            }
            case ReplayEsn extended -> {
                json.begin("replay");
                json.put("esn", true);
                json.putUnsigned("outgoing", extended.outgoing());
                json.putUnsigned("incoming", extended.incoming());
                json.put("replay_window", extended.replayWindow());
                json.beginList("bitmap");
                extended.bitmap().forEach(json::hex);
                json.end();
                json.end();
            }
        }
    }

    private static void iptfs(Json json, Iptfs iptfs) {
        if (iptfs != null) {
            json.begin("iptfs");
            json.putUnlessNull("drop_time_microseconds", iptfs.dropTime());
            json.putUnlessNull("reorder_window", iptfs.reorderWindow());
            json.put("dont_fragment", iptfs.dontFragment());
            json.putUnlessNull("init_delay_microseconds", iptfs.initDelay());
            json.putUnlessNull("max_queue_size_bytes", iptfs.maxQueueSize());
            json.putUnlessNull("packet_size_bytes", iptfs.packetSize());
            json.end();
        }
    }

    static void counters(Json json, Counters counters) {
        json.begin("counters");
        id(json, "sa", counters.sa());
        json.putText("source", counters.source());
        json.putUnsigned("reqid", counters.reqid());
        causes(json, counters.causes());
        replay(json, counters.replay());
        usageUnlessNull(json, counters.usage());
        json.putUnlessNull("replay_threshold_packets", counters.replayThreshold());
        json.putUnlessNull("event_timer_threshold_tenths", counters.eventTimerThreshold());
        json.putUnlessZero("if_id", counters.ifId());
        cpu(json, counters.cpu());
        direction(json, counters.direction());
        json.end();
    }

    private static void causes(Json json, int causes) {
        json.beginList("causes");
        cause(json, "replay", causes & Counters.CAUSE_REPLAY);
        cause(json, "timer", causes & Counters.CAUSE_TIMER);
        cause(json, "set", causes & Counters.CAUSE_SET);
        json.end();
    }

    private static void cause(Json json, String name, int bit) {
        if (bit != 0) {
            json.string(name);
        }
    }

    private static void usageUnlessNull(Json json, Usage usage) {
        if (usage != null) {
            Parts.usage(json, "usage", usage);
        }
    }

    /** The fields of a move's new ends that an event tells. */
    static void direction(Json json, Direction direction, Mark mark) {
        direction(json, direction);
        Parts.mark(json, "new_mark", mark);
    }
}
