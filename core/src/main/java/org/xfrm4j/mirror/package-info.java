/**
 * A picture of the kernel's SAs and policies in the process, kept up to date from events: {@link
 * org.xfrm4j.mirror.Mirror}.
 *
 * <pre>
 *   dump ──────▶ tables of SAs and policies ◀────── events since the dump began
 *     ▲                                               │
 *     └──────────── all anew ◀───── Missed ◀──────────┘
 * </pre>
 */
package org.xfrm4j.mirror;
