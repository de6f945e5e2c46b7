package org.xfrm4j.json;

import java.util.List;
import java.util.Map;
import org.xfrm4j.Refusal;
import org.xfrm4j.migrate.GroupState;
import org.xfrm4j.migrate.MigrationPhase;
import org.xfrm4j.migrate.MigrationPlan;
import org.xfrm4j.migrate.MigrationReport;
import org.xfrm4j.migrate.NamespaceOutcome;
import org.xfrm4j.migrate.NamespaceOutcome.Failed;
import org.xfrm4j.migrate.NamespaceOutcome.NotBegun;
import org.xfrm4j.migrate.NamespaceOutcome.Ran;
import org.xfrm4j.migrate.NamespaceOutcome.Refused;
import org.xfrm4j.migrate.Outcome;
import org.xfrm4j.migrate.PlanGroup;
import org.xfrm4j.migrate.PlanProblem;
import org.xfrm4j.migrate.RecoveryReport;
import org.xfrm4j.netlink.Errno;
import org.xfrm4j.netlink.NetworkNamespace;
import org.xfrm4j.policy.PolicyId;
import org.xfrm4j.sa.SaId;

/** Plans, and what became of them. */
final class ReportJson {
    private ReportJson() {
    }

    static void write(Json json, MigrationPlan plan) {
        json.begin();
        json.put("sas", plan.sas());
        json.put("other_sas", plan.otherSas());
        json.put("unmovable_sas", plan.unmovableSas());
        json.put("policies", plan.policies());
        json.put("groups", plan.groups());
        json.put("messages", plan.messages());
        json.put("legacy_messages", plan.legacyMessages());
        problems(json, plan.problems());
        json.end();
    }

    static void write(Json json, PlanGroup group, boolean keys) {
        json.begin();
        json.put("outgoing", group.outgoing());
        json.beginList("policies");
        for (PlanGroup.PolicyChange change : group.policies()) {
            json.begin();
            PolicyJson.write(json, "before", change.before(), keys);
            PolicyJson.write(json, "after", change.after(), keys);
            json.end();
        }
        json.end();
        json.beginList("moves");
        group.moves().forEach(move -> move(json, move));
        json.end();
        json.end();
    }

    private static void move(Json json, PlanGroup.SaMove move) {
        json.begin();
        SaJson.id(json, "sa", move.sa());
        json.putTextUnlessNull("source", move.source());
        json.putText("new_source", move.newSource());
        json.putText("new_destination", move.newDestination());
        json.putUnsigned("new_reqid", move.newReqid());
        json.put("parked", move.parked());
        json.end();
    }

    private static void problems(Json json, List<PlanProblem> problems) {
        json.beginList("problems");
        problems.forEach(problem -> write(json, problem));
        json.end();
    }

    static void write(Json json, PlanProblem problem) {
        json.begin();
        json.putText("subject", problem.subject());
        json.putText("reason", problem.reason());
        json.end();
    }

    static void write(Json json, NetworkNamespace namespace, NamespaceOutcome outcome) {
        json.begin();
        json.putText("namespace", namespace);
        json.putText("outcome", switch (outcome) {
            case Ran _ -> "ran";
            case Refused _ -> "refused";
            case Failed _ -> "failed";
            case NotBegun _ -> "not_begun";
        });
        json.put("complete", outcome.isComplete());
        switch (outcome) {
            case Ran ran -> {
                json.begin("report");
                fields(json, ran.report());
                json.end();
            }
            case Refused refused -> problems(json, refused.problems());
            case Failed failed -> json.putText("failure", failed.cause());
            case NotBegun _ -> { }
        }
        json.end();
    }

    static void write(Json json, MigrationReport report) {
        json.begin();
        fields(json, report);
        json.end();
    }

    private static void fields(Json json, MigrationReport report) {
        json.put("complete", report.isComplete());
        texts(json, "stuck", report.stuck());
        counts(json, "groups", GroupState.values(), report.groups());
        counts(json, "outcomes", Outcome.values(), report.outcomes());
        json.beginList("not_moved");
        report.notMoved().forEach(sa -> notMoved(json, sa));
        json.end();
        texts(json, "failures", report.failures());
        readBack(json, report.readBack());
        json.begin("looked_again");
        json.put("times", report.lookedAgain().times());
        json.put("sas", report.lookedAgain().sas());
        json.end();
        times(json, report.times());
        blackout(json, report.blackout());
        traffic(json, report.traffic());
    }

    private static void readBack(Json json, MigrationReport.ReadBack readBack) {
        json.begin("read_back");
        json.put("found", readBack.found());
        json.beginList("missing");
        readBack.missing().forEach(sa -> id(json, sa));
        json.end();
        json.end();
    }

    private static void times(Json json, MigrationReport.Times times) {
        json.begin("times");
        spent(json, "planning", times.planning());
        spent(json, "total", times.total());
        json.begin("phases");
        for (MigrationPhase phase : MigrationPhase.values()) {
            spent(json, Json.nameOf(phase), times.phases().get(phase));
        }
        json.end();
        json.end();
    }

    private static void spent(Json json, String name, MigrationReport.Spent spent) {
        json.begin(name);
        json.put("time", spent.time());
        json.put("kernel", spent.kernel());
        json.end();
    }

    private static void traffic(Json json, MigrationReport.Traffic traffic) {
        json.begin("traffic");
        json.put("transmissions", traffic.transmissions());
        json.put("messages", traffic.messages());
        json.put("bytes", traffic.bytes());
        json.put("longest", traffic.longest());
        json.end();
    }

    static void write(Json json, RecoveryReport report) {
        json.begin();
        json.put("complete", report.isComplete());
        json.beginList("groups");
        report.groups().forEach(state -> json.string(Json.nameOf(state)));
        json.end();
        json.beginList("foreign");
        report.foreign().forEach(policy -> id(json, policy));
        json.end();
        texts(json, "failures", report.failures());
        json.put("never_begun", report.neverBegun());
        json.end();
    }

    private static void blackout(Json json, MigrationReport.Blackout blackout) {
        json.begin("blackout");
        json.put("flows", blackout.flows());
        json.put("median", blackout.median());
        json.put("percentile99", blackout.percentile99());
        json.put("longest", blackout.longest());
        json.end();
    }

    private static void notMoved(Json json, MigrationReport.NotMoved sa) {
        json.begin();
        SaJson.id(json, "sa", sa.sa());
        json.putName("outcome", sa.outcome());
        if (sa.refusal() != null) {
            refusal(json, sa.refusal());
        }
        json.end();
    }

    private static void refusal(Json json, Refusal refusal) {
        json.begin("refusal");
        json.put("errno", refusal.errno());
        if (refusal.errno() != 0) {
            json.putText("errno_name", Errno.name(refusal.errno()));
        }
        json.putTextUnlessNull("text", refusal.text());
        json.putTextUnlessNull("attribute", refusal.attribute());
        json.end();
    }

    private static void id(Json json, SaId sa) {
        json.begin();
        SaJson.id(json, sa);
        json.end();
    }

    private static void id(Json json, PolicyId policy) {
        json.begin();
        PolicyJson.id(json, policy);
        json.end();
    }

    /** All of them, those of 0 too: who reads them need not know which there might be. */
    private static <E extends Enum<E>> void counts(Json json, String name, E[] constants, Map<E, Integer> counts) {
        json.begin(name);
        for (E constant : constants) {
            json.put(Json.nameOf(constant), counts.getOrDefault(constant, 0));
        }
        json.end();
    }

    private static void texts(Json json, String name, List<String> texts) {
        json.beginList(name);
        texts.forEach(json::string);
        json.end();
    }
}
