package org.xfrm4j.netlink;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.xfrm4j.netlink.FakeKernel.FIRST_SEQUENCE;
import static org.xfrm4j.netlink.FakeKernel.acknowledgement;
import static org.xfrm4j.netlink.FakeKernel.attribute;
import static org.xfrm4j.netlink.FakeKernel.join;
import static org.xfrm4j.netlink.FakeKernel.message;
import static org.xfrm4j.netlink.FakeKernel.u32;

import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DumpCursorTest {
    private static final int MULTI = 2;
    private static final int ENTRY = 0x10;

    private final FakeKernel kernel = new FakeKernel();
    private final RequestSocket socket = FakeKernel.socket(kernel);

    @AfterEach
    void close() {
        socket.close();
    }

    private DumpCursor dump() {
        NetlinkBatch request = socket.newBatch(1, 256);
        request.begin(0x12, MessageHeader.DUMP);
        request.end(0);
        return socket.dump(request);
    }

    private static byte[] entry(int value) {
        return message(ENTRY, MULTI, FIRST_SEQUENCE, (byte) value);
    }

    private static byte[] done(int errno) {
        return message(MessageHeader.DONE, MULTI, FIRST_SEQUENCE, u32(-errno));
    }

    private static List<Integer> readAll(DumpCursor dump) {
        List<Integer> values = new ArrayList<>();
        while (dump.next()) {
            values.add((int) dump.segment().get(ValueLayout.JAVA_BYTE, dump.payloadOffset()));
        }
        return values;
    }

    @Test
    void readsEveryMessageOfEveryDatagram() {
        kernel.answers(entry(1), entry(2)).answers(entry(3)).answers(entry(4), done(0));
        try (DumpCursor dump = dump()) {
            assertEquals(List.of(1, 2, 3, 4), readAll(dump));
            assertFalse(dump.next(), "it stays at the end");
        }
    }

    @Test
    void readsADumpOfNothing() {
        kernel.answers(done(0));
        try (DumpCursor dump = dump()) {
            assertEquals(List.of(), readAll(dump));
        }
    }

    @Test
    void passesOverWhatBelongsToSomebodyElse() {
        kernel.answers(message(ENTRY, MULTI, FIRST_SEQUENCE + 7, (byte) 9), entry(1))
                .answersFrom(55, entry(8))
                .answers(message(ENTRY, MULTI, FIRST_SEQUENCE, 12, new byte[] {7}))
                .answers(message(MessageHeader.NOOP, MULTI, FIRST_SEQUENCE))
                .answers(done(0));
        try (DumpCursor dump = dump()) {
            assertEquals(List.of(1), readAll(dump));
        }
    }

    @Test
    void reportsADumpThatTheKernelRefuses() {
        kernel.answers(acknowledgement(FIRST_SEQUENCE, Errno.EPERM));
        try (DumpCursor dump = dump()) {
            NetlinkException refused = assertThrows(NetlinkException.class, dump::next);
            assertEquals(Errno.EPERM, refused.errno());
        }
    }

    @Test
    void reportsADumpThatEndsWithAnError() {
        byte[] end = message(MessageHeader.DONE, MULTI | MessageHeader.ACK_ATTRIBUTES, FIRST_SEQUENCE,
                join(u32(-Errno.EINVAL), attribute(1, "bad filter\0".getBytes())));
        kernel.answers(entry(1)).answers(end);
        try (DumpCursor dump = dump()) {
            assertTrue(dump.next());
            NetlinkException failed = assertThrows(NetlinkException.class, dump::next);
            assertEquals("the kernel ended the dump: EINVAL (22) bad filter", failed.getMessage());
        }
    }

    @Test
    void reportsAnInconsistentDumpWhereverItIsMarked() {
        byte[] marked = message(ENTRY, MULTI | MessageHeader.DUMP_INTERRUPTED, FIRST_SEQUENCE, (byte) 1);
        kernel.answers(marked).answers(entry(2)).answers(done(0));
        try (DumpCursor dump = dump()) {
            assertThrows(DumpInterruptedException.class, () -> readAll(dump));
        }
        byte[] markedEnd = message(MessageHeader.DONE, MessageHeader.DUMP_INTERRUPTED, 2, u32(0));
        kernel.answers(markedEnd);
        try (DumpCursor dump = dump()) {
            assertThrows(DumpInterruptedException.class, () -> readAll(dump));
        }
    }

    @Test
    void reportsWhatTheKernelLost() {
        kernel.answers(entry(1)).losesAnswers().answers(entry(3)).answers(done(0));
        try (DumpCursor dump = dump()) {
            assertTrue(dump.next());
            NetlinkException lost = assertThrows(NetlinkException.class, dump::next);
            assertEquals(Errno.ENOBUFS, lost.errno());
        }
        kernel.answers(message(MessageHeader.OVERRUN, 0, 2));
        try (DumpCursor dump = dump()) {
            assertThrows(NetlinkException.class, dump::next);
        }
    }

    @Test
    void reportsADumpThatBreaksOff() {
        kernel.answers(entry(1));
        try (DumpCursor dump = dump()) {
            assertTrue(dump.next());
            assertThrows(NetlinkException.class, dump::next);
            assertFalse(dump.next());
        }
    }

    @Test
    void leavesNothingBehindWhenItIsClosedHalfWay() {
        kernel.answers(entry(1)).losesAnswers().answers(entry(2)).answers(done(0));
        try (DumpCursor dump = dump()) {
            assertTrue(dump.next());
        }
        kernel.answers(message(ENTRY, MULTI, FIRST_SEQUENCE + 1, (byte) 5))
                .answers(message(MessageHeader.DONE, MULTI, FIRST_SEQUENCE + 1, u32(0)));
        try (DumpCursor next = dump()) {
            assertEquals(List.of(5), readAll(next));
        }
    }

    @Test
    void keepsTheSocketToItself() {
        kernel.answers(done(0));
        try (DumpCursor dump = dump()) {
            NetlinkBatch batch = socket.newBatch(1, 64);
            assertThrows(IllegalStateException.class, () -> socket.execute(batch));
            assertThrows(IllegalStateException.class, this::dump);
            assertFalse(dump.next());
        }
        socket.execute(socket.newBatch(1, 64));
    }

    @Test
    void reportsDamage() {
        kernel.answers(new byte[] {40, 0, 0, 0, 16, 0, 2, 0}).answers(done(0));
        try (DumpCursor dump = dump()) {
            assertThrows(MalformedMessageException.class, dump::next);
            assertFalse(dump.next());
        }
    }

    @Test
    void takesOneRequestOnly() {
        NetlinkBatch empty = socket.newBatch(1, 64);
        assertThrows(IllegalArgumentException.class, () -> socket.dump(empty));
    }
}
