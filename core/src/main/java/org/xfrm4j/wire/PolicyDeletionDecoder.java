package org.xfrm4j.wire;

import java.lang.foreign.MemorySegment;
import org.xfrm4j.bindings.xfrm4j_h;
import org.xfrm4j.netlink.MalformedMessageException;

/**
 * Reads the XFRM_MSG_DELPOLICY with which the kernel announces that a policy was deleted: a
 * {@code struct xfrm_userpolicy_id}, an {@code XFRMA_POLICY} that holds a {@code struct xfrm_userpolicy_info}, and the
 * policy's attributes, without its security context ({@code xfrm_notify_policy}, net/xfrm/xfrm_user.c).
 */
public final class PolicyDeletionDecoder {
    private final AttributeTable table = new AttributeTable();
    private final PolicyIdDecoder id = new PolicyIdDecoder();
    private final PolicyDecoder policy = new PolicyDecoder();

    /** A decoder that is yet to be wrapped around memory. */
    public PolicyDeletionDecoder() {
    }

    /**
     * Points at the message.
     *
     * @param length bytes that structure and attributes have
     * @throws MalformedMessageException if the structure or an attribute is cut short, or goes beyond the segment, or
     *     there is no {@code XFRMA_POLICY}, as in a request
     */
    public PolicyDeletionDecoder wrap(MemorySegment segment, long offset, long length) {
        Layouts.check("xfrm_userpolicy_id", segment, offset, length, PolicyIdEncoder.LENGTH);
        long attributes = offset + PolicyIdEncoder.LENGTH;
        table.index(segment, attributes, length - PolicyIdEncoder.LENGTH);
        if (!table.has(xfrm4j_h.XFRMA_POLICY())) {
            throw new MalformedMessageException("XFRM_MSG_DELPOLICY without XFRMA_POLICY: not an announcement");
        }
        id.wrap(segment, offset);
        policy.wrap(segment, table.offset(xfrm4j_h.XFRMA_POLICY()), attributes, length - PolicyIdEncoder.LENGTH);
        return this;
    }

    /** {@return the decoder of what named the policy: its index or its selector, not both} */
    public PolicyIdDecoder id() {
        return id;
    }

    /** {@return the decoder of the policy as it was; its attributes show {@code XFRMA_POLICY} as well} */
    public PolicyDecoder policy() {
        return policy;
    }
}
