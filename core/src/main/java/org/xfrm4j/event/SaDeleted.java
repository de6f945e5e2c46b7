package org.xfrm4j.event;

import org.xfrm4j.sa.SecurityAssociation;

/**
 * An SA was deleted by a request (XFRM_MSG_DELSA, group {@link XfrmGroup#SA}). One that expired is told by {@link
 * SaExpired}, one that moved by {@link StateMigrated} or {@link Migrated}, all of a protocol by {@link SaFlushed}.
 *
 * @param origin the request
 * @param sa the SA as it was, keys included, which are the caller's to wipe ({@link SecurityAssociation#wipeKeys})
 */
public record SaDeleted(Origin origin, SecurityAssociation sa) implements XfrmEvent {
}
