package org.xfrm4j.cli;

import java.util.List;
import org.xfrm4j.migrate.MoveRule;
import org.xfrm4j.migrate.PlanOptions;
import org.xfrm4j.sa.IpAddress;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Which SAs a migration moves, where to, and how that is planned. */
final class PlanningOptions {
    @Mixin
    private ChangeOptions changes;

    @Mixin
    private FilterOptions filter;

    @Option(names = "--parking", paramLabel = "ADDRESS", split = ",", order = 31,
            description = "Free addresses by way of which SAs go that wait for each other, as when two change places.")
    private List<IpAddress> parking = List.of();

    @Option(names = "--sas-only", order = 32,
            description = "Leave policies alone. Nothing blocks while SAs move: to see to that is then yours.")
    private boolean sasOnly;

    @Option(names = "--no-idle-policies", order = 32,
            description = "Leave policies alone that use no SA at the moment.")
    private boolean noIdlePolicies;

    MoveRule rule() {
        return MoveRule.of(changes.selection().and(filter.selection()), changes.change());
    }

    PlanOptions options() {
        PlanOptions options = sasOnly ? PlanOptions.SAS_ONLY : PlanOptions.DEFAULT;
        options = noIdlePolicies ? options.withoutIdlePolicies() : options;
        return options.parking(parking.toArray(IpAddress[]::new));
    }
}
