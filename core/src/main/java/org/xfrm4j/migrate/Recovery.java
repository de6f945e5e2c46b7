package org.xfrm4j.migrate;

import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xfrm4j.Xfrm;
import org.xfrm4j.policy.Policy;
import org.xfrm4j.policy.PolicyId;

/**
 * Puts in order what a migration left that ended half way: a process that was killed, a group that was stuck. Or takes
 * back one that was cancelled, could not go on, or has done all that it should.
 *
 * <p>Looks where every SA and every policy of the groups in question is, and either finishes them or takes them back.
 * Can be run again, as often as one likes: what is done already is not done again.
 *
 * <p>A journal holds the groups that had begun, and of the others just their number ({@link
 * RecoveryReport#neverBegun}). To finish therefore means those that had begun; the others are untouched, and move when
 * the same rule is planned again ({@link MigrationPlan}): SAs that are at their new place already are not concerned by
 * a rule that picks SAs by their old addresses.
 *
 * <p>Uses the thread of its {@link Xfrm}, and no other. Not beside a migration, or another recovery, with the same
 * journal.
 */
public final class Recovery {
    private static final Logger LOG = LoggerFactory.getLogger(Recovery.class);

    /** What shall become of groups that were begun. */
    public enum Aim {
        /** SAs of unfinished groups get to their new places. A group of which that is not possible is taken back. */
        FINISH,
        /** SAs of unfinished groups get back to where they were. What was finished stays as it is. */
        TAKE_BACK,
        /**
         * SAs of all groups that had begun get back to where they were, those of finished ones as well. That is written
         * to the journal: to it none of them is finished any more, so that {@link #FINISH} would move them all again.
         */
        TAKE_BACK_ALL
    }

    private final Xfrm xfrm;
    private final StepRunner runner;
    private final Whereabouts whereabouts;
    private final List<GroupState> states = new ArrayList<>();
    private final List<PolicyId> foreign = new ArrayList<>();
    private final List<String> failures = new ArrayList<>();

    private Recovery(Xfrm xfrm, PhaseClock clock) {
        this.xfrm = xfrm;
        this.whereabouts = new Whereabouts(xfrm);
        this.runner = new StepRunner(xfrm, clock, new WorkBatch(xfrm, clock, RunOptions.DEFAULT.hold().toNanos()),
                true);
    }

    /**
     * Recovers.
     *
     * @param xfrm the namespace that the journal was written in
     * @param journal the file; nothing is written to it, save by {@link Aim#TAKE_BACK_ALL}
     * @param aim what shall become of groups that were begun
     * @return what became of each of them
     * @throws IOException if the file cannot be read, is no journal or a damaged one, is of another boot or network
     *     namespace, or in use by a migration that is still going on or by another recovery: nothing was touched
     * @throws org.xfrm4j.netlink.NetlinkException when the kernel cannot be asked any more; what is left can be
     *     recovered later
     */
    public static RecoveryReport recover(Xfrm xfrm, Path journal, Aim aim) throws IOException {
        // A file can only be locked by those who may write to it.
        try (FileChannel file = FileChannel.open(journal, READ, WRITE)) {
            lock(file, journal);
            JournalReader.Contents contents = JournalReader.read(journal, offset ->
                    new BufferedInputStream(Channels.newInputStream(file.position(offset))));
            requirePlace(journal, contents.place(), JournalFormat.Place.of(xfrm));
            LOG.info("recovery of {} begins, {}: of {} groups {} had not begun, {} are unfinished{}{}", journal, aim,
                    contents.planned(), contents.neverBegun(),
                    contents.steps().stream().mapToInt(step -> step.unfinished().length).sum(),
                    contents.ended() ? "; the migration had ended" : "",
                    contents.torn() ? "; the last record is torn" : "");
            if (aim == Aim.TAKE_BACK_ALL && contents.hasFinished()) {
                // Whatever is asked for if this does not get to its end: groups that were done are not any more.
                JournalWriter.undoAll(file, contents.end());
            }
            RecoveryReport report;
            try (PhaseClock clock = new PhaseClock(xfrm)) {
                report = new Recovery(xfrm, clock).run(contents, aim);
            }
            if (report.isComplete()) {
                LOG.info("recovery ends: {}", report);
            } else {
                LOG.error("recovery ends, and somebody has to look: {}", report);
            }
            return report;
        }
    }

    private static void lock(FileChannel file, Path journal) throws IOException {
        boolean locked;
        try {
            locked = file.tryLock() != null;
        } catch (OverlappingFileLockException heldByThisProcess) {
            locked = false;
        }
        if (!locked) {
            throw new IOException(journal + " is in use: its migration is still going on, or it is being recovered");
        }
    }

