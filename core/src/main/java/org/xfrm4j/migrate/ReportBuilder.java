package org.xfrm4j.migrate;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.xfrm4j.Refusal;
import org.xfrm4j.sa.SaId;
import org.xfrm4j.wire.MigrateStateDecoder;

/** Collects what a {@link MigrationReport} tells, while the migration runs. */
final class ReportBuilder {
    /** Not more than somebody would read. */
    private static final int MOST_DETAILS = 10_000;

    private final Map<GroupState, Integer> groups = new EnumMap<>(GroupState.class);
    private final Map<Outcome, Integer> outcomes = new EnumMap<>(Outcome.class);
    private final List<String> stuck = new ArrayList<>();
    private final List<MigrationReport.NotMoved> notMoved = new ArrayList<>();
    private final List<String> failures = new ArrayList<>();
    private final List<SaId> missing = new ArrayList<>();
    private long[] blackouts = new long[16];
    private int blackoutCount;
    private int groupsOfPass;
    private int found;
    private int looks;
    private int foundAgain;

    /** Adds the groups of a step of a pass. */
    void add(Pass pass, int firstGroup, StepRunner.Progress[] step) {
        for (int i = 0; i < step.length; i++) {
            add(pass, firstGroup + i, step[i]);
        }
        groupsOfPass += step.length;
    }

    private void add(Pass pass, int group, StepRunner.Progress progress) {
        groups.merge(progress.state(), 1, Integer::sum);
        if (progress.failure() != null) {
            addTo(progress.state() == GroupState.STUCK ? stuck : failures,
                    pass.name(group) + ": " + progress.failure());
        }
        Groups table = pass.plan().groupTable();
        MoveTable moves = pass.plan().moveTable();
        for (int i = 0; i < table.moveCount(group); i++) {
            int move = table.move(group, i);
            if (!moves.isLeg(move)) {
                add(pass, move, progress.outcome(i), progress.refusal(i));
            } else if (moves.isSecondLeg(move)) {
                addLegs(pass, move, progress.legs().other(i), i, progress);
            }
        }
        if (table.outgoing()[group] && progress.blackoutNanos() > 0) {
            addBlackout(progress.blackoutNanos());
        }
    }

    private void add(Pass pass, int move, Outcome outcome, Refusal refusal) {
        if (outcome == null) {
            return;
        }
        pass.outcome(move, outcome);
        outcomes.merge(outcome, 1, Integer::sum);
        if (outcome != Outcome.MOVED && notMoved.size() < MOST_DETAILS) {
            notMoved.add(new MigrationReport.NotMoved(pass.id(move), outcome, refusal));
        }
    }

    /** Adds a group that was moved by XFRM_MSG_MIGRATE. */
    void add(Pass pass, int group, LegacyGroup work) {
        groupsOfPass++;
        groups.merge(work.state(), 1, Integer::sum);
        if (work.failure() != null) {
            addTo(work.state() == GroupState.STUCK ? stuck : failures, pass.name(group) + ": " + work.failure());
        }
        Groups table = pass.plan().groupTable();
        for (int i = 0; i < table.moveCount(group); i++) {
            add(pass, table.move(group, i), work.outcome(i), work.refusal(i));
        }
        if (work.blackoutNanos() > 0) {
            addBlackout(work.blackoutNanos());
        }
    }

    /** Adds an SA that went, or was to go, by way of a parking place. */
    private void addLegs(Pass pass, int secondLeg, int first, int second, StepRunner.Progress progress) {
        int move = pass.plan().moveTable().moveOf(secondLeg);
        Outcome there = progress.outcome(first);
        Outcome on = progress.outcome(second);
        Refusal refusal = there == Outcome.MOVED ? progress.refusal(second) : progress.refusal(first);
        if (Legs.isParked(there, on)) {
            pass.parked(move, secondLeg);
            MigrateStateDecoder leg = pass.onFromParking(move, new MigrateStateDecoder());
            refusal = new Refusal(0, "is left where it was parked, as " + MoveLookup.before(leg) + ": "
                    + (refusal == null ? progress.failure() : refusal), null);
        }
        add(pass, move, Legs.both(there, on), refusal);
    }

    /** A pass ends: what was not added is not done. */
    void endOf(Pass pass) {
        if (groupsOfPass < pass.plan().groups()) {
            groups.merge(GroupState.UNTOUCHED, pass.plan().groups() - groupsOfPass, Integer::sum);
        }
        groupsOfPass = 0;
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

    /** Notes an SA that is where it should be. */
    void found() {
        found++;
    }

    /** Notes an SA that is not, by the name that it had before. */
    void missing(SaId sa) {
        if (missing.size() < MOST_DETAILS) {
            missing.add(sa);
        }
    }

    /** Notes that the rule was asked again. */
    void lookedAgain(int sas) {
        looks++;
        foundAgain += sas;
    }

    MigrationReport build(MigrationReport.Times times, Traffic traffic) {
        return new MigrationReport(List.copyOf(stuck), Collections.unmodifiableMap(new EnumMap<>(groups)),
                Collections.unmodifiableMap(new EnumMap<>(outcomes)),
                List.copyOf(notMoved), List.copyOf(failures),
                new MigrationReport.ReadBack(found, List.copyOf(missing)),
                new MigrationReport.LookedAgain(looks, foundAgain), times,
                MigrationReport.Blackout.of(Arrays.copyOf(blackouts, blackoutCount)),
                new MigrationReport.Traffic(traffic.transmissions(), traffic.messages(), traffic.bytes(),
                        Duration.ofNanos(traffic.longestNanos())));
    }
}
