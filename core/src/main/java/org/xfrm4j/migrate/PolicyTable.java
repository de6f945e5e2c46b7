package org.xfrm4j.migrate;

import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import org.xfrm4j.policy.Policy;
import org.xfrm4j.wire.PolicyDecoder;

/**
 * What a plan keeps of policies, outside the heap: each whole, as the kernel dumped it. And for each of its templates a
 * move of an SA that it finds, whose ends it follows, or {@link #NONE}.
 */
final class PolicyTable implements AutoCloseable {
    static final int NONE = -1;

    private final NativeStore store = new NativeStore();
    private final IntArray firstTemplate = new IntArray();
    private final IntArray templateMoves = new IntArray();
    private final IntArray moves = new IntArray();
    private final BitSet renamed = new BitSet();
    private long[] offsets = new long[64];
    private int[] lengths = new int[64];
    /** Where the policy after the moves is kept, of those that do not follow from moves alone. */
    private final Map<Integer, Long> changedAt = new HashMap<>();
    private int count;

    /**
     * Adds a policy.
     *
     * @param policy the policy
     * @param itsTemplateMoves by template: the move that it follows
     * @param move a move of an SA that the policy uses, or {@link #NONE}
     * @return the policy's number
     */
    int add(PolicyDecoder policy, IntArray itsTemplateMoves, int move) {
        firstTemplate.add(templateMoves.size());
        for (int i = 0; i < itsTemplateMoves.size(); i++) {
            templateMoves.add(itsTemplateMoves.get(i));
        }
        moves.add(move);
        if (count == offsets.length) {
            offsets = Arrays.copyOf(offsets, 2 * count);
            lengths = Arrays.copyOf(lengths, 2 * count);
        }
        offsets[count] = store.append(policy.segment(), policy.offset(), policy.length());
        lengths[count] = (int) policy.length();
        return count++;
    }

    /** Keeps what becomes of a policy, where that does not follow from moves alone. It is as long as the policy. */
    void keepChanged(int policy, PolicyDecoder changed) {
        changedAt.put(policy, store.append(changed.segment(), changed.offset(), changed.length()));
    }

    /** Whether what becomes of the policy is kept. */
    boolean isKept(int policy) {
        return !changedAt.isEmpty() && changedAt.containsKey(policy);
    }

    /** Points a decoder at what becomes of a policy of which that is kept. */
    PolicyDecoder changedAt(int policy, PolicyDecoder decoder) {
        return at(changedAt.get(policy), policy, decoder);
    }

    /** Notes that the policy gets another selector, by which it is named. */
    void rename(int policy) {
        renamed.set(policy);
    }

    boolean isRenamed(int policy) {
        return renamed.get(policy);
    }

    int count() {
        return count;
    }

    /** A move of an SA that the policy uses, or {@link #NONE}. */
    int move(int policy) {
        return moves.get(policy);
    }

    /** The move that a template follows, or {@link #NONE}. */
    int templateMove(int policy, int template) {
        return templateMoves.get(firstTemplate.get(policy) + template);
    }

    /** Points a decoder at the policy where it is kept. */
    PolicyDecoder at(int policy, PolicyDecoder decoder) {
        return at(offsets[policy], policy, decoder);
    }

    private PolicyDecoder at(long offset, int policy, PolicyDecoder decoder) {
        return decoder.wrap(store.segment(offset), NativeStore.within(offset), lengths[policy]);
    }

    /** The policy as a value. */
    Policy get(int policy) {
        return Policy.from(at(policy, new PolicyDecoder()));
    }

    @Override
    public void close() {
        store.close();
    }
}
