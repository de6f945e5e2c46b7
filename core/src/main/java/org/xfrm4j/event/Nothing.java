package org.xfrm4j.event;

/** Nothing has happened in the time given. */
public record Nothing() implements Notice {
}
