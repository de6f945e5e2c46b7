package org.xfrm4j.event;

import org.xfrm4j.sa.SecurityAssociation;

/**
 * An SA was added (XFRM_MSG_NEWSA, group {@link XfrmGroup#SA}). Larval SAs are not announced: neither those of acquires
 * nor those of {@code allocateSpi}.
 *
 * @param origin the request
 * @param sa the SA, keys included, which are the caller's to wipe ({@link SecurityAssociation#wipeKeys})
 */
public record SaAdded(Origin origin, SecurityAssociation sa) implements XfrmEvent {
}
