package org.xfrm4j.event;

import org.xfrm4j.policy.LegacyMigrate;

/**
 * A policy and SAs of it have moved (XFRM_MSG_MIGRATE, group {@link XfrmGroup#MIGRATE}). The kernel tells what was
 * asked for; which policy and which SAs that were, it does not.
 *
 * @param origin nobody: the kernel does not tell it here
 * @param migrate what was asked for, without interface id and offload
 */
public record Migrated(Origin origin, LegacyMigrate migrate) implements XfrmEvent {
}
