package org.xfrm4j;

import org.xfrm4j.bindings.xfrm4j_h;
import org.xfrm4j.netlink.Errno;
import org.xfrm4j.policy.Acquire;
import org.xfrm4j.policy.PolicyId;
import org.xfrm4j.policy.PolicyIndex;
import org.xfrm4j.policy.PolicyName;
import org.xfrm4j.wire.PolicyExpireEncoder;

/**
 * Makes the kernel announce what it otherwise announces by itself, about policies; for SAs see
 * {@link SaDatabase#expire}. Belongs to the thread of its {@link Xfrm}.
 */
public final class Announcements {
    private final SingleRequest request;
    private final PolicyExpireEncoder expire = new PolicyExpireEncoder();

    Announcements(SingleRequest request) {
        this.request = request;
    }

    /**
     * Lets a policy expire before its time (XFRM_MSG_POLEXPIRE).
     *
     * @param policy what names it
     * @param hard whether the expiry is hard, which deletes the policy; a soft one changes nothing
     * @return whether there was one
     * @throws XfrmException if the kernel refuses
     */
    public boolean expire(PolicyName policy, boolean hard) {
        long payload = request.begin(xfrm4j_h.XFRM_MSG_POLEXPIRE(), 0);
        expire.wrap(request.segment(), payload).hard(hard).policy().direction(policy.direction().number());
        switch (policy) {
            case PolicyIndex index -> expire.policy().index(index.index());
            case PolicyId id -> {
                id.selector().encode(expire.policy().selector());
                if (id.securityContext() != null) {
                    id.securityContext().encode(request.segment(), expire.attributes());
                }
            }
        }
        expire.attributes().putPolicyType(policy.type().number());
        if (!policy.mark().isNone()) {
            expire.attributes().putMark(xfrm4j_h.XFRMA_MARK(), policy.mark().value(), policy.mark().mask());
        }
        if (policy.ifId() != 0) {
            expire.attributes().putU32(xfrm4j_h.XFRMA_IF_ID(), policy.ifId());
        }
        int error = request.send(expire.encodedLength(), null);
        if (error != 0 && error != Errno.ENOENT) {
            throw request.refused(policy);
        }
        return error == 0;
    }

    /**
     * Announces an acquire for each template of its policy (XFRM_MSG_ACQUIRE), as if a packet had needed the SAs. No
     * larval SA is made. Addresses, SPI and protocol of what is announced are those of the template; the kernel gives
     * a number of its own. It is no failure where nobody listens.
     *
     * @param acquire what to announce
     * @throws XfrmException if the kernel refuses the policy
     */
    public void acquire(Acquire acquire) {
        long payload = request.begin(xfrm4j_h.XFRM_MSG_ACQUIRE(), 0);
        request.sendOrThrow(acquire.encode(request.segment(), payload), acquire);
    }
}
