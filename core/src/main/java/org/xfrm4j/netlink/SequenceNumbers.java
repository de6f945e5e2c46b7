package org.xfrm4j.netlink;

/** A socket's sequence numbers: each message gets the next, so that an answer's index is a subtraction. */
final class SequenceNumbers {
    private int next = 1;

    /** Takes {@code count} numbers; they wrap at 2³². */
    int reserve(int count) {
        int first = next;
        next += count;
        return first;
    }
}
