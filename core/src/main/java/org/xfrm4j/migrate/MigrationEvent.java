package org.xfrm4j.migrate;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** One migration in a recording of the JDK Flight Recorder. */
@Name("org.xfrm4j.Migration")
@Label("Migration of SAs")
@Description("A plan was run")
@Category("xfrm4j")
@StackTrace(false)
final class MigrationEvent extends Event {
    @Label("SAs moved")
    int moved;
    @Label("Groups taken back or untouched")
    int notMovedGroups;
    @Label("Groups stuck")
    int stuckGroups;
    @Label("Messages")
    long messages;

    void commit(MigrationReport report) {
        moved = report.outcomes().getOrDefault(Outcome.MOVED, 0);
        stuckGroups = report.stuckGroups();
        notMovedGroups = report.groups().getOrDefault(GroupState.TAKEN_BACK, 0)
                + report.groups().getOrDefault(GroupState.UNTOUCHED, 0);
        messages = report.traffic().messages();
        commit();
    }
}
