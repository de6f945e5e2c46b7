/**
 * Security Associations as values: immutable, in the words of RFC 4301 and of {@code ip xfrm}.
 *
 * <ul>
 * <li>Values check themselves when they are made: what the kernel could not hold throws
 * {@link java.lang.IllegalArgumentException}, whose message names the field.</li>
 * <li>They may be shared between threads, with one exception: a {@link org.xfrm4j.sa.Key} can be wiped, and then every
 * value that holds it has lost its key.</li>
 * <li>SPIs, ports, reqids and marks are {@code int}s that hold the kernel's 32 (16) bits; they are put into network
 * order where they are written. Unsigned 64 bit counts are {@code long}s that hold the same bits.</li>
 * <li>No {@code toString} shows a key.</li>
 * </ul>
 *
 * <p>Who moves many SAs does without these values: {@link org.xfrm4j.wire}, on which they are built.
 */
package org.xfrm4j.sa;
