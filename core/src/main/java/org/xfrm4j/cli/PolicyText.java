package org.xfrm4j.cli;

import java.io.PrintWriter;
import org.xfrm4j.policy.Policy;
import org.xfrm4j.policy.PolicyAction;
import org.xfrm4j.policy.PolicyDirection;
import org.xfrm4j.policy.Template;

/** Prints policies as {@code ip xfrm policy} does. */
final class PolicyText extends XfrmText {
    private static final String[] FLAGS = {"localok", "icmp", "cpu-acquire"};

    PolicyText(PrintWriter out, boolean statistics) {
        super(out, statistics);
    }

    void print(Policy policy) {
        selector(policy.selector(), policy.selector().family());
        if (policy.id().securityContext() != null) {
            securityContext(policy.id().securityContext());
        }
        PolicyDirection direction = policy.direction();
        text.append('\t').append(direction.isOfSocket() ? "" : "dir ").append(direction).append(' ');
        if (statistics || policy.action() != PolicyAction.ALLOW) {
            text.append("action ").append(policy.action()).append(' ');
        }
        if (statistics) {
            text.append("index ");
            unsigned(policy.index()).append(' ');
        }
        text.append("priority ");
        unsigned(policy.priority()).append(" ptype ").append(policy.type()).append(' ');
        if (statistics) {
            text.append("share ").append(policy.share()).append(' ');
        }
        if (statistics || policy.flags() != 0) {
            flags("flag ", policy.flags(), FLAGS);
        }
        if (statistics) {
            binary(policy.flags());
        }
        text.append('\n');
        if (statistics) {
            lifetime(policy.lifetime(), policy.usage());
        }
        if (!policy.mark().isNone()) {
            text.append('\t');
            mark(policy.mark());
            text.append('\n');
        }
        policy.templates().forEach(this::template);
        if (policy.offload() != null) {
            offload(policy.offload());
        }
        if (policy.ifId() != 0) {
            interfaceId(policy.ifId());
        }
        policy.otherAttributes().forEach(other -> text.append('\t').append(other).append('\n'));
        end();
    }

    private void template(Template template) {
        text.append("\ttmpl ");
        ends(template.source(), template.destination(), "\t\t");
        name(template.protocol(), template.spi(), false, template.reqid(), template.mode());
        if (statistics || template.level().isOptional()) {
            text.append("\t\tlevel ").append(template.level()).append(' ');
            if (statistics) {
                text.append("share ").append(template.share()).append(' ');
            }
            text.append('\n');
        }
        if (statistics) {
            text.append("\t\tenc-mask ");
            hex8(template.encryptionAlgorithms()).append(" auth-mask ");
            hex8(template.authenticationAlgorithms()).append(" comp-mask ");
            hex8(template.compressionAlgorithms()).append('\n');
        }
    }
}
