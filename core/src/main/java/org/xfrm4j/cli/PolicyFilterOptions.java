package org.xfrm4j.cli;

import java.util.function.Predicate;
import org.xfrm4j.policy.PolicyAction;
import org.xfrm4j.policy.PolicyDirection;
import org.xfrm4j.policy.PolicyType;
import org.xfrm4j.policy.Template;
import org.xfrm4j.sa.IpAddress;
import org.xfrm4j.sa.IpPrefix;
import org.xfrm4j.sa.Mark;
import org.xfrm4j.sa.Selector;
import org.xfrm4j.wire.PolicyDecoder;
import org.xfrm4j.wire.TemplateDecoder;
import picocli.CommandLine.Option;

/** Which policies. Each option can also be written as {@code ip} does, without dashes. */
final class PolicyFilterOptions {
    @Option(names = {"src", "--src"}, paramLabel = "PREFIX", description = "Policies of just this source.")
    private IpPrefix source;

    @Option(names = {"dst", "--dst"}, paramLabel = "PREFIX", description = "Policies of just this destination.")
    private IpPrefix destination;

    @Option(names = {"dir", "--dir"}, paramLabel = "DIR", description = "Policies of in, out or fwd.")
    private PolicyDirection direction;

    @Option(names = {"action", "--action"}, paramLabel = "ACTION", description = "Policies that allow, or block.")
    private PolicyAction action;

    @Option(names = {"priority", "--priority"}, paramLabel = "N", description = "Policies of this priority.")
    private U32 priority;

    @Option(names = {"ptype", "--ptype"}, paramLabel = "TYPE", description = "Policies of main or sub.")
    private PolicyType type;

    @Option(names = {"mark", "--mark"}, paramLabel = "VALUE[/MASK]", description = "Policies with exactly this mark.")
    private Mark mark;

    @Option(names = {"if_id", "--if-id"}, paramLabel = "ID",
            description = "Policies of this XFRM interface; 0: of none.")
    private U32 interfaceId;

    @Option(names = {"reqid", "--reqid"}, paramLabel = "REQID",
            description = "Policies with a template of this reqid.")
    private U32 reqid;

    @Option(names = {"tmpl", "--tmpl"}, paramLabel = "ADDRESS",
            description = "Policies with a template from or to this address.")
    private IpAddress end;

    @Option(names = {"nosock", "--no-sockets"}, description = "Not those of sockets.")
    private boolean noSockets;

    Predicate<PolicyDecoder> selection() {
        return policy -> (source == null || Selector.from(policy.selector()).source().equals(source))
                && (destination == null || Selector.from(policy.selector()).destination().equals(destination))
                && (direction == null || policy.direction() == direction.number())
                && (action == null || policy.action() == action.number())
                && (priority == null || policy.priority() == priority.bits())
                && (type == null || policy.type() == type.number())
                && (mark == null || policy.markValue() == mark.value() && policy.markMask() == mark.mask())
                && (interfaceId == null || policy.ifId() == interfaceId.bits())
                && (reqid == null || anyTemplate(policy, template -> template.reqid() == reqid.bits()))
                && (end == null || anyTemplate(policy, template -> hasEnd(Template.from(template))))
                && (!noSockets || !PolicyDirection.of(policy.direction()).isOfSocket());
    }

    private boolean hasEnd(Template template) {
        return template.source().equals(end) || template.destination().equals(end);
    }

    private static boolean anyTemplate(PolicyDecoder policy, Predicate<TemplateDecoder> selection) {
        for (int i = 0; i < policy.templateCount(); i++) {
            if (selection.test(policy.template(i))) {
                return true;
            }
        }
        return false;
    }
}
