package org.xfrm4j.policy;

import org.xfrm4j.bindings.xfrm4j_h;
import org.xfrm4j.sa.Mark;
import org.xfrm4j.sa.SecurityContext;
import org.xfrm4j.sa.Selector;
import org.xfrm4j.wire.PolicyDecoder;
import org.xfrm4j.wire.PolicyIdEncoder;
import org.xfrm4j.wire.SecurityContextDecoder;

/**
 * What tells one policy from another. All of it counts, bit by bit: a selector of 192.0.2.1/24 and one of 192.0.2.0/24
 * match the same packets and name two policies.
 *
 * @param direction which packets it is asked about
 * @param selector which of them it matches
 * @param type which of two databases it is in
 * @param mark the mark, exactly as the policy has it
 * @param ifId the id of its XFRM interface; 0 for none
 * @param securityContext the label of an LSM; null for none. A kernel without such an LSM forgets it
 */
public record PolicyId(
        PolicyDirection direction,
        Selector selector,
        PolicyType type,
        Mark mark,
        int ifId,
        SecurityContext securityContext) implements PolicyName {
    /** Checks that all are there. */
    public PolicyId {
        Check.notNull("dir", direction);
        Check.notNull("selector", selector);
        Check.notNull("ptype", type);
        Check.notNull("mark", mark);
    }

    /** {@return the name of a main policy without mark, interface id and label} */
    public static PolicyId of(PolicyDirection direction, Selector selector) {
        return new PolicyId(direction, selector, PolicyType.MAIN, Mark.NONE, 0, null);
    }

    /** {@return this name, of another type} */
    public PolicyId withType(PolicyType other) {
        return new PolicyId(direction, selector, other, mark, ifId, securityContext);
    }

    /** {@return this name, with a mark} */
    public PolicyId withMark(Mark other) {
        return new PolicyId(direction, selector, type, other, ifId, securityContext);
    }

    /** {@return this name, with an interface id} */
    public PolicyId withIfId(int other) {
        return new PolicyId(direction, selector, type, mark, other, securityContext);
    }

    /** {@return this name, with a label} */
    public PolicyId withSecurityContext(SecurityContext other) {
        return new PolicyId(direction, selector, type, mark, ifId, other);
    }

    /**
     * {@return the name of the policy that is there}
     *
     * @throws IllegalArgumentException if its direction or type is unknown, or its selector is not one
     */
    public static PolicyId from(PolicyDecoder policy) {
        return new PolicyId(
                PolicyDirection.of(policy.direction()),
                Selector.from(policy.selector()),
                PolicyType.of(policy.type()),
                new Mark(policy.markValue(), policy.markMask()),
                policy.ifId(),
                securityContext(policy));
    }

    private static SecurityContext securityContext(PolicyDecoder policy) {
        int type = xfrm4j_h.XFRMA_SEC_CTX();
        return policy.has(type) ? SecurityContext.from(policy.segment(), new SecurityContextDecoder()
                .wrap(policy.segment(), policy.attributeOffset(type), policy.attributeLength(type))) : null;
    }

    @Override
    public int encode(PolicyIdEncoder name) {
        selector.encode(name.selector());
        if (securityContext != null) {
            securityContext.encode(name.segment(), name.attributes());
        }
        return PolicyName.super.encode(name);
    }

    /** {@return for example {@code policy out src 192.0.2.0/24 dst 198.51.100.0/24}} */
    @Override
    public String toString() {
        return "policy " + direction + " " + selector
                + (type == PolicyType.MAIN ? "" : " ptype " + type)
                + (mark.isNone() ? "" : " mark " + mark)
                + (ifId == 0 ? "" : " if_id 0x" + Integer.toHexString(ifId))
                + (securityContext == null ? "" : " " + securityContext);
    }
}
