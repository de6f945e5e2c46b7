package org.xfrm4j.event;

/**
 * The kernel has dropped events, because they were not read quickly enough. All that was dropped was dropped before
 * this was told, and after all events that were queued by then: who keeps a picture of the kernel takes a dump now, and
 * goes on with the events that follow.
 */
public record Missed() implements Notice {
}
