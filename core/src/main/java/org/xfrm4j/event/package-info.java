/**
 * What the kernel announces, as it happens: {@link org.xfrm4j.event.XfrmEvents} listens to groups, and makes a value of
 * each message. Events are immutable and hold all that the kernel tells; what it keeps back, their documentation says.
 *
 * <pre>
 *   kernel ──multicast──▶ receive buffer ──▶ EventSocket ──▶ decoder ──▶ XfrmEvent
 *                              │ full                                       │
 *                              └── dropped ──────────▶ Missed, once all that was queued has been read
 * </pre>
 */
package org.xfrm4j.event;
