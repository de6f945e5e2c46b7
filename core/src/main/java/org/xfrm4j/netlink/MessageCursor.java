package org.xfrm4j.netlink;

import java.lang.foreign.MemorySegment;

/** Steps through the messages of the datagrams of an inbox. Points at one message at a time, copies nothing. */
final class MessageCursor {
    private final Inbox inbox;
    private int datagrams;
    private int slot;
    private long next;
    private long end;
    private long message;
    /** The message's header, in its two words: read once, asked several times. */
    private long first;
    private long second;

    MessageCursor(Inbox inbox) {
        this.inbox = inbox;
    }

    Inbox inbox() {
        return inbox;
    }

    /** Begins with what {@link NetlinkChannel#receive} has brought. */
    void start(int received) {
        datagrams = received;
        slot = -1;
        next = 0;
        end = 0;
    }

    /**
     * Goes to the next message. Datagrams that did not come from the kernel are passed over.
     *
     * @return whether there is one
     * @throws MalformedMessageException when a datagram was cut short, or a length in it does not fit; the datagrams
     *     behind it can still be read
     */
    boolean next() {
        while (next == end) {
            if (++slot >= datagrams) {
                return false;
            }
            if (inbox.fromKernel(slot)) {
                openDatagram();
            }
        }
        message = next;
        long left = end - message;
        long length = left;
        if (left >= MessageHeader.BYTES) {
            MemorySegment segment = inbox.segment();
            first = MessageHeader.first(segment, message);
            second = MessageHeader.second(segment, message);
            length = Integer.toUnsignedLong(MessageHeader.length(first));
        }
        if (length < MessageHeader.BYTES || length > left) {
            next = end;
            throw new MalformedMessageException(
                    "netlink message of " + length + " bytes, where " + left + " are left in the datagram");
        }
        next = message + Math.min(MessageHeader.align(length), left);
        return true;
    }

    private void openDatagram() {
        if (inbox.truncated(slot)) {
            throw new MalformedMessageException("netlink datagram longer than " + inbox.slotBytes() + " bytes");
        }
        next = inbox.offset(slot);
        end = next + inbox.length(slot);
    }

    MemorySegment segment() {
        return inbox.segment();
    }

    int type() {
        return MessageHeader.type(first);
    }

    int flags() {
        return MessageHeader.flags(first);
    }

    int sequence() {
        return MessageHeader.sequence(second);
    }

    int port() {
        return MessageHeader.port(second);
    }

    long payloadOffset() {
        return message + MessageHeader.BYTES;
    }

    int payloadLength() {
        return MessageHeader.length(first) - MessageHeader.BYTES;
    }
}
