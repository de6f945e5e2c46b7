package org.xfrm4j.policy;

import org.xfrm4j.bindings.xfrm4j_h;
import org.xfrm4j.sa.Mark;
import org.xfrm4j.wire.PolicyIdEncoder;

/** What names a policy to the kernel: its selector ({@link PolicyId}) or its index ({@link PolicyIndex}). */
public sealed interface PolicyName permits PolicyId, PolicyIndex {
    /** {@return the direction} */
    PolicyDirection direction();

    /** {@return the type} */
    PolicyType type();

    /** {@return the mark, exactly as the policy has it} */
    Mark mark();

    /** {@return the id of the XFRM interface; 0 for none} */
    int ifId();

    /**
     * Writes the name, and the attributes that belong to it.
     *
     * @param name where to; already wrapped
     * @return the size in bytes
     */
    default int encode(PolicyIdEncoder name) {
        name.direction(direction().number());
        name.attributes().putPolicyType(type().number());
        if (!mark().isNone()) {
            name.attributes().putMark(xfrm4j_h.XFRMA_MARK(), mark().value(), mark().mask());
        }
        if (ifId() != 0) {
            name.attributes().putU32(xfrm4j_h.XFRMA_IF_ID(), ifId());
        }
        return name.encodedLength();
    }
}
