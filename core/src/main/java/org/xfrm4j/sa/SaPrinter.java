package org.xfrm4j.sa;

/** Prints an SA like {@code ip -d xfrm state}, without keys. */
final class SaPrinter {
    private static final String[] FLAGS =
        {"noecn", "decap-dscp", "nopmtudisc", "wildrecv", "icmp", "af-unspec", "align4", "esn"};
    private static final String[] EXTRA_FLAGS = {"dont-encap-dscp", "oseq-may-wrap"};

    private SaPrinter() {
    }

    static String print(SecurityAssociation sa) {
        StringBuilder text = new StringBuilder("src ").append(sa.source()).append(" dst ").append(sa.destination());
        line(text, "proto ").append(sa.protocol()).append(" spi ").append(Check.hex32(sa.spi()))
                .append(" reqid ").append(Integer.toUnsignedString(sa.reqid())).append(" mode ").append(sa.mode());
        line(text, "replay-window ").append(sa.replayWindow());
        if (sa.seq() != 0) {
            text.append(" seq ").append(Check.hex32(sa.seq()));
        }
        flags(text, " flag", FLAGS, sa.flags());
        flags(text, " extra_flag", EXTRA_FLAGS, sa.extraFlags());
        lineUnlessNull(text, sa.securityContext());
        if (!sa.mark().isNone()) {
            line(text, "mark ").append(sa.mark());
        }
        if (!sa.outputMark().isNone()) {
            (sa.mark().isNone() ? line(text, "") : text.append(' ')).append("output-mark ").append(sa.outputMark());
        }
        sa.algorithms().forEach(algorithm -> line(text, algorithm.toString()));
        if (sa.encap() != null) {
            line(text, sa.encap().print(sa.family()));
        }
        if (sa.tfcPadding() != 0) {
            line(text, "tfcpad ").append(Integer.toUnsignedString(sa.tfcPadding()));
        }
        lineUnlessNull(text, sa.replay());
        lineUnlessNull(text, sa.offload());
        if (sa.careOfAddress() != null) {
            line(text, "coa ").append(sa.careOfAddress());
        }
        if (sa.ifId() != 0) {
            line(text, "if_id 0x").append(Integer.toHexString(sa.ifId()));
        }
        lineUnlessNull(text, sa.iptfs());
        if (sa.mappingThreshold() != 0) {
            line(text, "mtimer-thresh ").append(Integer.toUnsignedString(sa.mappingThreshold()));
        }
        if (sa.natKeepaliveInterval() != 0) {
            line(text, "nat-keepalive-interval ").append(Integer.toUnsignedString(sa.natKeepaliveInterval()));
        }
        if (sa.cpu() != SecurityAssociation.NO_CPU) {
            line(text, "pcpu-num ").append(Integer.toUnsignedString(sa.cpu()));
        }
        if (sa.direction() != Direction.UNSPECIFIED) {
            line(text, "dir ").append(sa.direction());
        }
        sa.otherAttributes().forEach(other -> line(text, other.toString()));
        line(text, "sel ").append(sa.selector());
        if (!sa.lifetime().equals(Lifetime.UNLIMITED)) {
            line(text, sa.lifetime().toString());
        }
        return text.toString();
    }

    private static StringBuilder line(StringBuilder text, String start) {
        return text.append("\n\t").append(start);
    }

    private static void lineUnlessNull(StringBuilder text, Object value) {
        if (value != null) {
            line(text, value.toString());
        }
    }

    private static void flags(StringBuilder text, String title, String[] names, int flags) {
        if (flags != 0) {
            text.append(title);
            for (int i = 0; i < names.length; i++) {
                if ((flags >>> i & 1) != 0) {
                    text.append(' ').append(names[i]);
                }
            }
            int rest = flags >>> names.length << names.length;
            if (rest != 0) {
                text.append(" 0x").append(Integer.toHexString(rest));
            }
        }
    }
}
