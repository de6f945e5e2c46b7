/**
 * Policies of the Security Policy Database as values: immutable, in the words of RFC 4301 and of {@code ip xfrm}.
 *
 * <ul>
 * <li>Values check themselves when they are made: what the kernel could not hold throws
 * {@link java.lang.IllegalArgumentException}, whose message names the field.</li>
 * <li>They may be shared between threads.</li>
 * <li>SPIs, reqids, marks, indices and priorities are {@code int}s that hold the kernel's 32 bits.</li>
 * </ul>
 *
 * <p>What policies and SAs have in common, such as {@link org.xfrm4j.sa.Selector} and {@link org.xfrm4j.sa.Lifetime},
 * is in {@link org.xfrm4j.sa}. Who reads many does without these values: {@link org.xfrm4j.wire}, on which they are built.
 */
package org.xfrm4j.policy;
