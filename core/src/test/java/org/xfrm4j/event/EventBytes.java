package org.xfrm4j.event;

import java.lang.foreign.MemorySegment;

/** Makes events of bytes, for tests of other packages. */
public final class EventBytes {
    private static final Origin NOBODY = new Origin(0, 0);

    private final EventReader reader = new EventReader();

    /** A reader of any number of messages. */
    public EventBytes() {
    }

    /**
     * {@return the event of a message}
     *
     * @param type {@code XFRM_MSG_…}
     * @param payload what stands behind the netlink header
     */
    public XfrmEvent read(int type, MemorySegment payload) {
        return reader.read(type, NOBODY, new EventReader.Place(payload, 0, (int) payload.byteSize()));
    }
}
