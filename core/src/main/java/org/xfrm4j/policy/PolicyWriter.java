package org.xfrm4j.policy;

import java.lang.foreign.MemorySegment;
import java.util.List;
import org.xfrm4j.bindings.xfrm4j_h;
import org.xfrm4j.sa.Offload;
import org.xfrm4j.wire.AttributeEncoder;
import org.xfrm4j.wire.PolicyEncoder;
import org.xfrm4j.wire.TemplateEncoder;

/** Writes a policy; its attributes in the order of the kernel's dumps ({@code dump_one_policy}). */
final class PolicyWriter {
    private PolicyWriter() {
    }

    static int write(Policy policy, PolicyEncoder encoder) {
        fixedPart(policy, encoder);
        attributes(policy, encoder.segment(), encoder.attributes());
        return encoder.encodedLength();
    }

    private static void fixedPart(Policy policy, PolicyEncoder encoder) {
        policy.selector().encode(encoder.selector());
        policy.lifetime().encode(encoder.lifetime());
        policy.usage().encode(encoder.usage());
        encoder.priority(policy.priority())
                .index(policy.index())
                .direction(policy.direction().number())
                .action(policy.action().number())
                .flags(policy.flags())
                .share(policy.share().number());
    }

    private static void attributes(Policy policy, MemorySegment segment, AttributeEncoder attributes) {
        if (!policy.templates().isEmpty()) {
            templates(policy.templates(), segment, attributes);
        }
        if (policy.id().securityContext() != null) {
            policy.id().securityContext().encode(segment, attributes);
        }
        attributes.putPolicyType(policy.type().number());
        if (!policy.mark().isNone()) {
            attributes.putMark(xfrm4j_h.XFRMA_MARK(), policy.mark().value(), policy.mark().mask());
        }
        if (policy.ifId() != 0) {
            attributes.putU32(xfrm4j_h.XFRMA_IF_ID(), policy.ifId());
        }
        if (policy.offload() != null) {
            // Of an incoming policy the kernel tells INBOUND, and refuses it when written.
            attributes.putOffload(policy.offload().ifindex(), policy.offload().flags() & ~Offload.INBOUND);
        }
        policy.otherAttributes().forEach(other -> other.encode(attributes));
    }

    private static void templates(List<Template> templates, MemorySegment segment, AttributeEncoder attributes) {
        long at = attributes.begin(xfrm4j_h.XFRMA_TMPL());
        TemplateEncoder encoder = new TemplateEncoder();
        int length = 0;
        for (Template template : templates) {
            length += template.encode(encoder.wrap(segment, at + length));
        }
        attributes.end(length);
    }
}
