package org.xfrm4j.migrate;

import java.util.Arrays;
import org.xfrm4j.policy.Policy;
import org.xfrm4j.wire.PolicyDecoder;

/** What a plan keeps of policies, outside the heap: each whole, as the kernel dumped it. */
final class PolicyTable implements AutoCloseable {
    private final NativeStore store = new NativeStore();
    private final PolicyDecoder decoder = new PolicyDecoder();
    private long[] offsets = new long[64];
    private int[] lengths = new int[64];
    private int count;

    /** Adds a policy, and returns its number. */
    int add(PolicyDecoder policy) {
        if (count == offsets.length) {
            offsets = Arrays.copyOf(offsets, 2 * count);
            lengths = Arrays.copyOf(lengths, 2 * count);
        }
        offsets[count] = store.append(policy.segment(), policy.offset(), policy.length());
        lengths[count] = (int) policy.length();
        return count++;
    }

    int count() {
        return count;
    }

    /** The policy where it is kept; always the same decoder. */
    PolicyDecoder at(int policy) {
        return decoder.wrap(store.segment(), offsets[policy], lengths[policy]);
    }

    /** The policy as a value. */
    Policy get(int policy) {
        return Policy.from(at(policy));
    }

    @Override
    public void close() {
        store.close();
    }
}
