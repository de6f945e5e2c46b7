package org.xfrm4j.migrate;

import java.lang.foreign.MemorySegment;
import org.xfrm4j.policy.Policy;
import org.xfrm4j.sa.SecurityContext;
import org.xfrm4j.wire.PolicyDecoder;

/** A policy in the bytes of a dump: to a label the kernel has appended a zero. */
final class DumpedPolicy {
    private DumpedPolicy() {
    }

    /** Points a decoder at a policy's bytes. */
    static PolicyDecoder of(Policy policy, PolicyDecoder decoder) {
        MemorySegment segment = MemorySegment.ofArray(new byte[16 * 1024]);
        return decoder.wrap(segment, 0, terminated(policy).encode(segment, 0));
    }

    private static Policy terminated(Policy policy) {
        SecurityContext label = policy.id().securityContext();
        return label == null ? policy : policy.toBuilder().securityContext(
                new SecurityContext(label.domain(), label.algorithm(), label.label() + "\0")).build();
    }

    /** A decoder of a policy's bytes. */
    static PolicyDecoder of(Policy policy) {
        return of(policy, new PolicyDecoder());
    }
}
