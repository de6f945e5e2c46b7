package org.xfrm4j.migrate;

import org.xfrm4j.bindings.xfrm4j_h;
import org.xfrm4j.policy.PolicyDirection;
import org.xfrm4j.wire.Inet;
import org.xfrm4j.wire.PolicyDecoder;
import org.xfrm4j.wire.SelectorDecoder;
import org.xfrm4j.wire.TemplateDecoder;
import org.xfrm4j.wire.TemplateEncoder;

/**
 * Tells policies that are as most are, in which there is nothing that the kernel could refuse or take wrongly, from those
 * that have to be looked at closely, as values ({@link org.xfrm4j.policy.PolicyBuilder}).
 */
final class PlainPolicy {
    private static final int DIRECTION_BITS = 7;

    private PlainPolicy() {
    }

    /** Whether there is surely nothing wrong with a policy; false says nothing. */
    static boolean is(PolicyDecoder policy) {
        return policy.direction() <= PolicyDirection.FORWARD.number()
                && (policy.index() == 0 || (policy.index() & DIRECTION_BITS) == policy.direction())
                && policy.action() <= xfrm4j_h.XFRM_POLICY_BLOCK()
                && policy.share() == xfrm4j_h.XFRM_SHARE_ANY()
                && policy.type() == xfrm4j_h.XFRM_POLICY_TYPE_MAIN()
                && (policy.markValue() & ~policy.markMask()) == 0
                && !policy.has(xfrm4j_h.XFRMA_OFFLOAD_DEV())
                && !policy.has(xfrm4j_h.XFRMA_SEC_CTX())
                && isPlain(policy.selector())
                && arePlain(policy);
    }

    private static boolean isPlain(SelectorDecoder selector) {
        return isFamily(selector.family())
                && selector.sourcePrefixLength() <= Inet.addressBits(selector.family())
                && selector.destinationPrefixLength() <= Inet.addressBits(selector.family());
    }

    private static boolean isFamily(int family) {
        return family == Inet.AF_INET || family == Inet.AF_INET6;
    }

    private static boolean arePlain(PolicyDecoder policy) {
        int inner = policy.selector().family();
        boolean plain = policy.templateCount() <= TemplateEncoder.MAX_TEMPLATES;
        for (int i = 0; plain && i < policy.templateCount(); i++) {
            TemplateDecoder template = policy.template(i);
            boolean tunnel = template.mode() == xfrm4j_h.XFRM_MODE_TUNNEL();
            plain = template.protocol() == Inet.IPPROTO_ESP
                    && template.optional() == 0
                    && isFamily(template.family())
                    && (tunnel || template.mode() == xfrm4j_h.XFRM_MODE_TRANSPORT() && template.family() == inner);
            inner = template.family();
        }
        return plain;
    }
}
