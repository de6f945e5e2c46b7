package org.xfrm4j.policy;

import static org.xfrm4j.policy.Check.refuse;

import java.util.List;
import org.xfrm4j.sa.AddressFamily;
import org.xfrm4j.sa.Mode;
import org.xfrm4j.sa.Offload;
import org.xfrm4j.sa.Protocol;
import org.xfrm4j.wire.TemplateEncoder;

/**
 * What the kernel would refuse in a new policy, or take and do otherwise: {@code verify_newpolicy_info},
 * {@code validate_tmpl} and {@code copy_from_user_policy} in {@code net/xfrm/xfrm_user.c}, {@code xfrm_policy_insert}
 * in {@code net/xfrm/xfrm_policy.c}, {@code xfrm_dev_policy_add} in {@code net/xfrm/xfrm_device.c}, Linux 7.2.
 */
final class PolicyRules {
    private PolicyRules() {
    }

    static void check(Policy policy) {
        identity(policy);
        // The kernel checks this number and forgets it.
        refuse(!policy.share().equals(Sharing.ANY), "share: %s, the kernel knows any only", policy.share());
        templates(policy);
        offload(policy.offload());
    }

    private static void identity(Policy policy) {
        refuse(policy.direction().isOfSocket(), "dir: %s, the kernel takes such policies from their socket only",
                policy.direction());
        refuse(policy.selector().family() == AddressFamily.UNSPEC, "selector: neither IPv4 nor IPv6 (%s)",
                policy.selector());
        refuse(policy.index() != 0 && PolicyIndex.direction(policy.index()) != policy.direction().number(),
                "index: the lowest three bits of %s do not stand for dir %s",
                Integer.toUnsignedString(policy.index()), policy.direction());
        refuse(!policy.mark().isMatchable(), "mark: %s has bits outside its mask, which the kernel would cut off",
                policy.mark());
    }

    private static void templates(Policy policy) {
        List<Template> templates = policy.templates();
        refuse(templates.size() > TemplateEncoder.MAX_TEMPLATES, "templates: %s, a policy has at most %s",
                templates.size(), TemplateEncoder.MAX_TEMPLATES);
        AddressFamily inner = policy.selector().family();
        for (int i = 0; i < templates.size(); i++) {
            Template template = templates.get(i);
            template(template, i, inner, policy.direction());
            inner = template.family();
        }
    }

    private static void template(Template template, int index, AddressFamily inner, PolicyDirection direction) {
        refuse(!isOfSas(template.protocol()), "template %s: proto: %s is not one of SAs", index,
                template.protocol());
        Mode mode = template.mode();
        refuse(!mode.isKnown(), "template %s: mode: %s is not known", index, mode);
        refuse(template.family() == AddressFamily.UNSPEC, "template %s: addresses: neither IPv4 nor IPv6", index);
        if (mode.equals(Mode.TUNNEL) || mode.equals(Mode.BEET) || mode.equals(Mode.IPTFS)) {
            refuse(template.level().isOptional() && direction == PolicyDirection.OUT,
                    "template %s: level: %s in %s mode, which is not for outgoing packets", index, template.level(),
                    mode);
        } else {
            refuse(template.family() != inner, "template %s: addresses: of another family than the packet in %s mode",
                    index, mode);
        }
    }

    private static boolean isOfSas(Protocol protocol) {
        return protocol.hasSpi() || protocol.equals(Protocol.ROUTING) || protocol.equals(Protocol.DSTOPTS);
    }

    private static void offload(Offload offload) {
        if (offload != null) {
            // INBOUND is what the kernel tells of an incoming policy; it is left out when written.
            refuse((offload.flags() & ~Offload.INBOUND) != Offload.PACKET,
                    "offload: flags 0x%x, policies have packet offload only", offload.flags());
            refuse(offload.ifindex() <= 0, "offload: interface %s", offload.ifindex());
        }
    }
}
