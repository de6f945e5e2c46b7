package org.xfrm4j.event;

import org.xfrm4j.policy.PolicyDefaults;

/**
 * What becomes of packets that no policy matches was set (XFRM_MSG_GETDEFAULT, group {@link XfrmGroup#POLICY}).
 *
 * @param origin nobody: the kernel does not tell it here
 * @param defaults what holds now
 */
public record DefaultsChanged(Origin origin, PolicyDefaults defaults) implements XfrmEvent {
}
