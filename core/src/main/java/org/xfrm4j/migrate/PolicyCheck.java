package org.xfrm4j.migrate;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.xfrm4j.Xfrm;
import org.xfrm4j.bindings.xfrm4j_h;
import org.xfrm4j.netlink.BatchResults;
import org.xfrm4j.netlink.Errno;
import org.xfrm4j.netlink.ReplyHandler;
import org.xfrm4j.policy.Policy;
import org.xfrm4j.policy.PolicyId;
import org.xfrm4j.sa.Usage;
import org.xfrm4j.wire.PolicyDecoder;
import org.xfrm4j.wire.PolicyIdEncoder;

/**
 * Looks whether the policies of groups still are as they were planned with: an IKE daemon may have changed them. Asks
 * about those of a step at once, as far as the receive buffer takes the answers.
 */
final class PolicyCheck {
    private static final int MOST_QUESTIONS = 256;
    private static final int BYTES = 64 * 1024;
    /** What names a policy, with the longest security context that the kernel takes, a page. */
    private static final int QUESTION_BYTES = 5 * 1024;

    private final Xfrm xfrm;
    private final Questions questions;
    private final List<Question> asked = new ArrayList<>();
    private final PolicyIdEncoder name = new PolicyIdEncoder();
    private final PolicyDecoder answer = new PolicyDecoder();
    private final PolicyDecoder scratch = new PolicyDecoder();
    private final ReplyHandler onAnswer = this::keep;
    private String[] differences = {};

    PolicyCheck(Xfrm xfrm) {
        this.xfrm = xfrm;
        this.questions = new Questions(xfrm, MOST_QUESTIONS, BYTES, QUESTION_BYTES);
    }

    /** What is asked about one policy: that which is to change, or that which there may not be yet. */
    private static final class Question {
        private final int group;
        private final GroupWork work;
        private final int policy;
        private final PolicyId name;
        private boolean isThere;
        private boolean isAsPlanned;

        Question(int group, GroupWork work, int policy, PolicyId name) {
            this.group = group;
            this.work = work;
            this.policy = policy;
            this.name = name;
        }

        String difference() {
            PolicyId planned = work.original(policy).id();
            if (!name.equals(planned)) {
                return isThere ? "policy " + planned + " becomes " + name + ", which there is already" : null;
            }
            return !isThere ? "policy " + name + " is no longer there"
                    : isAsPlanned ? null : "policy " + name + " is no longer as planned";
        }
    }

    /** By group: what is different of it; null where nothing is. */
    String[] differences(List<GroupWork> step) {
        differences = new String[step.size()];
        clear();
        for (int group = 0; group < step.size(); group++) {
            GroupWork work = step.get(group);
            for (int i = 0; i < work.policyCount(); i++) {
                PolicyId planned = work.original(i).id();
                PolicyId becomes = work.changed(i).id();
                add(new Question(group, work, i, planned));
                if (!becomes.equals(planned)) {
                    add(new Question(group, work, i, becomes));
                }
            }
        }
        ask();
        return differences;
    }

    private void add(Question question) {
        if (!questions.hasRoom()) {
            ask();
        }
        name.wrap(questions.segment(), questions.begin(xfrm4j_h.XFRM_MSG_GETPOLICY()));
        questions.end(question.name.encode(name));
        asked.add(question);
    }

    private void ask() {
        BatchResults results = questions.ask(onAnswer);
        for (int i = 0; i < results.count(); i++) {
            Question question = asked.get(i);
            if (!question.isThere && results.error(i) != Errno.ENOENT) {
                // The answer was lost, or the kernel refuses: then it does so again, and says why.
                question.isThere = xfrm.policies().read(question.name, found -> look(question, found));
            }
            if (differences[question.group] == null) {
                differences[question.group] = question.difference();
            }
        }
        clear();
    }

    private void clear() {
        questions.clear();
        asked.clear();
    }

    private void keep(int question, int type, MemorySegment segment, long offset, int length) {
        look(asked.get(question), answer.wrap(segment, offset, length));
    }

    private void look(Question question, PolicyDecoder found) {
        question.isThere = true;
        question.isAsPlanned = question.work.isOriginal(question.policy, found, scratch);
    }

    /**
     * Whether two are the same in all that is written, not in what they count, nor in the index: the kernel gives a
     * policy another one where that which is asked for is taken.
     */
    static boolean isSame(Policy one, Policy other) {
        // Mostly no packet has used it meanwhile, and nothing has to be taken out.
        return one.equals(other) || withoutUsage(one).equals(withoutUsage(other));
    }

    private static Policy withoutUsage(Policy policy) {
        return policy.toBuilder().usage(Usage.NONE).index(0).build();
    }
}
