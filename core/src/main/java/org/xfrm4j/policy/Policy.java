package org.xfrm4j.policy;

import java.lang.foreign.MemorySegment;
import java.util.List;
import org.xfrm4j.bindings.xfrm4j_h;
import org.xfrm4j.netlink.MalformedMessageException;
import org.xfrm4j.sa.Lifetime;
import org.xfrm4j.sa.Mark;
import org.xfrm4j.sa.Offload;
import org.xfrm4j.sa.RawAttribute;
import org.xfrm4j.sa.Selector;
import org.xfrm4j.sa.Usage;
import org.xfrm4j.wire.PolicyDecoder;
import org.xfrm4j.wire.PolicyEncoder;

/**
 * A policy with all that the kernel keeps of it (RFC 4301, section 4.4.1): {@code struct xfrm_userpolicy_info} and
 * every {@code XFRMA_…} that may go with it. Made with {@link #builder}, or read with {@link #from}.
 *
 * <p>Builder and reader differ in what they take: the builder refuses what the kernel would refuse or silently do
 * otherwise, the reader takes what the kernel has, such as the policy of a socket.
 *
 * @param id direction, selector, type, mark, interface id and label
 * @param index the index; 0 lets the kernel choose. One that is asked for and taken already, or for a policy that
 *     replaces another, becomes another
 * @param priority the priority, unsigned: of two policies that match, that with the lower number counts
 * @param action what becomes of packets
 * @param flags {@code FLAG_…}
 * @param share who may share the policy's SAs; the kernel always tells {@link Sharing#ANY}
 * @param templates the SAs that wrap packets, innermost first; none to let packets pass as they are
 * @param lifetime its limits. Of a policy the kernel keeps limits of bytes and packets and never looks at them; the
 *     time since its first use is for an unused one that since it was added
 * @param usage what it has been used so far; the kernel tells this, of bytes and packets always 0, and ignores it when
 *     written
 * @param offload its offload, of packets; null for none
 * @param otherAttributes attributes that are not known here, which are written back unchanged
 */
public record Policy(
        PolicyId id,
        int index,
        int priority,
        PolicyAction action,
        int flags,
        Sharing share,
        List<Template> templates,
        Lifetime lifetime,
        Usage usage,
        Offload offload,
        List<RawAttribute> otherAttributes) {
    /** Sockets may have policies of their own instead. */
    public static final int FLAG_LOCAL_OK = xfrm4j_h.XFRM_POLICY_LOCALOK();
    /** ICMP errors are matched by the packet inside them. */
    public static final int FLAG_ICMP = xfrm4j_h.XFRM_POLICY_ICMP();
    /** SAs are asked for and used for each CPU (RFC 9611). */
    public static final int FLAG_CPU_ACQUIRE = xfrm4j_h.XFRM_POLICY_CPU_ACQUIRE();

    /**
     * Checks what holds for any policy.
     *
     * @throws IllegalArgumentException if the flags have more than 8 bits
     * @throws NullPointerException if a field is null that must not be; the message names it
     */
    public Policy {
        Check.notNull("id", id);
        Check.notNull("action", action);
        Check.range("flags", flags, 0, 255);
        Check.notNull("share", share);
        Check.notNull("lifetime", lifetime);
        Check.notNull("usage", usage);
        templates = List.copyOf(templates);
        otherAttributes = List.copyOf(otherAttributes);
    }

    /** {@return a builder of a main policy that allows, without limits, in which direction and selector are missing} */
    public static PolicyBuilder builder() {
        return new PolicyBuilder();
    }

    /** {@return a builder that starts with this policy} */
    public PolicyBuilder toBuilder() {
        return new PolicyBuilder(this);
    }

    /** {@return whether an attribute has a component of its own; the others are {@link #otherAttributes}} */
    public static boolean hasComponentFor(int attributeType) {
        return PolicyReader.isKnown(attributeType);
    }

    /**
     * The policy that is there.
     *
     * @param policy a policy as a dump, XFRM_MSG_GETPOLICY or an event brings it
     * @return the policy
     * @throws MalformedMessageException if its bytes do not form one
     */
    public static Policy from(PolicyDecoder policy) {
        try {
            return PolicyReader.read(policy);
        } catch (IllegalArgumentException e) {
            throw new MalformedMessageException(
                    "policy index " + Integer.toUnsignedString(policy.index()) + ": " + e.getMessage());
        }
    }

    /**
     * Writes the payload of XFRM_MSG_NEWPOLICY or XFRM_MSG_UPDPOLICY.
     *
     * @param segment the memory
     * @param offset where it goes: behind the {@code nlmsghdr}
     * @return its size in bytes
     * @throws IndexOutOfBoundsException if the segment is too small
     */
    public int encode(MemorySegment segment, long offset) {
        return encode(new PolicyEncoder().wrap(segment, offset));
    }

    /**
     * Writes the payload of XFRM_MSG_NEWPOLICY or XFRM_MSG_UPDPOLICY.
     *
     * @param encoder where to; already wrapped
     * @return its size in bytes
     * @throws IndexOutOfBoundsException if the segment is too small
     */
    public int encode(PolicyEncoder encoder) {
        return PolicyWriter.write(this, encoder);
    }

    /** {@return which packets it is asked about} */
    public PolicyDirection direction() {
        return id.direction();
    }

    /** {@return which of them it matches} */
    public Selector selector() {
        return id.selector();
    }

    /** {@return which of two databases it is in} */
    public PolicyType type() {
        return id.type();
    }

    /** {@return the mark} */
    public Mark mark() {
        return id.mark();
    }

    /** {@return the id of its XFRM interface; 0 for none} */
    public int ifId() {
        return id.ifId();
    }

    /**
     * {@return the policy's other name, for one that was read}
     *
     * @throws IllegalArgumentException if it has no index yet, or is a socket's
     */
    public PolicyIndex byIndex() {
        return new PolicyIndex(index, type(), mark(), ifId());
    }

    /** {@return the policy as {@code ip xfrm policy} prints it, with action and index} */
    @Override
    public String toString() {
        return PolicyPrinter.print(this);
    }
}
