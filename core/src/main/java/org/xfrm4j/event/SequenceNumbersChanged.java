package org.xfrm4j.event;

import org.xfrm4j.sa.Counters;

/**
 * An SA's sequence numbers have gone on by a threshold of packets or time, or were set (XFRM_MSG_NEWAE, group {@link
 * XfrmGroup#AEVENTS}).
 *
 * @param origin the request that set them; otherwise undefined, the kernel leaves it to chance
 * @param counters the numbers, the usage, and why they are told
 */
public record SequenceNumbersChanged(Origin origin, Counters counters) implements XfrmEvent {
}
