package org.xfrm4j.event;

/** What {@link XfrmEvents#next} found: an event, that some were lost, or nothing. */
public sealed interface Notice permits XfrmEvent, Missed, Nothing {
}
