package org.xfrm4j.migrate;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.xfrm4j.Refusal;
import org.xfrm4j.sa.SaId;
import org.xfrm4j.text.Plural;

/**
 * What a migration did.
 *
 * @param stuck groups that could neither be moved nor taken back, and are blocked: to be looked at first
 * @param groups how many groups were left in each state
 * @param outcomes how many SAs had each outcome; those of groups that nothing was sent of have none
 * @param notMoved each SA that has not moved though its group was touched, and why; of very many the first ten thousand
 * @param failures why groups were taken back or not touched, why a migration ended early or SAs could not be read
 *     back; of very many the first ten thousand
 * @param readBack what was found when all SAs were read back at the end
 * @param lookedAgain what was found when the rule was asked again afterwards; part of all the other counts
 * @param times what it spent its time on
 * @param blackout how long outgoing groups were blocked
 * @param traffic what went to the kernel
 */
public record MigrationReport(
        List<String> stuck,
        Map<GroupState, Integer> groups,
        Map<Outcome, Integer> outcomes,
        List<NotMoved> notMoved,
        List<String> failures,
        ReadBack readBack,
        LookedAgain lookedAgain,
        Times times,
        Blackout blackout,
        Traffic traffic) {
    private static final double PERCENT = 100.0;

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

    /**
     * What was found when SAs were read back.
     *
     * @param found how many SAs are where they should be
     * @param missing those that are not, by the names that they had before; of very many the first ten thousand
     */
    public record ReadBack(int found, List<SaId> missing) {
    }

    /**
     * What was found when the rule was asked again: SAs that somebody added with the old addresses meanwhile.
     *
     * @param times how often it was asked
     * @param sas how many SAs were found, and then moved or not as the outcomes tell
     */
    public record LookedAgain(int times, int sas) {
    }

    /**
     * A time, and how much of it the kernel took.
     *
     * @param time all of it
     * @param kernel what was spent in system calls that send requests or receive answers and dumps
     */
    public record Spent(Duration time, Duration kernel) {
    }

    /**
     * What a migration spent its time on.
     *
     * @param planning to make the plan, with the dumps for it; that was before
     * @param total from the beginning of the run to its end
     * @param phases each phase of the run; together they are the total
     */
    public record Times(Spent planning, Spent total, Map<MigrationPhase, Spent> phases) {
    }

    /**
     * Requests that went to the kernel to change something, those that looked things up and dumps aside.
     *
     * @param transmissions system calls that carried them
     * @param messages the requests
     * @param bytes their bytes
     * @param longest the longest time of one transmission, during which the kernel served nobody else in the namespace
     */
    public record Traffic(long transmissions, long messages, long bytes, Duration longest) {
    }

    /** {@return whether everything is at its new place, save SAs that were gone} */
    public boolean isComplete() {
        return groups.keySet().stream().allMatch(state -> state == GroupState.MOVED) && readBack.missing().isEmpty()
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
                + ", verified " + readBack.found()
                + (readBack.missing().isEmpty() ? "" : ", missing " + readBack.missing().size())
                + (lookedAgain.sas() == 0 ? "" : ", " + lookedAgain.sas() + " of them found by looking again")
                + "; " + times.total().time().toMillis() + " ms, of which the kernel took "
                + times.total().kernel().toMillis() + " (" + kernelPercent() + " %); "
                + Plural.count(traffic.messages(), "message") + " in "
                + Plural.count(traffic.transmissions(), "transmission") + "; flows blocked for "
                + blackout.median().toNanos() / 1000 + " µs (median), " + blackout.longest().toNanos() / 1000
                + " µs (longest)";
    }

    private long kernelPercent() {
        return Math.round(PERCENT * times.total().kernel().toNanos() / Math.max(1, times.total().time().toNanos()));
    }
}
