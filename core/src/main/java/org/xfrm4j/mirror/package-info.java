/**
 * A picture of the kernel's SAs and policies in the process, kept up to date from events: {@link
 * org.xfrm4j.mirror.Mirror}.
 */
package org.xfrm4j.mirror;
