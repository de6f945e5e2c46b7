package org.xfrm4j;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.xfrm4j.bindings.xfrm4j_h;
import org.xfrm4j.netlink.Errno;
import org.xfrm4j.netlink.NetlinkException;
import org.xfrm4j.netlink.RequestSocket;
import org.xfrm4j.policy.Policy;
import org.xfrm4j.policy.PolicyId;
import org.xfrm4j.policy.PolicyName;
import org.xfrm4j.policy.PolicyType;
import org.xfrm4j.wire.AttributeEncoder;
import org.xfrm4j.wire.PolicyDecoder;
import org.xfrm4j.wire.PolicyIdEncoder;

/**
 * The kernel's Security Policy Database (RFC 4301, section 4.4.1) in one network namespace. Belongs to the thread of
 * its {@link Xfrm}. Every method needs CAP_NET_ADMIN there; without it the kernel answers EPERM.
 */
public final class PolicyDatabase {
    private final SingleRequest request;
    private final BatchAdder<Policy, PolicyId, AddRefusal> additions;
    private final PolicyIdEncoder id = new PolicyIdEncoder();
    private final AttributeEncoder attributes = new AttributeEncoder();
    private final PolicyDecoder found = new PolicyDecoder();

    PolicyDatabase(RequestSocket socket, SingleRequest request) {
        this.request = request;
        this.additions = new BatchAdder<>(socket, xfrm4j_h.XFRM_MSG_NEWPOLICY(), Policy::id, Policy::encode,
                AddRefusal::new);
    }

    /**
     * Adds a policy (XFRM_MSG_NEWPOLICY).
     *
     * @param policy the policy
     * @throws XfrmException if the kernel refuses, for instance EEXIST where there is a policy of that {@link PolicyId}
     */
    public void add(Policy policy) {
        write(xfrm4j_h.XFRM_MSG_NEWPOLICY(), policy);
    }

    /**
     * Puts a policy in the place of that with the same {@link PolicyId} (XFRM_MSG_UPDPOLICY), or adds it where there is
     * none. No packet passes between the two without a policy. The index stays that of the old one; times start anew.
     *
     * @param policy the policy, whole
     * @throws XfrmException if the kernel refuses
     */
    public void update(Policy policy) {
        write(xfrm4j_h.XFRM_MSG_UPDPOLICY(), policy);
    }

    private void write(int messageType, Policy policy) {
        long payload = request.begin(messageType, 0);
        request.sendOrThrow(policy.encode(request.segment(), payload), policy.id());
    }

    /**
     * Adds many policies, in batches; those that the kernel refuses do not keep the others out.
     *
     * @param policies the policies
     * @return one entry for each that was refused; empty when all were added
     * @throws NetlinkException when a batch could not be sent, or answers were lost: policies of earlier batches were
     *     added
     */
    public List<AddRefusal> addAll(Iterable<Policy> policies) {
        return additions.addAll(policies);
    }

    /**
     * A policy that was not added.
     *
     * @param index its place among those given, from 0
     * @param id what names it
     * @param refusal why
     */
    public record AddRefusal(int index, PolicyId id, Refusal refusal) {
    }

    /**
     * Reads one policy (XFRM_MSG_GETPOLICY).
     *
     * @param policy what names it: a {@link PolicyId} or a {@link org.xfrm4j.policy.PolicyIndex}
     * @return the policy, or empty where there is none
     * @throws XfrmException if the kernel refuses
     */
    public Optional<Policy> get(PolicyName policy) {
        List<Policy> answer = new ArrayList<>(1);
        read(policy, decoder -> answer.add(Policy.from(decoder)));
        return answer.stream().findFirst();
    }

