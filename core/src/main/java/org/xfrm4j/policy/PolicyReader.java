package org.xfrm4j.policy;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import org.xfrm4j.bindings.xfrm4j_h;
import org.xfrm4j.sa.Lifetime;
import org.xfrm4j.sa.Offload;
import org.xfrm4j.sa.RawAttribute;
import org.xfrm4j.sa.Usage;
import org.xfrm4j.wire.AttributeDecoder;
import org.xfrm4j.wire.PolicyDecoder;

/** Makes a policy of its bytes. */
final class PolicyReader {
    private PolicyReader() {
    }

    static Policy read(PolicyDecoder policy) {
        return new Policy(
                PolicyId.from(policy),
                policy.index(),
                policy.priority(),
                PolicyAction.of(policy.action()),
                policy.flags(),
                new Sharing(policy.share()),
                templates(policy),
                Lifetime.from(policy.lifetime()),
                Usage.from(policy.usage()),
                policy.has(xfrm4j_h.XFRMA_OFFLOAD_DEV())
                        ? new Offload(policy.offloadIfindex(), policy.offloadFlags()) : null,
                others(policy));
    }

    private static List<Template> templates(PolicyDecoder policy) {
        List<Template> templates = new ArrayList<>(policy.templateCount());
        for (int i = 0; i < policy.templateCount(); i++) {
            templates.add(Template.from(policy.template(i)));
        }
        return templates;
    }

    private static List<RawAttribute> others(PolicyDecoder policy) {
        List<RawAttribute> others = new ArrayList<>(0);
        AttributeDecoder attributes = policy.attributes();
        while (attributes.next()) {
            if (!isKnown(attributes.type())) {
                byte[] payload = new byte[attributes.payloadLength()];
                MemorySegment.copy(policy.segment(), ValueLayout.JAVA_BYTE, attributes.payloadOffset(), payload, 0,
                        payload.length);
                others.add(new RawAttribute(attributes.type(), payload));
            }
        }
        return others;
    }

    /** Whether the attribute has a place in {@link Policy}; others are kept as they are. */
    static boolean isKnown(int type) {
        return type == xfrm4j_h.XFRMA_TMPL()
                || type == xfrm4j_h.XFRMA_SEC_CTX()
                || type == xfrm4j_h.XFRMA_POLICY_TYPE()
                || type == xfrm4j_h.XFRMA_MARK()
                || type == xfrm4j_h.XFRMA_IF_ID()
                || type == xfrm4j_h.XFRMA_OFFLOAD_DEV()
                // Stands for the structure itself where a policy's deletion is announced; see PolicyDecoder.
                || type == xfrm4j_h.XFRMA_POLICY()
                || type == xfrm4j_h.XFRMA_PAD();
    }
}
