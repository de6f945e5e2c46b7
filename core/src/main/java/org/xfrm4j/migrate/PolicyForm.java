package org.xfrm4j.migrate;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import org.xfrm4j.bindings.xfrm4j_h;
import org.xfrm4j.bindings.xfrm_user_offload;
import org.xfrm4j.bindings.xfrm_userpolicy_id;
import org.xfrm4j.bindings.xfrm_userpolicy_info;
import org.xfrm4j.policy.Policy;
import org.xfrm4j.policy.PolicyAction;
import org.xfrm4j.policy.PolicyId;
import org.xfrm4j.sa.Offload;
import org.xfrm4j.wire.AttributeDecoder;
import org.xfrm4j.wire.AttributeEncoder;
import org.xfrm4j.wire.PolicyDecoder;
import org.xfrm4j.wire.PolicyEncoder;
import org.xfrm4j.wire.PolicyIdEncoder;
import org.xfrm4j.wire.SelectorEncoder;

/**
 * Writes messages about a policy from the bytes in which the kernel gave it: all that it has goes back unchanged, also
 * what is not known here, and no object is made of it.
 *
 * <p>Save of one with a label: to a label the kernel appends a zero, which it tells and which must not go back, or it
 * would be the label of another policy. Few have one, so of these a value is made.
 */
final class PolicyForm {
    private static final long SELECTOR = xfrm_userpolicy_info.sel$offset();
    private static final long ACTION = xfrm_userpolicy_info.action$offset();
    private static final long NAME_SELECTOR = xfrm_userpolicy_id.sel$offset();
    private static final long NAME_DIRECTION = xfrm_userpolicy_id.dir$offset();

    /** XFRMA_POLICY_TYPE, which values always write, and a kernel without sub policies does not tell. */
    private static final int TYPE_BYTES = 16;

    private PolicyForm() {
    }

    /** The most bytes that any of the messages has. */
    static int mostBytes(PolicyDecoder policy) {
        return (int) policy.length() + (isLabelled(policy) ? TYPE_BYTES : 0);
    }

    /** Writes the payload of XFRM_MSG_UPDPOLICY; returns its size in bytes. */
    static int whole(PolicyDecoder policy, MemorySegment to, long at) {
        if (isLabelled(policy)) {
            return Policy.from(policy).encode(to, at);
        }
        MemorySegment.copy(policy.segment(), policy.offset(), to, at, policy.length());
        long offload = policy.attributeOffset(xfrm4j_h.XFRMA_OFFLOAD_DEV());
        if (offload >= 0) {
            // Of an incoming policy the kernel tells INBOUND, and refuses it when written.
            long flags = at + offload - policy.offset() + xfrm_user_offload.flags$offset();
            to.set(ValueLayout.JAVA_BYTE, flags, (byte) (policy.offloadFlags() & ~Offload.INBOUND));
        }
        return (int) policy.length();
    }

    /** The same of a policy that lets nothing pass: without templates, and so without offload. */
    static int blocking(PolicyDecoder policy, MemorySegment to, long at) {
        if (isLabelled(policy)) {
            return blocking(Policy.from(policy)).encode(to, at);
        }
        MemorySegment.copy(policy.segment(), policy.offset(), to, at, PolicyEncoder.LENGTH);
        to.set(ValueLayout.JAVA_BYTE, at + ACTION, (byte) PolicyAction.BLOCK.number());
        int length = PolicyEncoder.LENGTH;
        AttributeDecoder attributes = policy.attributes();
        while (attributes.next()) {
            int type = attributes.type();
            if (type != xfrm4j_h.XFRMA_TMPL() && type != xfrm4j_h.XFRMA_OFFLOAD_DEV()) {
                length += copy(attributes, to, at + length);
            }
        }
        return length;
    }

    /** The same as a value. */
    static Policy blocking(Policy policy) {
        return policy.toBuilder().action(PolicyAction.BLOCK).templates(List.of()).offload(null).build();
    }

    private static boolean isLabelled(PolicyDecoder policy) {
        return policy.has(xfrm4j_h.XFRMA_SEC_CTX());
    }

    /** Writes what names a policy: the payload of XFRM_MSG_GETPOLICY and XFRM_MSG_DELPOLICY. */
    static int name(PolicyDecoder policy, MemorySegment to, long at) {
        if (isLabelled(policy)) {
            return PolicyId.from(policy).encode(new PolicyIdEncoder().wrap(to, at));
        }
        to.asSlice(at, PolicyIdEncoder.LENGTH).fill((byte) 0);
        MemorySegment.copy(policy.segment(), policy.offset() + SELECTOR, to, at + NAME_SELECTOR,
                SelectorEncoder.LENGTH);
        to.set(ValueLayout.JAVA_BYTE, at + NAME_DIRECTION, (byte) policy.direction());
        int length = PolicyIdEncoder.LENGTH;
        AttributeDecoder attributes = policy.attributes();
        while (attributes.next()) {
            if (isOfName(attributes.type())) {
                length += copy(attributes, to, at + length);
            }
        }
        return length;
    }

    private static boolean isOfName(int attributeType) {
        return attributeType == xfrm4j_h.XFRMA_POLICY_TYPE()
                || attributeType == xfrm4j_h.XFRMA_MARK()
                || attributeType == xfrm4j_h.XFRMA_IF_ID();
    }

    /** Copies an attribute, with its header; returns its size with the padding, which is zero. */
    private static int copy(AttributeDecoder attribute, MemorySegment to, long at) {
        int length = AttributeEncoder.HEADER_LENGTH + attribute.payloadLength();
        MemorySegment.copy(attribute.segment(), attribute.payloadOffset() - AttributeEncoder.HEADER_LENGTH, to, at,
                length);
        int padded = length + Integer.BYTES - 1 & -Integer.BYTES;
        for (int i = length; i < padded; i++) {
            to.set(ValueLayout.JAVA_BYTE, at + i, (byte) 0);
        }
        return padded;
    }

    /** Whether two, which have the same attributes, have the same name: whether their selectors are the same bytes. */
    static boolean hasSameSelector(PolicyDecoder one, PolicyDecoder other) {
        long ones = one.offset() + SELECTOR;
        long others = other.offset() + SELECTOR;
        return MemorySegment.mismatch(one.segment(), ones, ones + SelectorEncoder.LENGTH, other.segment(), others,
                others + SelectorEncoder.LENGTH) < 0;
    }
}
