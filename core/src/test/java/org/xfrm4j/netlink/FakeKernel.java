package org.xfrm4j.netlink;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * A kernel for the faults that a real one does not produce on demand: it answers with what the test has queued, once
 * the request was sent.
 */
final class FakeKernel implements NetlinkChannel {
    static final int PORT = 4711;
    /** The first sequence number of a new socket's first batch. */
    static final int FIRST_SEQUENCE = 1;

    private static final ValueLayout.OfInt U32 = ValueLayout.JAVA_INT_UNALIGNED;
    private static final ValueLayout.OfShort U16 = ValueLayout.JAVA_SHORT_UNALIGNED;

    /** A datagram, its sender, or (bytes null) a reception that fails with ENOBUFS. */
    private record Reception(byte[] bytes, int sender) {
    }

    private final Deque<Reception> queue = new ArrayDeque<>();
    final List<byte[]> sent = new ArrayList<>();
    int receptions;
    /** So long it takes to send, and as long to receive. */
    Duration work = Duration.ZERO;
    boolean closed;

    static RequestSocket socket(FakeKernel kernel) {
        return new RequestSocket(kernel, 1 << 20, 1 << 20);
    }

    FakeKernel answers(byte[]... messages) {
        return answersFrom(0, messages);
    }

    /** One datagram with these messages. */
    FakeKernel answersFrom(int sender, byte[]... messages) {
        queue.add(new Reception(join(messages), sender));
        return this;
    }

    FakeKernel losesAnswers() {
        queue.add(new Reception(null, 0));
        return this;
    }

    private void work() {
        long start = System.nanoTime();
        while (System.nanoTime() - start < work.toNanos()) {
            Thread.onSpinWait();
        }
    }

    /** Takes back what was queued and not received. */
    void forget() {
        queue.clear();
    }

    @Override
    public void send(MemorySegment segment, long length) {
        work();
        sent.add(segment.asSlice(0, length).toArray(ValueLayout.JAVA_BYTE));
    }

    @Override
    public int receive(Inbox inbox) {
        work();
        receptions++;
        int count = 0;
        while (!queue.isEmpty() && count < inbox.slots()) {
            Reception next = queue.peek();
            if (next.bytes() == null) {
                if (count > 0) {
                    break;
                }
                queue.remove();
                return LOST;
            }
            queue.remove();
            inbox.deliver(count++, MemorySegment.ofArray(next.bytes()), next.sender());
        }
        return count;
    }

    @Override
    public boolean await(long timeoutMillis) {
        return !queue.isEmpty();
    }

    @Override
    public int port() {
        return PORT;
    }

    @Override
    public void close() {
        closed = true;
    }

    static byte[] message(int type, int flags, int sequence, byte... payload) {
        return message(type, flags, sequence, PORT, payload);
    }

    static byte[] message(int type, int flags, int sequence, int port, byte[] payload) {
        byte[] bytes = new byte[(int) MessageHeader.align(16 + payload.length)];
        MemorySegment segment = MemorySegment.ofArray(bytes);
        segment.set(U32, 0, 16 + payload.length);
        segment.set(U16, 4, (short) type);
        segment.set(U16, 6, (short) flags);
        segment.set(U32, 8, sequence);
        segment.set(U32, 12, port);
        System.arraycopy(payload, 0, bytes, 16, payload.length);
        return bytes;
    }

    /** NLMSG_ERROR as the kernel sends it with NETLINK_CAP_ACK: the request's header alone. */
    static byte[] acknowledgement(int sequence, int errno) {
        return message(2, 0x100, sequence, join(u32(-errno), new byte[16]));
    }

    static byte[] acknowledgement(int sequence, int errno, String text, int attributeOffset) {
        byte[] characters = (text + "\0").getBytes(StandardCharsets.UTF_8);
        return message(2, 0x300, sequence, join(u32(-errno), new byte[16],
                attribute(1, characters), attribute(2, u32(attributeOffset))));
    }

    static byte[] attribute(int type, byte[] payload) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment segment = arena.allocate(MessageHeader.align(4 + payload.length));
            segment.set(U16, 0, (short) (4 + payload.length));
            segment.set(U16, 2, (short) type);
            MemorySegment.copy(payload, 0, segment, ValueLayout.JAVA_BYTE, 4, payload.length);
            return segment.toArray(ValueLayout.JAVA_BYTE);
        }
    }

    static byte[] u32(int value) {
        byte[] bytes = new byte[4];
        MemorySegment.ofArray(bytes).set(U32, 0, value);
        return bytes;
    }

    static byte[] join(byte[]... parts) {
        int length = 0;
        for (byte[] part : parts) {
            length += part.length;
        }
        byte[] all = new byte[length];
        int at = 0;
        for (byte[] part : parts) {
            System.arraycopy(part, 0, all, at, part.length);
            at += part.length;
        }
        return all;
    }
}
