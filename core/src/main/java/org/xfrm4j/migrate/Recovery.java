package org.xfrm4j.migrate;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xfrm4j.Xfrm;
import org.xfrm4j.policy.Policy;
import org.xfrm4j.wire.MigrateStateDecoder;

/**
 * Puts in order what a migration left that ended half way: a process that was killed, a group that was stuck.
 *
 * <p>Looks where every SA and every policy of the groups in question is, and either finishes them or takes them back. Can
 * be run again, as often as one likes: what is done already is not done again.
 */
public final class Recovery {
    private static final Logger LOG = LoggerFactory.getLogger(Recovery.class);

    /** What shall become of groups that were begun. */
    public enum Aim {
        /** Their SAs get to their new places. A group of which that is not possible is taken back. */
        FINISH,
        /** Everything gets back to where it was. */
        TAKE_BACK
    }

    private final StepRunner steps;
    private final MoveLookup lookup;
    private final Xfrm xfrm;
    private final MigrateStateDecoder decoder = new MigrateStateDecoder();

    private Recovery(Xfrm xfrm) {
        this.xfrm = xfrm;
        this.lookup = new MoveLookup(xfrm);
        this.steps = new StepRunner(xfrm, new WorkBatch(xfrm, RunOptions.DEFAULT.hold().toNanos()), true);
    }

    /**
     * Recovers.
     *
     * @param xfrm the namespace that the journal was written in
     * @param journal the file
     * @param aim what shall become of groups that were begun
     * @return what became of each of them
     * @throws IOException if the file cannot be read, is no journal or a damaged one, or is of another boot or network
     *     namespace: nothing was touched
     */
    public static RecoveryReport recover(Xfrm xfrm, Path journal, Aim aim) throws IOException {
        JournalReader.Contents contents = JournalReader.read(journal);
        JournalFormat.Place here = JournalFormat.Place.here();
        if (!contents.place().boot().equals(here.boot())) {
            throw new IOException(journal + " is of another boot: the SAs that it speaks of are no more");
        }
        if (contents.place().namespace() != here.namespace()) {
            throw new IOException(journal + " is of network namespace " + contents.place().namespace() + ", not of "
                    + here.namespace());
        }
        LOG.info("recovery of {} begins: {} groups had begun, {}{}", journal, contents.unfinished().size(), aim,
                contents.torn() ? "; its last record is torn" : "");
        RecoveryReport report = new Recovery(xfrm).run(contents.unfinished(), aim);
        LOG.info("recovery ends: {}", report);
        return report;
    }

    private RecoveryReport run(List<GroupWork> groups, Aim aim) {
        List<GroupState> states = new ArrayList<>();
        List<String> failures = new ArrayList<>();
        // The last that was begun first, where all is taken back: it may stand where an earlier one has to go.
        List<GroupWork> order = aim == Aim.TAKE_BACK ? groups.reversed() : groups;
        for (GroupWork group : order) {
            recover(group, aim, states, failures);
        }
        return new RecoveryReport(List.copyOf(states), List.copyOf(failures));
    }

    private void recover(GroupWork group, Aim aim, List<GroupState> states, List<String> failures) {
        String foreign = foreignPolicy(group);
        if (foreign != null) {
            failures.add(foreign);
            states.add(GroupState.UNTOUCHED);
            return;
        }
        if (aim == Aim.FINISH) {
            String failure = drive(group);
            if (failure == null) {
                states.add(GroupState.MOVED);
                return;
            }
            failures.add(failure);
        }
        String failure = drive(new ReversedGroup(group));
        states.add(failure == null ? GroupState.TAKEN_BACK : GroupState.STUCK);
        if (failure != null) {
            failures.add(failure);
        }
    }

    /** Does what is left of a group; returns what could not be done, or null. */
    private String drive(GroupWork group) {
        int[] left = IntStream.range(0, group.moveCount())
                .filter(move -> lookup.look(group.forward(move, decoder)) == Outcome.REJECTED).toArray();
        if (left.length == 0 && policiesAreChanged(group)) {
            return null;
        }
        StepRunner.Progress[] progress = steps.begin(List.of(new RemainingGroup(group, left)));
        steps.run();
        return progress[0].state() == GroupState.MOVED ? null : progress[0].failure();
    }

    private boolean policiesAreChanged(GroupWork group) {
        return IntStream.range(0, group.policyCount()).allMatch(policy -> {
            Policy changed = group.changed(policy);
            Policy original = group.original(policy);
            boolean oldIsGone = changed.id().equals(original.id())
                    || xfrm.policies().get(original.id()).isEmpty();
            return oldIsGone && xfrm.policies().get(changed.id()).filter(now -> PolicyCheck.isSame(changed, now))
                    .isPresent();
        });
    }

    /** A policy that is neither as it was, nor blocking, nor changed: somebody else made it, and it is his. */
    private String foreignPolicy(GroupWork group) {
        for (int i = 0; i < group.policyCount(); i++) {
            Policy original = group.original(i);
            Policy changed = group.changed(i);
            for (Policy form : List.of(original, changed)) {
                Optional<Policy> now = xfrm.policies().get(form.id());
                boolean known = now.isEmpty() || PolicyCheck.isSame(original, now.get())
                        || PolicyCheck.isSame(changed, now.get())
                        || PolicyCheck.isSame(StepRunner.blocked(original), now.get())
                        || PolicyCheck.isSame(StepRunner.blocked(changed), now.get());
                if (!known) {
                    return "policy " + form.id() + " was changed by somebody else meanwhile";
                }
            }
        }
        return null;
    }
}
