package org.xfrm4j.migrate;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.xfrm4j.Refusal;
import org.xfrm4j.Xfrm;
import org.xfrm4j.netlink.Errno;
import org.xfrm4j.wire.MigrateStateDecoder;
import org.xfrm4j.wire.PolicyDecoder;

/**
 * Does some groups at a time: the policies of outgoing ones are replaced by ones that block, the SAs move, and the
 * policies are put back with the new ends. A group of which something could not be done is taken back.
 *
 * <pre>
 *   block, move ──all moved──▶ put the changed policies
 *        └──something not──▶ move back ──all back──▶ put the original policies
 *                                 └──something not──▶ leave blocked: STUCK
 * </pre>
 *
 * <p>Policies are always replaced in one message, which the kernel does at once: at no instant is there none. A policy
 * whose selector changes is two: the new one blocks from the beginning, and the old one until it is deleted.
 */
final class StepRunner {
    private final PhaseClock clock;
    private final WorkBatch batch;
    private final PolicyCheck check;
    private final boolean blocking;
    private final MigrateStateDecoder decoder = new MigrateStateDecoder();
    private final PolicyDecoder policyDecoder = new PolicyDecoder();

    private List<GroupWork> groups = List.of();
    private Progress[] progress = {};

    StepRunner(Xfrm xfrm, PhaseClock clock, WorkBatch batch, boolean blocking) {
        this.clock = clock;
        this.batch = batch;
        this.check = new PolicyCheck(xfrm);
        this.blocking = blocking;
    }

    /** What is known of a group in the course of a step. */
    static final class Progress {
        private final Outcome[] outcomes;
        private final Refusal[] refusals;
        private final boolean[] movedBack;
        private final Legs legs;
        private String failure;
        private boolean touched;
        /** Whether the kernel did anything of it. */
        private boolean altered;
        private boolean backFailed;
        private long blackoutNanos;
        private GroupState state = GroupState.UNTOUCHED;

        private Progress(GroupWork group) {
            outcomes = new Outcome[group.moveCount()];
            refusals = new Refusal[group.moveCount()];
            movedBack = new boolean[group.moveCount()];
            legs = group.legs();
        }

        /** Which of the moves are two legs of one SA's way. */
        Legs legs() {
            return legs;
        }

        GroupState state() {
            return state;
        }

        /** What became of an SA in the end; null when its group was not touched. */
        Outcome outcome(int move) {
            return movedBack[move] ? Outcome.REJECTED : outcomes[move];
        }

        /** Why it is not at its new place; null when it is. */
        Refusal refusal(int move) {
            return movedBack[move] ? new Refusal(0, "taken back with its group: " + failure, null) : refusals[move];
        }

        /** What went wrong; null when nothing did. */
        String failure() {
            return failure;
        }

        /** How long its outgoing packets were blocked; 0 when nothing blocked them. */
        long blackoutNanos() {
            return blackoutNanos;
        }

        private boolean goesOn() {
            return touched && failure == null;
        }

        private boolean goesBack() {
            return touched && failure != null;
        }

        private void fail(String reason) {
            if (failure == null) {
                failure = reason;
            }
        }
    }

    /** Looks which groups still are as planned; the others are not touched. Then {@link #run} does the step. */
    Progress[] prepare(List<GroupWork> step) {
        begin(step);
        MigrationPhase before = clock.turnTo(MigrationPhase.CHECK);
        String[] differences = check.differences(step);
        clock.turnTo(before);
        for (int group = 0; group < progress.length; group++) {
            progress[group].fail(differences[group]);
        }
        return progress;
    }

    /** Begins a step whose policies may be as they were, blocking, or changed: {@link #run} does it. */
    Progress[] begin(List<GroupWork> step) {
        groups = step;
        progress = new Progress[step.size()];
        for (int group = 0; group < progress.length; group++) {
            progress[group] = new Progress(step.get(group));
        }
        return progress;
    }

