package org.xfrm4j.migrate;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.xfrm4j.Refusal;
import org.xfrm4j.sa.SaId;

/**
 * What a migration did.
 *
 * @param stuck groups that could neither be moved nor taken back, and are blocked: to be looked at first
 * @param groups how many groups were left in each state
 * @param outcomes how many SAs had each outcome; those of groups that nothing was sent of have none
 * @param notMoved each SA that has not moved though its group was touched, and why; of very many the first ten thousand
 * @param failures why groups were taken back or not touched, why a migration ended early or SAs could not be read back; of
 *     very many the first ten thousand
 * @param verified how many SAs were read back and found where they should be
 * @param missing SAs that were not found where they should be, when all were read back, by the names that they had before;
 *     of very many the first ten thousand
 * @param time how long it took
 * @param kernelTime how much of that the kernel took for requests, dumps aside
 * @param blackout how long outgoing groups were blocked
 * @param transmissions system calls that carried requests
 * @param messages requests
 * @param bytes bytes of the requests
 * @param longestHold the longest time of one transmission
 */
public record MigrationReport(
        List<String> stuck,
        Map<GroupState, Integer> groups,
        Map<Outcome, Integer> outcomes,
        List<NotMoved> notMoved,
        List<String> failures,
        int verified,
        List<SaId> missing,
        Duration time,
        Duration kernelTime,
        Blackout blackout,
        long transmissions,
        long messages,
        long bytes,
        Duration longestHold) {
    private static final int MOST_DETAILS = 10_000;

    /**
     * An SA that has not moved.
     *
     * @param sa what names it, or named it
     * @param outcome what became of it
     * @param refusal why; the kernel's words, or the library's
     */
    public record NotMoved(SaId sa, Outcome outcome, Refusal refusal) {
    }

    /**
     * How long the flows of outgoing groups were blocked.
     *
     * @param flows how many groups were
     * @param median half of them no longer than this
     * @param percentile99 all but one in a hundred no longer than this
     * @param longest none longer than this
     */
    public record Blackout(int flows, Duration median, Duration percentile99, Duration longest) {
        static Blackout of(long[] nanos) {
            long[] sorted = nanos.clone();
            Arrays.sort(sorted);
            return new Blackout(sorted.length, at(sorted, 0.5), at(sorted, 0.99), at(sorted, 1));
        }

        private static Duration at(long[] sorted, double share) {
            int index = (int) Math.ceil(share * sorted.length) - 1;
            return sorted.length == 0 ? Duration.ZERO : Duration.ofNanos(sorted[Math.max(0, index)]);
        }
    }

    /** {@return whether everything is at its new place, save SAs that were gone} */
    public boolean isComplete() {
        return groups.keySet().stream().allMatch(state -> state == GroupState.MOVED) && missing.isEmpty()
                && failures.isEmpty();
    }

    /** {@return how many groups are stuck} */
    public int stuckGroups() {
        return groups.getOrDefault(GroupState.STUCK, 0);
    }

    /** {@return what matters, in a line} */
    @Override
    public String toString() {
        return (stuck.isEmpty() ? "" : "STUCK AND BLOCKED: " + stuck + "; ") + "groups " + groups + ", SAs " + outcomes
                + ", verified " + verified + (missing.isEmpty() ? "" : ", missing " + missing.size())
                + "; " + time.toMillis() + " ms, of which the kernel took " + kernelTime.toMillis() + "; "
                + messages + " messages in " + transmissions + " transmissions; flows blocked for "
                + blackout.median().toNanos() / 1000 + " µs (median), " + blackout.longest().toNanos() / 1000
                + " µs (longest)";
    }

    /** Collects while a migration runs. */
    static final class Builder {
        private static final byte NONE = -1;

        private final MigrationPlan plan;
        /** By move: the outcome's ordinal, or {@link #NONE}. */
        private final byte[] outcomes;
        private final GroupState[] states;
        private final List<String> stuck = new ArrayList<>();
        private final List<NotMoved> notMoved = new ArrayList<>();
        private final List<String> failures = new ArrayList<>();
        private final List<SaId> missing = new ArrayList<>();
        private long[] blackouts = new long[16];
        private int blackoutCount;
        private int verified;

        Builder(MigrationPlan plan) {
            this.plan = plan;
            this.outcomes = new byte[plan.sas()];
            this.states = new GroupState[plan.groups()];
            Arrays.fill(outcomes, NONE);
            Arrays.fill(states, GroupState.UNTOUCHED);
        }

        /** Adds the groups of a step. */
        void add(int firstGroup, StepRunner.Progress[] step) {
            for (int i = 0; i < step.length; i++) {
                add(firstGroup + i, step[i]);
            }
        }

        private void add(int group, StepRunner.Progress progress) {
            Groups groups = plan.groupTable();
            states[group] = progress.state();
            if (progress.failure() != null) {
                String failure = "group " + (group + 1) + ": " + progress.failure();
                addTo(progress.state() == GroupState.STUCK ? stuck : failures, failure);
            }
            for (int i = 0; i < groups.moveCount(group); i++) {
                Outcome outcome = progress.outcome(i);
                if (outcome != null) {
                    int move = groups.move(group, i);
                    outcomes[move] = (byte) outcome.ordinal();
                    if (outcome != Outcome.MOVED && notMoved.size() < MOST_DETAILS) {
                        notMoved.add(new NotMoved(id(move), outcome, progress.refusal(i)));
                    }
                }
            }
            if (groups.outgoing()[group] && progress.blackoutNanos() > 0) {
                addBlackout(progress.blackoutNanos());
            }
        }

        /** Notes what is not of one group. */
        void failed(String failure) {
            addTo(failures, failure);
        }

        private static void addTo(List<String> list, String text) {
            if (list.size() < MOST_DETAILS) {
                list.add(text);
            }
        }

        private void addBlackout(long nanos) {
            if (blackoutCount == blackouts.length) {
                blackouts = Arrays.copyOf(blackouts, 2 * blackoutCount);
            }
            blackouts[blackoutCount++] = nanos;
        }

        private SaId id(int move) {
            return plan.saTable().id(plan.moveTable().sa(move));
        }

        /** What became of a move; null when its group was not touched. */
        Outcome outcome(int move) {
            return outcomes[move] == NONE ? null : Outcome.values()[outcomes[move]];
        }

        void verified() {
            verified++;
        }

        void missing(int move) {
            if (missing.size() < MOST_DETAILS) {
                missing.add(id(move));
            }
        }

        MigrationReport build(Duration time, WorkBatch.Traffic traffic) {
            Map<GroupState, Integer> groups = new EnumMap<>(GroupState.class);
            for (GroupState state : states) {
                groups.merge(state, 1, Integer::sum);
            }
            Map<Outcome, Integer> counts = new EnumMap<>(Outcome.class);
            for (int move = 0; move < outcomes.length; move++) {
                if (outcomes[move] != NONE) {
                    counts.merge(outcome(move), 1, Integer::sum);
                }
            }
            return new MigrationReport(List.copyOf(stuck), groups, counts, List.copyOf(notMoved), List.copyOf(failures),
                    verified, List.copyOf(missing), time, Duration.ofNanos(traffic.nanos()),
                    Blackout.of(Arrays.copyOf(blackouts, blackoutCount)), traffic.transmissions(), traffic.messages(),
                    traffic.bytes(), Duration.ofNanos(traffic.longestNanos()));
        }
    }
}
