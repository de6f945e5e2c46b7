package org.xfrm4j.migrate;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** One batch of a migration in a recording of the JDK Flight Recorder. */
@Name("org.xfrm4j.Transmission")
@Label("Batch of XFRM messages")
@Description("Policies and moves of SAs went to the kernel in one system call; so long it served nobody else")
@Category("xfrm4j")
@StackTrace(false)
final class TransmissionEvent extends Event {
    @Label("Messages")
    int messages;
    @Label("Refused")
    int refused;

    void commit(int count, int failures) {
        messages = count;
        refused = failures;
        commit();
    }
}
