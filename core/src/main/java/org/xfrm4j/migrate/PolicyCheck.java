package org.xfrm4j.migrate;

import java.lang.foreign.MemorySegment;
import java.util.List;
import org.xfrm4j.Xfrm;
import org.xfrm4j.bindings.xfrm4j_h;
import org.xfrm4j.netlink.BatchResults;
import org.xfrm4j.netlink.Errno;
import org.xfrm4j.netlink.ReplyHandler;
import org.xfrm4j.policy.Policy;
import org.xfrm4j.policy.PolicyId;
import org.xfrm4j.sa.Offload;
import org.xfrm4j.sa.Usage;
import org.xfrm4j.wire.PolicyDecoder;

/**
 * Looks whether the policies of groups still are as they were planned with: an IKE daemon may have changed them. Asks
 * about those of a step at once, as far as the receive buffer takes the answers.
 */
final class PolicyCheck {
    private static final int MOST_QUESTIONS = 256;
    private static final int BYTES = 64 * 1024;
    /** What names a policy, with the longest security context that the kernel takes, a page. */
    private static final int QUESTION_BYTES = 5 * 1024;

    private static final byte NOT_THERE = 0;
    private static final byte THERE = 1;
    private static final byte AS_PLANNED = 2;

    private final Xfrm xfrm;
    private final Questions questions;
    private final int[] groupOf = new int[MOST_QUESTIONS];
    private final int[] policyOf = new int[MOST_QUESTIONS];
    private final boolean[] isByNewName = new boolean[MOST_QUESTIONS];
    private final byte[] answers = new byte[MOST_QUESTIONS];
    private final PolicyDecoder answer = new PolicyDecoder();
    private final PolicyDecoder scratch = new PolicyDecoder();
    private final ReplyHandler onAnswer = this::keep;
    private List<GroupWork> groups = List.of();
    private String[] differences = {};

    PolicyCheck(Xfrm xfrm) {
        this.xfrm = xfrm;
        this.questions = new Questions(xfrm, MOST_QUESTIONS, BYTES, QUESTION_BYTES);
    }

    /** By group: what is different of it; null where nothing is. */
    String[] differences(List<GroupWork> step) {
        groups = step;
        differences = new String[step.size()];
        questions.clear();
        for (int group = 0; group < step.size(); group++) {
            GroupWork work = step.get(group);
            for (int policy = 0; policy < work.policyCount(); policy++) {
                add(group, policy, false);
                if (work.isRenamed(policy)) {
                    add(group, policy, true);
                }
            }
        }
        ask();
        return differences;
    }

    /** Asks about a policy that is to change, or about the name that it gets, which there may not be yet. */
    private void add(int group, int policy, boolean byNewName) {
        if (!questions.hasRoom()) {
            ask();
        }
        int question = questions.count();
        groupOf[question] = group;
        policyOf[question] = policy;
        isByNewName[question] = byNewName;
        answers[question] = NOT_THERE;
        long at = questions.begin(xfrm4j_h.XFRM_MSG_GETPOLICY());
        questions.end(PolicyForm.name(named(question), questions.segment(), at));
    }

    private PolicyDecoder named(int question) {
        GroupWork work = groups.get(groupOf[question]);
        return isByNewName[question] ? work.changed(policyOf[question], scratch)
                : work.original(policyOf[question], scratch);
    }

    private void ask() {
        BatchResults results = questions.ask(onAnswer);
        for (int i = 0; i < results.count(); i++) {
            int question = i;
            if (answers[i] == NOT_THERE && results.error(i) != Errno.ENOENT) {
                // The answer was lost, or the kernel refuses: then it does so again, and says why.
                xfrm.policies().read(PolicyId.from(named(i)), found -> look(question, found));
            }
            if (differences[groupOf[i]] == null) {
                differences[groupOf[i]] = difference(i);
            }
        }
        questions.clear();
    }

    private void keep(int question, int type, MemorySegment segment, long offset, int length) {
        look(question, answer.wrap(segment, offset, length));
    }

    private void look(int question, PolicyDecoder found) {
        boolean isAsPlanned = !isByNewName[question]
                && groups.get(groupOf[question]).isOriginal(policyOf[question], found, scratch);
        answers[question] = isAsPlanned ? AS_PLANNED : THERE;
    }

    private String difference(int question) {
        if (answers[question] == (isByNewName[question] ? NOT_THERE : AS_PLANNED)) {
            return null;
        }
        GroupWork work = groups.get(groupOf[question]);
        PolicyId planned = work.original(policyOf[question]).id();
        if (isByNewName[question]) {
            return "policy " + planned + " becomes " + work.changed(policyOf[question]).id()
                    + ", which there is already";
        }
        return "policy " + planned + " is no longer " + (answers[question] == NOT_THERE ? "there" : "as planned");
    }

    /**
     * Whether two are the same in all that is written, not in what they count, nor in the index: the kernel gives a
     * policy another one where that which is asked for is taken. Nor in INBOUND of an offload: the kernel tells it of
     * incoming policies, and it is not written, so that a journal does not have it.
     */
    static boolean isSame(Policy one, Policy other) {
        // Mostly no packet has used it meanwhile, and nothing has to be taken out.
        return one.equals(other) || asWritten(one).equals(asWritten(other));
    }

    private static Policy asWritten(Policy policy) {
        Offload offload = policy.offload() == null ? null
                : new Offload(policy.offload().ifindex(), policy.offload().flags() & ~Offload.INBOUND);
        return policy.toBuilder().usage(Usage.NONE).index(0).offload(offload).build();
    }
}