    /**
     * Reads one policy where the kernel put it.
     *
     * @param policy what names it: a {@link PolicyId} or a {@link org.xfrm4j.policy.PolicyIndex}
     * @param reader gets the policy, if there is one; the decoder may not be kept
     * @return whether there is one
     * @throws XfrmException if the kernel refuses
     */
    public boolean read(PolicyName policy, Consumer<PolicyDecoder> reader) {
        int length = policy.encode(begin(xfrm4j_h.XFRM_MSG_GETPOLICY()));
        int error = request.send(length, (index, type, segment, offset, bytes) ->
                reader.accept(found.wrap(segment, offset, bytes)));
        if (error != 0 && error != Errno.ENOENT) {
            throw request.refused(policy);
        }
        return error == 0;
    }

    /**
     * Deletes one policy (XFRM_MSG_DELPOLICY).
     *
     * @param policy what names it: a {@link PolicyId} or a {@link org.xfrm4j.policy.PolicyIndex}
     * @return whether there was one
     * @throws XfrmException if the kernel refuses
     */
    public boolean delete(PolicyName policy) {
        int length = policy.encode(begin(xfrm4j_h.XFRM_MSG_DELPOLICY()));
        int error = request.send(length, null);
        if (error != 0 && error != Errno.ENOENT) {
            throw request.refused(policy);
        }
        return error == 0;
    }

    private PolicyIdEncoder begin(int messageType) {
        long payload = request.begin(messageType, 0);
        return id.wrap(request.segment(), payload);
    }

    /**
     * Deletes all policies of a type (XFRM_MSG_FLUSHPOLICY). Those of sockets stay.
     *
     * @param type which
     * @throws XfrmException if the kernel refuses, for instance EINVAL where it has no policies of this type
     *     (CONFIG_XFRM_SUB_POLICY)
     */
    public void flush(PolicyType type) {
        if (sendFlush(type) != 0) {
            throw request.refused("type " + type);
        }
    }

    /**
     * Deletes all policies, main and sub (XFRM_MSG_FLUSHPOLICY). Those of sockets stay.
     *
     * @throws XfrmException if the kernel refuses
     */
    public void flush() {
        flush(PolicyType.MAIN);
        int error = sendFlush(PolicyType.SUB);
        // EINVAL: the kernel was built without sub policies. What was to be achieved is so.
        if (error != 0 && error != Errno.EINVAL) {
            throw request.refused("type " + PolicyType.SUB);
        }
    }

    private int sendFlush(PolicyType type) {
        // There is no fixed part: the attribute stands right behind the netlink header.
        long payload = request.begin(xfrm4j_h.XFRM_MSG_FLUSHPOLICY(), 0);
        int length = attributes.wrap(request.segment(), payload).putPolicyType(type.number()).encodedLength();
        return request.send(length, null);
    }

    /**
     * Dumps all policies (XFRM_MSG_GETPOLICY with NLM_F_DUMP), those of sockets among them, without an object for each.
     * The kernel has no filter for them. It does not tell either whether policies were added or deleted meanwhile:
     * such ones may be there or not, the others are.
     *
     * @return a cursor, to be closed before anything else is asked of this {@link Xfrm}
     * @throws NetlinkException when the request could not be sent
     */
    public PolicyDump dump() {
        request.begin(xfrm4j_h.XFRM_MSG_GETPOLICY(), xfrm4j_h.NLM_F_DUMP());
        return new PolicyDump(request.dump(0));
    }

    /**
     * Reads all policies into values, those of sockets among them. A dump that the kernel marks as inconsistent is
     * taken again, a few times; see {@link #dump} about what it does not mark.
     *
     * @return the policies, newest first as the kernel keeps them
     * @throws org.xfrm4j.netlink.DumpInterruptedException if no attempt gave a consistent dump
     * @throws NetlinkException if the kernel refuses
     */
    public List<Policy> list() {
        return ConsistentDump.of(() -> {
            try (PolicyDump dump = dump()) {
                List<Policy> policies = new ArrayList<>();
                while (dump.next()) {
                    policies.add(Policy.from(dump.policy()));
                }
                return policies;
            }
        });
    }
}
