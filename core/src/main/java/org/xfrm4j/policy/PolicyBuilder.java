package org.xfrm4j.policy;

import java.util.ArrayList;
import java.util.List;
import org.xfrm4j.sa.Lifetime;
import org.xfrm4j.sa.Mark;
import org.xfrm4j.sa.Offload;
import org.xfrm4j.sa.RawAttribute;
import org.xfrm4j.sa.SecurityContext;
import org.xfrm4j.sa.Selector;
import org.xfrm4j.sa.Usage;

/**
 * Builds a {@link Policy}; what each field means is told there. Not for several threads at once.
 */
public final class PolicyBuilder {
    private PolicyDirection direction;
    private Selector selector;
    private PolicyType type = PolicyType.MAIN;
    private Mark mark = Mark.NONE;
    private int ifId;
    private SecurityContext securityContext;
    private int index;
    private int priority;
    private PolicyAction action = PolicyAction.ALLOW;
    private int flags;
    private Sharing share = Sharing.ANY;
    private final List<Template> templates = new ArrayList<>();
    private Lifetime lifetime = Lifetime.UNLIMITED;
    private Usage usage = Usage.NONE;
    private Offload offload;
    private final List<RawAttribute> otherAttributes = new ArrayList<>();

    PolicyBuilder() {
    }

    PolicyBuilder(Policy policy) {
        id(policy.id());
        index = policy.index();
        priority = policy.priority();
        action = policy.action();
        flags = policy.flags();
        share = policy.share();
        templates.addAll(policy.templates());
        lifetime = policy.lifetime();
        usage = policy.usage();
        offload = policy.offload();
        otherAttributes.addAll(policy.otherAttributes());
    }

    /** Direction, selector, type, mark, interface id and label. */
    public PolicyBuilder id(PolicyId id) {
        securityContext = id.securityContext();
        return direction(id.direction()).selector(id.selector()).type(id.type()).mark(id.mark()).ifId(id.ifId());
    }

    /** The direction; required. */
    public PolicyBuilder direction(PolicyDirection value) {
        direction = value;
        return this;
    }

    /** The selector; required. */
    public PolicyBuilder selector(Selector value) {
        selector = value;
        return this;
    }

    /** The type; {@link PolicyType#MAIN} unless told. */
    public PolicyBuilder type(PolicyType value) {
        type = value;
        return this;
    }

    /** The mark. */
    public PolicyBuilder mark(Mark value) {
        mark = value;
        return this;
    }

    /** The id of the XFRM interface. */
    public PolicyBuilder ifId(int id) {
        ifId = id;
        return this;
    }

    /** The label of an LSM, or null. */
    public PolicyBuilder securityContext(SecurityContext value) {
        securityContext = value;
        return this;
    }

    /** The index; 0 lets the kernel choose. */
    public PolicyBuilder index(int value) {
        index = value;
        return this;
    }

    /** The priority. */
    public PolicyBuilder priority(int value) {
        priority = value;
        return this;
    }

    /** The action; {@link PolicyAction#ALLOW} unless told. */
    public PolicyBuilder action(PolicyAction value) {
        action = value;
        return this;
    }

    /** {@code FLAG_…} */
    public PolicyBuilder flags(int bits) {
        flags = bits;
        return this;
    }

    /** Who may share its SAs; the kernel knows {@link Sharing#ANY} only. */
    public PolicyBuilder share(Sharing value) {
        share = value;
        return this;
    }

    /** Another template, which wraps what those before have wrapped. */
    public PolicyBuilder template(Template template) {
        templates.add(template);
        return this;
    }

    /** These templates instead of those so far. */
    public PolicyBuilder templates(List<Template> all) {
        templates.clear();
        templates.addAll(all);
        return this;
    }

    /** The limits. */
    public PolicyBuilder lifetime(Lifetime value) {
        lifetime = value;
        return this;
    }

    /** What it has been used so far; the kernel ignores it. */
    public PolicyBuilder usage(Usage value) {
        usage = value;
        return this;
    }

    /** The offload, or null. */
    public PolicyBuilder offload(Offload value) {
        offload = value;
        return this;
    }

    /** An attribute as it stands. */
    public PolicyBuilder otherAttribute(RawAttribute attribute) {
        otherAttributes.add(attribute);
        return this;
    }

    /**
     * The policy. Templates of transport mode without addresses get the selector's family.
     *
     * @return the policy
     * @throws IllegalArgumentException if the kernel would not take it; the message names the field
     * @throws NullPointerException if direction or selector is missing; the message names it
     */
    public Policy build() {
        PolicyId id = new PolicyId(direction, selector, type, mark, ifId, securityContext);
        Policy policy = new Policy(id, index, priority, action, flags, share,
                templates.stream().map(template -> template.inFamily(selector.family())).toList(),
                lifetime, usage, offload, otherAttributes);
        PolicyRules.check(policy);
        return policy;
    }
}
