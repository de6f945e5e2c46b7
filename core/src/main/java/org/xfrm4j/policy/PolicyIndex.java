package org.xfrm4j.policy;

import org.xfrm4j.bindings.xfrm4j_h;
import org.xfrm4j.sa.Mark;
import org.xfrm4j.wire.PolicyIdEncoder;

/**
 * The index of a policy, which the kernel gives or takes; unique in a network namespace. The lowest three bits are the
 * direction. Though it is unique, the kernel finds a policy by it only if type, mark and interface id are right, too.
 *
 * @param index the index, unsigned
 * @param type which of two databases the policy is in
 * @param mark the mark, exactly as the policy has it
 * @param ifId the id of its XFRM interface; 0 for none
 */
public record PolicyIndex(int index, PolicyType type, Mark mark, int ifId) implements PolicyName {
    private static final int DIRECTION_BITS = 7;

    /**
     * Checks the index.
     *
     * @throws IllegalArgumentException if it is 0, or that of a socket's policy, which cannot be named
     */
    public PolicyIndex {
        Check.refuse(index == 0, "index: 0 names no policy");
        Check.refuse((index & DIRECTION_BITS) >= xfrm4j_h.XFRM_POLICY_MAX(),
                "index: %s is not of direction in, out or fwd", Integer.toUnsignedString(index));
        Check.notNull("ptype", type);
        Check.notNull("mark", mark);
    }

    /**
     * {@return the index of a main policy without mark and interface id}
     *
     * @throws IllegalArgumentException if the index is 0, or that of a socket's policy
     */
    public static PolicyIndex of(int index) {
        return new PolicyIndex(index, PolicyType.MAIN, Mark.NONE, 0);
    }

    /** {@return the direction of an index: its lowest three bits} */
    static int direction(int index) {
        return index & DIRECTION_BITS;
    }

    @Override
    public PolicyDirection direction() {
        return PolicyDirection.of(direction(index));
    }

    @Override
    public int encode(PolicyIdEncoder name) {
        name.index(index);
        return PolicyName.super.encode(name);
    }

    /** {@return for example {@code policy out index 25}} */
    @Override
    public String toString() {
        return "policy " + direction() + " index " + Integer.toUnsignedString(index)
                + (type == PolicyType.MAIN ? "" : " ptype " + type)
                + (mark.isNone() ? "" : " mark " + mark)
                + (ifId == 0 ? "" : " if_id 0x" + Integer.toHexString(ifId));
    }
}
