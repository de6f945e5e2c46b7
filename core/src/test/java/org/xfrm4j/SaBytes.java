package org.xfrm4j;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.xfrm4j.bindings.xfrm4j_h;
import org.xfrm4j.bindings.xfrm_usersa_info;
import org.xfrm4j.netlink.DumpCursor;
import org.xfrm4j.netlink.NetlinkBatch;
import org.xfrm4j.netlink.RequestSocket;
import org.xfrm4j.sa.SecurityAssociation;
import org.xfrm4j.wire.AttributeDecoder;
import org.xfrm4j.wire.SaDecoder;
import org.xfrm4j.wire.SaEncoder;
import org.xfrm4j.wire.XfrmAttributes;

/**
 * An SA as the bytes of a dump: {@code struct xfrm_usersa_info} and its attributes, as the kernel wrote them.
 *
 * @param payload what stands behind the netlink header
 */
record SaBytes(byte[] payload) {
    private static final int USAGE = (int) xfrm_usersa_info.curlft$offset();
    private static final int USAGE_END = (int) xfrm_usersa_info.stats$offset();

    /** Where the fields start; each ends where the next starts, so padding counts with the field before it. */
    private static final Map<Long, String> FIELDS = fields();

    private static Map<Long, String> fields() {
        Map<Long, String> fields = new LinkedHashMap<>();
        fields.put(xfrm_usersa_info.sel$offset(), "sel");
        fields.put(xfrm_usersa_info.id$offset(), "id");
        fields.put(xfrm_usersa_info.saddr$offset(), "saddr");
        fields.put(xfrm_usersa_info.lft$offset(), "lft");
        fields.put(xfrm_usersa_info.curlft$offset(), "curlft");
        fields.put(xfrm_usersa_info.stats$offset(), "stats");
        fields.put(xfrm_usersa_info.seq$offset(), "seq");
        fields.put(xfrm_usersa_info.reqid$offset(), "reqid");
        fields.put(xfrm_usersa_info.family$offset(), "family");
        fields.put(xfrm_usersa_info.mode$offset(), "mode");
        fields.put(xfrm_usersa_info.replay_window$offset(), "replay_window");
        fields.put(xfrm_usersa_info.flags$offset(), "flags");
        return fields;
    }

    /** {@return all SAs, in the order of the dump: the last one that was added comes first} */
    static List<SaBytes> dump(RequestSocket socket) {
        NetlinkBatch request = socket.newBatch(1, 256);
        request.begin(xfrm4j_h.XFRM_MSG_GETSA(), xfrm4j_h.NLM_F_DUMP());
        request.end(0);
        List<SaBytes> all = new ArrayList<>();
        try (DumpCursor dump = socket.dump(request)) {
            while (dump.next()) {
                if (dump.type() != xfrm4j_h.XFRM_MSG_NEWSA()) {
                    throw new AssertionError("a dump of SAs holds a message of type " + dump.type());
                }
                all.add(new SaBytes(dump.segment().asSlice(dump.payloadOffset(), dump.payloadLength())
                        .toArray(ValueLayout.JAVA_BYTE)));
            }
        }
        return all;
    }

    private MemorySegment segment() {
        return MemorySegment.ofArray(payload);
    }

    private SaDecoder decoder() {
        return new SaDecoder().wrap(segment(), 0, payload.length);
    }

    SecurityAssociation decode() {
        return SecurityAssociation.from(decoder());
    }

    boolean has(int attributeType) {
        return decoder().has(attributeType);
    }

    /** {@return the same with zeros for what it was used and when: {@code curlft}} */
    SaBytes withoutUsage() {
        byte[] masked = payload.clone();
        Arrays.fill(masked, USAGE, USAGE_END, (byte) 0);
        return new SaBytes(masked);
    }

    /** {@return field by field in hex} */
    private Map<String, String> byField() {
        Map<String, String> fields = new LinkedHashMap<>();
        List<Long> starts = new ArrayList<>(FIELDS.keySet());
        for (int i = 0; i < starts.size(); i++) {
            long end = i + 1 < starts.size() ? starts.get(i + 1) : SaEncoder.LENGTH;
            fields.put(FIELDS.get(starts.get(i)), hex(starts.get(i), end));
        }
        AttributeDecoder attributes = decoder().attributes();
        while (attributes.next()) {
            fields.merge(XfrmAttributes.name(attributes.type()),
                    hex(attributes.payloadOffset(), attributes.payloadOffset() + attributes.payloadLength()),
                    (one, another) -> one + " and " + another);
        }
        return fields;
    }

    private String hex(long from, long to) {
        return HexFormat.of().formatHex(payload, (int) from, (int) to);
    }

    /** {@return the fields that differ, a line for each; empty if no byte differs} */
    String difference(SaBytes other) {
        if (Arrays.equals(payload, other.payload)) {
            return "";
        }
        Map<String, String> ours = byField();
        Map<String, String> theirs = other.byField();
        TreeSet<String> names = new TreeSet<>(ours.keySet());
        names.addAll(theirs.keySet());
        StringBuilder text = new StringBuilder();
        for (String name : names) {
            String one = ours.getOrDefault(name, "(none)");
            String two = theirs.getOrDefault(name, "(none)");
            if (!one.equals(two)) {
                text.append("\n  ").append(name).append(":\n    ").append(one).append("\n    ").append(two);
            }
        }
        return text.isEmpty() ? "\n  the order of the attributes, or what pads them" : text.toString();
    }
}