    /**
     * Does the groups that are as planned.
     *
     * @throws org.xfrm4j.netlink.NetlinkException when the kernel cannot be asked any more. Groups that were begun are
     *     then {@link GroupState#STUCK}
     */
    void run() {
        try {
            tryRun();
        } catch (RuntimeException | Error failed) {
            for (Progress each : progress) {
                if (each.touched && each.state == GroupState.UNTOUCHED) {
                    each.state = GroupState.STUCK;
                    each.failure = (each.failure == null ? "" : each.failure + "; ") + failed.getMessage();
                }
            }
            throw failed;
        } finally {
            clock.turnTo(MigrationPhase.OTHER);
        }
    }

    private void tryRun() {
        long start = System.nanoTime();
        clock.turnTo(MigrationPhase.MOVE);
        blockAndMove();
        clock.turnTo(MigrationPhase.FOLLOW);
        putChanged();
        long end = System.nanoTime();
        for (int group = 0; group < progress.length; group++) {
            if (progress[group].goesOn()) {
                progress[group].state = GroupState.MOVED;
                progress[group].blackoutNanos = blocks(groups.get(group)) ? end - start : 0;
            }
        }
        takeBackFailed(start);
    }

    private void blockAndMove() {
        batch.answersTo(new WorkBatch.Answers() {
            @Override
            public void moved(int group, int move, Outcome outcome, Refusal refusal) {
                progress[group].outcomes[move] = outcome;
                progress[group].refusals[move] = refusal;
                progress[group].altered |= outcome == Outcome.MOVED || outcome == Outcome.LOST;
                // An SA that vanished meanwhile (rekeyed, expired) is nobody's fault, and holds up nothing.
                if (outcome == Outcome.REJECTED || outcome == Outcome.LOST) {
                    progress[group].fail("a move was " + outcome + ": " + refusal);
                }
            }

            @Override
            public void policyDone(int group, int policy, Refusal refusal) {
                progress[group].altered |= refusal == null || refusal.errno() == Errno.ENOBUFS;
                if (refusal != null) {
                    progress[group].fail("a policy could not be made to block: " + refusal);
                }
            }
        });
        for (int group = 0; group < progress.length; group++) {
            if (progress[group].failure == null) {
                progress[group].touched = true;
                block(group);
            }
        }
        for (int group = 0; group < progress.length; group++) {
            for (int move = 0; progress[group].touched && move < groups.get(group).moveCount(); move++) {
                if (isParked(progress[group], move)) {
                    MigrateStateDecoder message = groups.get(group).forward(move, decoder);
                    batch.move(group, move, message, (int) message.length());
                }
            }
        }
        batch.flush();
    }

    /**
     * Whether an SA that is to go on from its parking place has got there; true of moves that are no second leg. It has
     * to be known: if somebody else's SA stands there, that would be moved.
     */
    private boolean isParked(Progress its, int move) {
        if (!its.legs.isSecond(move)) {
            return true;
        }
        batch.flush();
        return its.outcomes[its.legs.other(move)] == Outcome.MOVED;
    }

    /** The same on the way back: whether an SA that went on has come back to its parking place. */
    private boolean isParkedAgain(Progress its, int move) {
        if (!its.legs.isFirst(move) || its.outcomes[its.legs.other(move)] != Outcome.MOVED) {
            return !its.legs.isFirst(move) || its.outcomes[its.legs.other(move)] != Outcome.GONE;
        }
        batch.flush();
        return its.movedBack[its.legs.other(move)];
    }

    private boolean blocks(GroupWork work) {
        return blocking && work.outgoing() && work.policyCount() > 0;
    }

    private void block(int group) {
        GroupWork work = groups.get(group);
        for (int policy = 0; blocks(work) && policy < work.policyCount(); policy++) {
            batch.block(group, policy, work.original(policy, policyDecoder));
            if (work.isRenamed(policy)) {
                batch.block(group, policy, work.changed(policy, policyDecoder));
            }
        }
    }

    private void putChanged() {
        batch.answersTo(new PolicyAnswers("a policy could not be put back with its new ends"));
        for (int group = 0; group < progress.length; group++) {
            GroupWork work = groups.get(group);
            for (int policy = 0; progress[group].goesOn() && policy < work.policyCount(); policy++) {
                batch.put(group, policy, work.changed(policy, policyDecoder));
            }
        }
        batch.flush();
        deleteRenamed();
    }

