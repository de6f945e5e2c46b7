package org.xfrm4j.json;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.function.IntPredicate;
import org.xfrm4j.sa.AddressFamily;
import org.xfrm4j.sa.Encap;
import org.xfrm4j.sa.Lifetime;
import org.xfrm4j.sa.Mark;
import org.xfrm4j.sa.Offload;
import org.xfrm4j.sa.RawAttribute;
import org.xfrm4j.sa.SecurityContext;
import org.xfrm4j.sa.Selector;
import org.xfrm4j.sa.Usage;
import org.xfrm4j.wire.AttributeDecoder;
import org.xfrm4j.wire.LifetimeDecoder;
import org.xfrm4j.wire.SelectorDecoder;
import org.xfrm4j.wire.UsageDecoder;
import org.xfrm4j.wire.XfrmAttributes;

/** What SAs, policies and events have in common. */
final class Parts {
    // The names of ip xfrm, the lowest bit first.
    static final List<String> SA_FLAGS =
            List.of("noecn", "decap-dscp", "nopmtudisc", "wildrecv", "icmp", "af-unspec", "align4", "esn");
    static final List<String> SA_EXTRA_FLAGS = List.of("dont-encap-dscp", "oseq-may-wrap");
    static final List<String> POLICY_FLAGS = List.of("localok", "icmp", "cpu-acquire");

    private Parts() {
    }

    /** The names of bits that are set; those without a name, as a number. Left out when there is none. */
    static void bits(Json json, String name, List<String> names, int bits) {
        if (bits == 0) {
            return;
        }
        json.beginList(name);
        for (int i = 0; i < names.size(); i++) {
            if ((bits >>> i & 1) != 0) {
                json.string(names.get(i));
            }
        }
        int others = bits >>> names.size() << names.size();
        if (others != 0) {
            json.hex(others);
        }
        json.end();
    }

    static void mark(Json json, String name, Mark mark) {
        mark(json, name, mark.value(), mark.mask());
    }

    static void mark(Json json, String name, int value, int mask) {
        if ((value | mask) != 0) {
            json.begin(name);
            json.putHex("value", value);
            json.putHex("mask", mask);
            json.end();
        }
    }

    static void selector(Json json, String name, Selector selector) {
        json.begin(name);
        json.putText("source", selector.source());
        json.putText("destination", selector.destination());
        json.putUnlessZero("protocol", selector.protocol());
        port(json, "source_port", selector.sourcePort(), selector.sourcePortMask());
        port(json, "destination_port", selector.destinationPort(), selector.destinationPortMask());
        json.putUnlessZero("ifindex", selector.ifindex());
        json.putUnlessZero("user", selector.user());
        json.end();
    }

    static void selector(Json json, String name, SelectorDecoder selector) {
        AddressFamily family = AddressFamily.of(selector.family());
        json.begin(name);
        json.putPrefix("source", family, selector.sourceHigh(), selector.sourceLow(), selector.sourcePrefixLength());
        json.putPrefix("destination", family, selector.destinationHigh(), selector.destinationLow(),
                selector.destinationPrefixLength());
        json.putUnlessZero("protocol", selector.protocol());
        port(json, "source_port", selector.sourcePort(), selector.sourcePortMask());
        port(json, "destination_port", selector.destinationPort(), selector.destinationPortMask());
        json.putUnlessZero("ifindex", selector.ifindex());
        json.putUnlessZero("user", selector.user());
        json.end();
    }

    private static void port(Json json, String name, int port, int mask) {
        if (port != 0 || mask != 0) {
            json.put(name, port);
            json.put(name + "_mask", mask);
        }
    }

    /** The limits that there are; an empty object when there is none. */
    static void lifetime(Json json, Lifetime lifetime) {
        json.begin("lifetime");
        json.putUnless("soft_bytes", Lifetime.INFINITE, lifetime.softBytes());
        json.putUnless("hard_bytes", Lifetime.INFINITE, lifetime.hardBytes());
        json.putUnless("soft_packets", Lifetime.INFINITE, lifetime.softPackets());
        json.putUnless("hard_packets", Lifetime.INFINITE, lifetime.hardPackets());
        json.putUnless("soft_add_seconds", 0, lifetime.softAddSeconds());
        json.putUnless("hard_add_seconds", 0, lifetime.hardAddSeconds());
        json.putUnless("soft_use_seconds", 0, lifetime.softUseSeconds());
        json.putUnless("hard_use_seconds", 0, lifetime.hardUseSeconds());
        json.end();
    }

