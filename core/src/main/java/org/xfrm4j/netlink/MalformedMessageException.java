package org.xfrm4j.netlink;

/**
 * Bytes that were received do not form what they claim to be: a length that does not fit, a structure cut short. The
 * decoders throw nothing else, whatever the bytes.
 */
public final class MalformedMessageException extends NetlinkException {
    private static final long serialVersionUID = 1L;

    /**
     * An exception that says what is wrong with the bytes.
     *
     * @param message what was being decoded, and which length or value does not fit
     */
    public MalformedMessageException(String message) {
        super(message, 0);
    }
}