    /** Deletes the old ones of policies whose selector changed, when it is known that the new ones are there. */
    private void deleteRenamed() {
        batch.answersTo(new PolicyAnswers("the policy of the old selector could not be deleted"));
        for (int group = 0; group < progress.length; group++) {
            GroupWork work = groups.get(group);
            for (int policy = 0; progress[group].goesOn() && policy < work.policyCount(); policy++) {
                if (work.isRenamed(policy)) {
                    batch.delete(group, policy, work.original(policy, policyDecoder));
                }
            }
        }
        batch.flush();
    }

    private void takeBackFailed(long start) {
        for (Progress each : progress) {
            // All of it was refused, for instance because a permission was lost: there is nothing to take back.
            each.touched &= each.failure == null || each.altered;
        }
        clock.turnTo(MigrationPhase.TAKE_BACK);
        moveBack();
        putOriginals();
        long end = System.nanoTime();
        for (int group = 0; group < progress.length; group++) {
            Progress each = progress[group];
            if (each.goesBack()) {
                each.state = each.backFailed ? GroupState.STUCK : GroupState.TAKEN_BACK;
                each.blackoutNanos = blocks(groups.get(group)) ? end - start : 0;
            }
        }
    }

    private void moveBack() {
        batch.answersTo(new WorkBatch.Answers() {
            @Override
            public void moved(int group, int move, Outcome outcome, Refusal refusal) {
                progress[group].movedBack[move] = outcome == Outcome.MOVED;
                if (outcome == Outcome.GONE || outcome == Outcome.LOST) {
                    progress[group].outcomes[move] = outcome;
                    progress[group].refusals[move] = refusal;
                }
                if (outcome == Outcome.REJECTED || outcome == Outcome.LOST) {
                    progress[group].backFailed = true;
                    progress[group].failure += "; moving back was " + outcome + ": " + refusal;
                }
            }

            @Override
            public void policyDone(int group, int policy, Refusal refusal) {
                if (refusal != null) {
                    progress[group].backFailed = true;
                    progress[group].failure += "; a policy could not be made to block: " + refusal;
                }
            }
        });
        for (int group = 0; group < progress.length; group++) {
            if (progress[group].goesBack()) {
                // What was put back already must block again while its SAs move.
                block(group);
                if (!groups.get(group).isWhole()) {
                    progress[group].backFailed = true;
                    continue;
                }
                for (int move = progress[group].outcomes.length - 1; move >= 0; move--) {
                    if (progress[group].outcomes[move] == Outcome.MOVED && isParkedAgain(progress[group], move)) {
                        MigrateStateDecoder message = groups.get(group).back(move, decoder);
                        batch.move(group, move, message, (int) message.length());
                    }
                }
            }
        }
        batch.flush();
    }

    private void putOriginals() {
        batch.answersTo(new WorkBatch.Answers() {
            @Override
            public void moved(int group, int move, Outcome outcome, Refusal refusal) {
                throw new IllegalStateException("no move was sent");
            }

            @Override
            public void policyDone(int group, int policy, Refusal refusal) {
                if (refusal != null) {
                    progress[group].backFailed = true;
                    progress[group].failure += "; a policy could not be put back: " + refusal;
                }
            }
        });
        for (int group = 0; group < progress.length; group++) {
            GroupWork work = groups.get(group);
            boolean back = progress[group].goesBack() && !progress[group].backFailed;
            for (int policy = 0; back && policy < work.policyCount(); policy++) {
                batch.put(group, policy, work.original(policy, policyDecoder));
                if (work.isRenamed(policy)) {
                    batch.delete(group, policy, work.changed(policy, policyDecoder));
                }
            }
        }
        batch.flush();
    }

    /** Notes what could not be done about policies. */
    private final class PolicyAnswers implements WorkBatch.Answers {
        private final String failure;

        PolicyAnswers(String failure) {
            this.failure = failure;
        }

        @Override
        public void moved(int group, int move, Outcome outcome, Refusal refusal) {
            throw new IllegalStateException("no move was sent");
        }

        @Override
        public void policyDone(int group, int policy, Refusal refusal) {
            if (refusal != null) {
                progress[group].fail(failure + ": " + refusal);
            }
        }
    }
}
