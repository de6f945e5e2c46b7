package org.xfrm4j.netlink;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.HexFormat;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

class NetlinkBatchTest {
    private final FakeKernel kernel = new FakeKernel();
    private final RequestSocket socket = FakeKernel.socket(kernel);

    @AfterEach
    void close() {
        socket.close();
    }

    /** Bytes by hand from struct nlmsghdr (linux/netlink.h); a little-endian machine's. */
    @Test
    void writesHeadersAndPaddingAndAsksForTheLastAcknowledgement() {
        Assumptions.assumeTrue(ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN, "golden bytes are little-endian");
        NetlinkBatch batch = socket.newBatch(4, 256);
        batch.segment().fill((byte) 0xff);
        batch.segment().set(ValueLayout.JAVA_BYTE, batch.begin(0x10, 0x400), (byte) 0xaa);
        batch.end(1);
        batch.begin(0x29, 0);
        batch.end(0);

        socket.execute(batch);

        assertArrayEquals(bytes(
                "11 00 00 00", // nlmsg_len: header and one byte
                "10 00",       // nlmsg_type
                "01 04",       // nlmsg_flags: NLM_F_REQUEST and what was asked for
                "01 00 00 00", // nlmsg_seq
                "67 12 00 00", // nlmsg_pid: the socket's port, 4711
                "aa",          // the payload
                "00 00 00",    // padding to 4
                "10 00 00 00", // nlmsg_len
                "29 00",       // nlmsg_type
                "05 00",       // nlmsg_flags: NLM_F_REQUEST, NLM_F_ACK
                "02 00 00 00", // nlmsg_seq: the next
                "67 12 00 00"  // nlmsg_pid
        ), kernel.sent.getFirst());
    }

    @Test
    void asksForEachAcknowledgementWhereThatIsWanted() {
        NetlinkBatch batch = socket.newBatch(2, 256, Acknowledge.EVERY);
        batch.begin(0x10, 0);
        batch.end(0);
        batch.begin(0x10, 0);
        batch.end(0);

        socket.execute(batch);

        assertEquals(0x5, kernel.sent.getFirst()[6]);
        assertEquals(0x5, kernel.sent.getFirst()[16 + 6]);
    }

    @Test
    void neverTakesMoreMessagesThanTheReceiveBufferTakesAnswers() {
        try (RequestSocket small = new RequestSocket(new FakeKernel(), 10 * 1024 + 500, 1 << 20)) {
            NetlinkBatch batch = small.newBatch(1000, 1 << 16);
            assertEquals(10, batch.capacity());
            while (batch.hasRoomFor(0)) {
                batch.begin(0x10, 0);
                batch.end(0);
            }
            assertEquals(10, batch.count());
            assertThrows(IllegalStateException.class, () -> batch.begin(0x10, 0));
        }
    }

    @Test
    void countsWhatAnswersWithDataTakeOfTheReceiveBuffer() {
        try (RequestSocket small = new RequestSocket(new FakeKernel(), 10 * 1024, 1 << 20)) {
            NetlinkBatch batch = small.newBatch(10, 1 << 16);
            batch.begin(0x12, 0, 8 * 1024);
            batch.end(0);
            assertTrue(batch.hasRoomFor(0));
            assertFalse(batch.hasRoomFor(0, 1));
            batch.clear();
            assertTrue(batch.hasRoomFor(0, 8 * 1024));
        }
    }

    @Test
    void forgetsAnAbandonedMessage() {
        NetlinkBatch batch = socket.newBatch(2, 256);
        long first = batch.begin(0x10, 0);
        batch.abandon();
        assertEquals(0, batch.count());
        assertEquals(0, batch.bytes());
        assertEquals(first, batch.begin(0x11, 0));
        assertEquals(0, batch.end(4));
        assertEquals(0x11, batch.type(0));
    }

    @Test
    void makesAMessageAskForNothingAndKeepsItsPlace() {
        NetlinkBatch batch = socket.newBatch(2, 256);
        batch.begin(0x10, 0);
        batch.end(8);
        batch.begin(0x11, 0);
        batch.end(0);

        batch.neutralize(0);
        socket.execute(batch);

        assertEquals(MessageHeader.NOOP, kernel.sent.getFirst()[4]);
        assertEquals(0x11, kernel.sent.getFirst()[24 + 4]);
        assertThrows(IllegalStateException.class, () -> batch.neutralize(1));
    }

    @Test
    void forgetsWhatWasBegunWhenItIsCleared() {
        NetlinkBatch batch = socket.newBatch(2, 256);
        batch.begin(0x10, 0);
        batch.clear();
        batch.begin(0x11, 0);
        batch.end(0);
        assertEquals(1, batch.count());
    }

    @Test
    void refusesMessagesThatAreNestedUnfinishedOrTooLong() {
        NetlinkBatch batch = socket.newBatch(2, 64);
        assertThrows(IllegalStateException.class, () -> batch.end(0));
        assertThrows(IllegalStateException.class, batch::abandon);
        batch.begin(0x10, 0);
        assertThrows(IllegalStateException.class, () -> batch.begin(0x10, 0));
        assertThrows(IllegalStateException.class, () -> socket.execute(batchBegun()));
        assertThrows(IndexOutOfBoundsException.class, () -> batch.end(49));
        assertThrows(IndexOutOfBoundsException.class, () -> batch.end(-1));
        assertEquals(0, batch.end(48));
        assertFalse(batch.hasRoomFor(0));
    }

    private NetlinkBatch batchBegun() {
        NetlinkBatch batch = socket.newBatch(2, 64);
        batch.begin(0x10, 0);
        batch.end(0);
        batch.begin(0x10, 0);
        return batch;
    }

    @Test
    void neverUsesASequenceNumberTwice() {
        NetlinkBatch one = socket.newBatch(3, 256);
        NetlinkBatch other = socket.newBatch(3, 256);
        assertEquals(3, other.firstSequence() - one.firstSequence());
        one.clear();
        assertEquals(3, one.firstSequence() - other.firstSequence());
    }

    @Test
    void cannotBeReadOnceTheSocketIsClosed() {
        FakeKernel mine = new FakeKernel();
        RequestSocket closing = FakeKernel.socket(mine);
        NetlinkBatch batch = closing.newBatch(1, 64);
        closing.close();
        assertTrue(mine.closed);
        assertThrows(IllegalStateException.class, () -> batch.segment().get(ValueLayout.JAVA_BYTE, 0));
    }

    private static byte[] bytes(String... fields) {
        return HexFormat.of().parseHex(String.join("", fields).replace(" ", ""));
    }
}
