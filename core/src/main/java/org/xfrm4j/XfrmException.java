package org.xfrm4j;

import org.xfrm4j.netlink.NetlinkException;
import org.xfrm4j.wire.XfrmMessages;

/**
 * The kernel refused a request that was made on its own. Reads like {@code XFRM_MSG_NEWSA refused: EEXIST (17) [esp spi
 * 0xc0ffee01 → 198.51.100.7]}; holds no keys.
 */
public final class XfrmException extends NetlinkException {
    private static final long serialVersionUID = 1L;

    /** The kernel's reason. */
    private final transient Refusal refusal;

    /**
     * An exception for a refused request.
     *
     * @param messageType {@code XFRM_MSG_…}
     * @param refusal what the kernel answered
     * @param subject what the request was about
     */
    public XfrmException(int messageType, Refusal refusal, Object subject) {
        super(XfrmMessages.name(messageType) + " refused: " + refusal + " [" + subject + "]", refusal.errno());
        this.refusal = refusal;
    }

    /**
     * The kernel's answer.
     *
     * @return number, text and attribute; null in an exception that was serialised
     */
    public Refusal refusal() {
        return refusal;
    }
}
