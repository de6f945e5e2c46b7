package org.xfrm4j.event;

import org.xfrm4j.sa.SecurityAssociation;

/**
 * An SA was updated (XFRM_MSG_UPDSA, group {@link XfrmGroup#SA}). The kernel tells what the request held. Where the SA
 * was larval, it has become that; otherwise it has taken limits, encapsulation and output mark of it and little else
 * ({@code xfrm_state_update}, net/xfrm/xfrm_state.c): who wants to know what it is now reads it.
 *
 * @param origin the request
 * @param sa what the request held, keys included, which are the caller's to wipe ({@link SecurityAssociation#wipeKeys})
 */
public record SaUpdated(Origin origin, SecurityAssociation sa) implements XfrmEvent {
}