    static void lifetime(Json json, LifetimeDecoder lifetime) {
        json.begin("lifetime");
        json.putUnless("soft_bytes", Lifetime.INFINITE, lifetime.softBytes());
        json.putUnless("hard_bytes", Lifetime.INFINITE, lifetime.hardBytes());
        json.putUnless("soft_packets", Lifetime.INFINITE, lifetime.softPackets());
        json.putUnless("hard_packets", Lifetime.INFINITE, lifetime.hardPackets());
        json.putUnless("soft_add_seconds", 0, lifetime.softSecondsSinceAdded());
        json.putUnless("hard_add_seconds", 0, lifetime.hardSecondsSinceAdded());
        json.putUnless("soft_use_seconds", 0, lifetime.softSecondsSinceUsed());
        json.putUnless("hard_use_seconds", 0, lifetime.hardSecondsSinceUsed());
        json.end();
    }

    static void usage(Json json, String name, Usage usage) {
        usage(json, name, usage.bytes(), usage.packets(), usage.addTime(), usage.useTime());
    }

    static void usage(Json json, String name, UsageDecoder usage) {
        usage(json, name, usage.bytes(), usage.packets(), usage.added(), usage.firstUsed());
    }

    private static void usage(Json json, String name, long bytes, long packets, long addTime, long useTime) {
        json.begin(name);
        json.putUnsigned("bytes", bytes);
        json.putUnsigned("packets", packets);
        json.putUnless("add_time_unix_seconds", 0, addTime);
        json.putUnless("use_time_unix_seconds", 0, useTime);
        json.end();
    }

    static void encap(Json json, Encap encap) {
        if (encap != null) {
            json.begin("encap");
            json.putText("type", switch (encap.type()) {
                case Encap.ESP_IN_UDP -> "espinudp";
                case Encap.ESP_IN_TCP -> "espintcp";
                default -> Integer.toString(encap.type());
            });
            json.put("source_port", encap.sourcePort());
            json.put("destination_port", encap.destinationPort());
            if (!encap.originalAddress().isUnspecified()) {
                json.putText("original_address", encap.originalAddress());
            }
            json.end();
        }
    }

    static void offload(Json json, Offload offload) {
        if (offload != null) {
            offload(json, offload.ifindex(), offload.flags());
        }
    }

    static void offload(Json json, int ifindex, int flags) {
        json.begin("offload");
        json.putUnsigned("ifindex", ifindex);
        json.putText("direction", (flags & Offload.INBOUND) != 0 ? "in" : "out");
        json.putText("kind", (flags & Offload.PACKET) != 0 ? "packet" : "crypto");
        json.putHex("flags", flags);
        json.end();
    }

    static void securityContext(Json json, SecurityContext context) {
        if (context != null) {
            json.begin("security_context");
            json.put("domain", context.domain());
            json.put("algorithm", context.algorithm());
            json.putText("label", context.label());
            json.end();
        }
    }

    /** Their bytes only with keys: nobody knows what a newer kernel puts there. */
    static void otherAttributes(Json json, List<RawAttribute> attributes, boolean keys) {
        if (!attributes.isEmpty()) {
            json.beginList("other_attributes");
            for (RawAttribute attribute : attributes) {
                byte[] payload = attribute.payload();
                otherAttribute(json, attribute.type(), payload.length, keys ? payload : null);
            }
            json.end();
        }
    }

    /** Those that have no name of their own among the fields of what they belong to. */
    static void otherAttributes(Json json, MemorySegment segment, AttributeDecoder attributes, IntPredicate known,
            boolean keys) {
        boolean begun = false;
        while (attributes.next()) {
            if (known.test(attributes.type())) {
                continue;
            }
            if (!begun) {
                json.beginList("other_attributes");
                begun = true;
            }
            int length = attributes.payloadLength();
            otherAttribute(json, attributes.type(), length, keys
                    ? segment.asSlice(attributes.payloadOffset(), length).toArray(ValueLayout.JAVA_BYTE) : null);
        }
        if (begun) {
            json.end();
        }
    }

    private static void otherAttribute(Json json, int type, int length, byte[] payload) {
        json.begin();
        json.put("type", type);
        json.putText("name", XfrmAttributes.name(type));
        json.put("bytes", length);
        if (payload != null) {
            json.putBytes("payload", payload);
        }
        json.end();
    }
}
