package org.xfrm4j.policy;

import org.xfrm4j.sa.Lifetime;

/** Prints a policy like {@code ip xfrm policy}, with action and index. */
final class PolicyPrinter {
    private static final String[] FLAGS = {"localok", "icmp", "cpu-acquire"};

    private PolicyPrinter() {
    }

    static String print(Policy policy) {
        StringBuilder text = new StringBuilder(policy.selector().toString());
        lineUnlessNull(text, policy.id().securityContext());
        line(text, "dir ").append(policy.direction())
                .append(" action ").append(policy.action())
                .append(" index ").append(Integer.toUnsignedString(policy.index()))
                .append(" priority ").append(Integer.toUnsignedString(policy.priority()))
                .append(" ptype ").append(policy.type());
        if (!policy.share().equals(Sharing.ANY)) {
            text.append(" share ").append(policy.share());
        }
        flags(text, policy.flags());
        if (!policy.mark().isNone()) {
            line(text, "mark ").append(policy.mark());
        }
        policy.templates().forEach(template -> line(text, template.toString()));
        lineUnlessNull(text, policy.offload());
        if (policy.ifId() != 0) {
            line(text, "if_id 0x").append(Integer.toHexString(policy.ifId()));
        }
        policy.otherAttributes().forEach(other -> line(text, other.toString()));
        if (!policy.lifetime().equals(Lifetime.UNLIMITED)) {
            line(text, policy.lifetime().toString());
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

    private static void flags(StringBuilder text, int flags) {
        if (flags != 0) {
            text.append(" flag");
            for (int i = 0; i < FLAGS.length; i++) {
                if ((flags >>> i & 1) != 0) {
                    text.append(' ').append(FLAGS[i]);
                }
            }
            int rest = flags >>> FLAGS.length << FLAGS.length;
            if (rest != 0) {
                text.append(" 0x").append(Integer.toHexString(rest));
            }
        }
    }
}
