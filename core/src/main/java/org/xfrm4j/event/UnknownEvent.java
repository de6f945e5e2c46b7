package org.xfrm4j.event;

import java.util.Arrays;
import org.xfrm4j.wire.XfrmMessages;

/**
 * A message that this version does not know; a newer kernel's. Its bytes are not printed: they might hold a key.
 *
 * @param origin the request
 * @param type the message's type
 * @param payload the bytes behind the netlink header
 */
public record UnknownEvent(Origin origin, int type, byte[] payload) implements XfrmEvent {
    /** Copies the bytes. */
    public UnknownEvent {
        payload = payload.clone();
    }

    /** {@return a copy of the bytes} */
    @Override
    public byte[] payload() {
        return payload.clone();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof UnknownEvent event && origin.equals(event.origin) && type == event.type
                && Arrays.equals(payload, event.payload);
    }

    @Override
    public int hashCode() {
        return 31 * type + Arrays.hashCode(payload);
    }

    /** {@return type and length} */
    @Override
    public String toString() {
        return XfrmMessages.name(type) + " (" + payload.length + " bytes)";
    }
}
