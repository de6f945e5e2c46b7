package org.xfrm4j.json;

import java.util.List;
import org.xfrm4j.sa.Encap;
import org.xfrm4j.sa.Lifetime;
import org.xfrm4j.sa.Mark;
import org.xfrm4j.sa.Offload;
import org.xfrm4j.sa.RawAttribute;
import org.xfrm4j.sa.SecurityContext;
import org.xfrm4j.sa.Selector;
import org.xfrm4j.sa.Usage;
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
            json.string(Json.hex(others));
        }
        json.end();
    }

    static void mark(Json json, String name, Mark mark) {
        if (!mark.isNone()) {
            json.begin(name);
            json.putHex("value", mark.value());
            json.putHex("mask", mark.mask());
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

    static void usage(Json json, String name, Usage usage) {
        json.begin(name);
        json.putUnsigned("bytes", usage.bytes());
        json.putUnsigned("packets", usage.packets());
        json.putUnless("add_time_unix_seconds", 0, usage.addTime());
        json.putUnless("use_time_unix_seconds", 0, usage.useTime());
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
            json.begin("offload");
            json.putUnsigned("ifindex", offload.ifindex());
            json.putText("direction", (offload.flags() & Offload.INBOUND) != 0 ? "in" : "out");
            json.putText("kind", (offload.flags() & Offload.PACKET) != 0 ? "packet" : "crypto");
            json.putHex("flags", offload.flags());
            json.end();
        }
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
                json.begin();
                json.put("type", attribute.type());
                json.putText("name", XfrmAttributes.name(attribute.type()));
                json.put("bytes", payload.length);
                if (keys) {
                    json.putBytes("payload", payload);
                }
                json.end();
            }
            json.end();
        }
    }
}
