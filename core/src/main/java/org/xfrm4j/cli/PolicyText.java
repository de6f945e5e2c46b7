package org.xfrm4j.cli;

import java.io.OutputStream;
import org.xfrm4j.bindings.xfrm4j_h;
import org.xfrm4j.policy.Level;
import org.xfrm4j.policy.Policy;
import org.xfrm4j.policy.PolicyAction;
import org.xfrm4j.policy.PolicyDirection;
import org.xfrm4j.policy.PolicyType;
import org.xfrm4j.policy.Sharing;
import org.xfrm4j.sa.AddressFamily;
import org.xfrm4j.sa.RawAttribute;
import org.xfrm4j.wire.AttributeDecoder;
import org.xfrm4j.wire.PolicyDecoder;
import org.xfrm4j.wire.SecurityContextDecoder;
import org.xfrm4j.wire.TemplateDecoder;

/** Prints policies as {@code ip xfrm policy} does, straight from the kernel's bytes. */
final class PolicyText extends XfrmText {
    private static final String[] FLAGS = {"localok", "icmp", "cpu-acquire"};

    private final ByNumber<PolicyDirection> directions = new ByNumber<>(PolicyDirection::of);
    private final ByNumber<PolicyAction> actions = new ByNumber<>(PolicyAction::of);
    private final ByNumber<PolicyType> types = new ByNumber<>(PolicyType::of);
    private final ByNumber<Sharing> sharings = new ByNumber<>(Sharing::new);
    private final ByNumber<Level> levels = new ByNumber<>(Level::new);
    private final SecurityContextDecoder securityContext = new SecurityContextDecoder();

    PolicyText(OutputStream out, boolean statistics) {
        super(out, statistics);
    }

    void print(PolicyDecoder policy) {
        selector(policy.selector(), AddressFamily.UNSPEC);
        if (policy.has(xfrm4j_h.XFRMA_SEC_CTX())) {
            securityContext(policy.segment(), securityContext.wrap(policy.segment(),
                    policy.attributeOffset(xfrm4j_h.XFRMA_SEC_CTX()),
                    policy.attributeLength(xfrm4j_h.XFRMA_SEC_CTX())));
        }
        int direction = policy.direction();
        put(directions.value(direction).isOfSocket() ? "\t" : "\tdir ").put(directions.name(direction)).put(' ');
        if (statistics || policy.action() != PolicyAction.ALLOW.number()) {
            put("action ").put(actions.name(policy.action())).put(' ');
        }
        if (statistics) {
            put("index ").unsigned(policy.index()).put(' ');
        }
        put("priority ").unsigned(policy.priority()).put(" ptype ").put(types.name(policy.type())).put(' ');
        if (statistics) {
            put("share ").put(sharings.name(policy.share())).put(' ');
        }
        int flags = policy.flags();
        if (statistics || flags != 0) {
            flags("flag ", flags, FLAGS);
        }
        if (statistics) {
            binary(flags);
        }
        put('\n');
        if (statistics) {
            lifetime(policy.lifetime(), policy.usage());
        }
        if ((policy.markValue() | policy.markMask()) != 0) {
            put('\t');
            mark(policy.markValue(), policy.markMask());
            put('\n');
        }
        for (int i = 0; i < policy.templateCount(); i++) {
            template(policy.template(i));
        }
        if (policy.has(xfrm4j_h.XFRMA_OFFLOAD_DEV())) {
            offload(policy.offloadIfindex(), policy.offloadFlags());
        }
        if (policy.ifId() != 0) {
            interfaceId(policy.ifId());
        }
        others(policy.attributes());
        end();
    }

    private void template(TemplateDecoder template) {
        AddressFamily family = family(template.family());
        put("\ttmpl src ").address(family, template.sourceHigh(), template.sourceLow());
        put(" dst ").address(family, template.destinationHigh(), template.destinationLow()).put("\n\t\t");
        name(template.protocol(), template.spi(), false, template.reqid(), template.mode());
        int level = template.optional();
        if (statistics || levels.value(level).isOptional()) {
            put("\t\tlevel ").put(levels.name(level)).put(' ');
            if (statistics) {
                put("share ").put(sharings.name(template.share())).put(' ');
            }
            put('\n');
        }
        if (statistics) {
            put("\t\tenc-mask ").hex8(template.encryptionAlgorithms()).put(" auth-mask ")
                    .hex8(template.authenticationAlgorithms()).put(" comp-mask ")
                    .hex8(template.compressionAlgorithms()).put('\n');
        }
    }

    private void others(AttributeDecoder attributes) {
        while (attributes.next()) {
            if (!Policy.hasComponentFor(attributes.type())) {
                put('\t').put(RawAttribute.describe(attributes.type(), attributes.payloadLength())).put('\n');
            }
        }
    }
}