    private static void requirePlace(Path journal, JournalFormat.Place place, JournalFormat.Place here)
            throws IOException {
        if (!place.boot().equals(here.boot())) {
            throw new IOException(journal + " is of another boot: the SAs that it speaks of are no more");
        }
        if (place.namespace() != here.namespace()) {
            throw new IOException(journal + " is of another network namespace (cookie " + place.namespace() + ", not "
                    + here.namespace() + ")");
        }
    }

    private RecoveryReport run(JournalReader.Contents contents, Aim aim) throws IOException {
        // The last that was begun first, where all is taken back: it may stand where an earlier one has to go.
        boolean lastFirst = aim != Aim.FINISH;
        List<JournalReader.Step> steps = contents.steps();
        for (JournalReader.Step step : lastFirst ? steps.reversed() : steps) {
            if (aim == Aim.TAKE_BACK_ALL || step.unfinished().length > 0) {
                List<GroupWork> all = contents.groups(step);
                List<GroupWork> groups = aim == Aim.TAKE_BACK_ALL ? all
                        : Arrays.stream(step.unfinished()).mapToObj(all::get).toList();
                for (GroupWork group : lastFirst ? groups.reversed() : groups) {
                    states.add(recover(group, aim));
                }
            }
        }
        return new RecoveryReport(List.copyOf(states), List.copyOf(foreign), List.copyOf(failures),
                contents.neverBegun());
    }

    private GroupState recover(GroupWork group, Aim aim) {
        int[] policies = ownPolicies(group);
        if (aim == Aim.FINISH && drive(group, policies) == GroupState.MOVED) {
            return GroupState.MOVED;
        }
        GroupWork reversed = new ReversedGroup(group);
        return switch (drive(reversed, policies)) {
            case MOVED -> GroupState.TAKEN_BACK;
            // All of it is at its new place, and so are its policies: it could not be taken back, but is whole.
            case TAKEN_BACK -> GroupState.MOVED;
            case UNTOUCHED, STUCK -> GroupState.STUCK;
        };
    }

    /** Does what is left of a group. */
    private GroupState drive(GroupWork group, int[] policies) {
        Outcome[] outcomes = whereabouts.of(group);
        int[] left = IntStream.range(0, outcomes.length).filter(move -> outcomes[move] == Outcome.REJECTED).toArray();
        if (left.length == 0 && policiesAreChanged(group, policies)) {
            return GroupState.MOVED;
        }
        boolean whole = !Arrays.asList(outcomes).contains(Outcome.MOVED);
        StepRunner.Progress progress = runner.begin(List.of(new RemainingGroup(group, policies, left, whole)))[0];
        runner.run();
        if (progress.failure() != null) {
            failures.add(progress.failure());
        }
        return progress.state();
    }

    private boolean policiesAreChanged(GroupWork group, int[] policies) {
        return Arrays.stream(policies).allMatch(policy -> {
            Policy original = group.original(policy);
            Policy changed = group.changed(policy);
            return isOneOf(changed.id(), changed) && (isSameName(original, changed) || !exists(original.id()));
        });
    }

    /** The policies that are as the migration may have left them. Others are somebody else's by now. */
    private int[] ownPolicies(GroupWork group) {
        return IntStream.range(0, group.policyCount()).filter(policy -> {
            Policy original = group.original(policy);
            boolean own = isOwn(original, group.changed(policy));
            if (!own) {
                foreign.add(original.id());
                failures.add(original.id() + " was changed or deleted by somebody else, and is left as it is");
            }
            return own;
        }).toArray();
    }

    private boolean isOwn(Policy original, Policy changed) {
        if (isSameName(original, changed)) {
            return isOneOf(original.id(), original, changed, PolicyForm.blocking(original),
                    PolicyForm.blocking(changed));
        }
        // One of the two names is there at any time.
        boolean before = isOneOf(original.id(), original, PolicyForm.blocking(original));
        boolean after = isOneOf(changed.id(), changed, PolicyForm.blocking(changed));
        return before && after || before && !exists(changed.id()) || after && !exists(original.id());
    }

    private static boolean isSameName(Policy original, Policy changed) {
        return original.id().equals(changed.id());
    }

    private boolean exists(PolicyId id) {
        return xfrm.policies().get(id).isPresent();
    }

    private boolean isOneOf(PolicyId id, Policy... forms) {
        return xfrm.policies().get(id)
                .filter(now -> Arrays.stream(forms).anyMatch(form -> PolicyCheck.isSame(form, now))).isPresent();
    }
}
