package org.xfrm4j.netlink;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.xfrm4j.netlink.FakeKernel.FIRST_SEQUENCE;
import static org.xfrm4j.netlink.FakeKernel.acknowledgement;
import static org.xfrm4j.netlink.FakeKernel.attribute;
import static org.xfrm4j.netlink.FakeKernel.join;
import static org.xfrm4j.netlink.FakeKernel.message;
import static org.xfrm4j.netlink.FakeKernel.u32;

import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BatchExchangeTest {
    private static final int TYPE = 0x29;
    private static final String TAKEN = "New SA tuple already occupied";

    private final FakeKernel kernel = new FakeKernel();
    private final RequestSocket socket = FakeKernel.socket(kernel);

    @AfterEach
    void close() {
        socket.close();
    }

    private NetlinkBatch batchOf(int messages) {
        return batchOf(messages, Acknowledge.ERRORS_AND_LAST);
    }

    private NetlinkBatch batchOf(int messages, Acknowledge acknowledge) {
        NetlinkBatch batch = socket.newBatch(messages, 64 * 1024, acknowledge);
        fill(batch, messages);
        return batch;
    }

    private static void fill(NetlinkBatch batch, int messages) {
        for (int i = 0; i < messages; i++) {
            long at = batch.begin(TYPE, 0);
            batch.segment().set(ValueLayout.JAVA_SHORT_UNALIGNED, at, (short) 8);
            batch.segment().set(ValueLayout.JAVA_SHORT_UNALIGNED, at + 2, (short) 21); // an attribute of type 21
            batch.segment().set(ValueLayout.JAVA_INT_UNALIGNED, at + 4, i);
            batch.end(8);
        }
    }

    @Test
    void takesSilenceForSuccessOnceTheLastIsAcknowledged() {
        NetlinkBatch batch = batchOf(3);
        kernel.answers(acknowledgement(FIRST_SEQUENCE + 2, 0));

        socket.execute(batch);

        assertEquals(List.of(0, 0, 0), errors(batch));
        assertEquals(0, batch.results().failures());
        assertFalse(batch.results().repliesLost());
    }

    @Test
    void readsNoFurtherThanTheLastAnswer() {
        NetlinkBatch batch = batchOf(3);
        kernel.answers(acknowledgement(FIRST_SEQUENCE + 2, 0));

        socket.execute(batch);

        assertEquals(1, kernel.receptions, "one system call for one answer");
    }

    @Test
    void timesSendingAndReceivingWhileSomebodyWantsToKnow() {
        kernel.work = Duration.ofMillis(2);
        long work = 2 * kernel.work.toNanos();
        NetlinkBatch batch = batchOf(3);
        kernel.answers(acknowledgement(FIRST_SEQUENCE + 2, 0));
        try (KernelTimer timer = socket.timeKernel()) {
            socket.execute(batch);
            long once = timer.nanos();
            assertTrue(once >= work, () -> once + " ns");

            batch.clear();
            fill(batch, 3);
            kernel.answers(acknowledgement(FIRST_SEQUENCE + 5, 0));
            socket.execute(batch);
            long twice = timer.nanos();
            assertTrue(twice - once >= work, () -> twice - once + " ns");
        }
        batch.clear();
        fill(batch, 3);
        kernel.answers(acknowledgement(FIRST_SEQUENCE + 8, 0));
        socket.execute(batch);
        try (KernelTimer timer = socket.timeKernel()) {
            assertEquals(0, timer.nanos());
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    void givesTheErrorToTheMessageThatWasRefused(int refused) {
        NetlinkBatch batch = batchOf(3);
        kernel.answers(acknowledgement(FIRST_SEQUENCE + refused, Errno.EEXIST, TAKEN, 16));
        if (refused != 2) {
            kernel.answers(acknowledgement(FIRST_SEQUENCE + 2, 0));
        }

        socket.execute(batch);

        for (int i = 0; i < 3; i++) {
            assertEquals(i == refused ? Errno.EEXIST : 0, batch.results().error(i));
            assertEquals(i == refused ? TAKEN : null, batch.results().text(i));
            assertEquals(i == refused ? 16 : 0, batch.results().attributeOffset(i));
            assertEquals(i == refused ? 21 : 0, batch.results().attributeType(i));
        }
        assertEquals(1, batch.results().failures());
    }

    @Test
    void givesAWarningWithSuccess() {
        NetlinkBatch batch = batchOf(1);
        kernel.answers(acknowledgement(FIRST_SEQUENCE, 0, "Failed to send migration notification", 0));

        socket.execute(batch);

        assertEquals(0, batch.results().error(0));
        assertEquals("Failed to send migration notification", batch.results().text(0));
        assertEquals(0, batch.results().failures());
    }

    @Test
    void findsTheTextBehindAnAnswerThatCarriesTheWholeRequest() {
        NetlinkBatch batch = batchOf(1);
        byte[] request = message(TYPE, 1, FIRST_SEQUENCE, new byte[6]);
        byte[] payload = join(u32(-Errno.EINVAL), request, attribute(1, "no\0".getBytes()));
        kernel.answers(message(MessageHeader.ERROR, MessageHeader.ACK_ATTRIBUTES, FIRST_SEQUENCE, payload));

        socket.execute(batch);

        assertEquals("no", batch.results().text(0));
    }

    @Test
    void keepsDifferentTextsApart() {
        NetlinkBatch batch = batchOf(4);
        kernel.answers(acknowledgement(FIRST_SEQUENCE, 1, "one", 0))
                .answers(acknowledgement(FIRST_SEQUENCE + 1, 1, "one", 0))
                .answers(acknowledgement(FIRST_SEQUENCE + 2, 2, "two", 0))
                .answers(acknowledgement(FIRST_SEQUENCE + 3, 1, "one", 0));

        socket.execute(batch);

        List<String> texts = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            texts.add(batch.results().text(i));
        }
        assertEquals(List.of("one", "one", "two", "one"), texts);
    }

    @Test
    void leavesOpenWhatAnOverflowHasSwallowed() {
        NetlinkBatch batch = batchOf(4);
        kernel.losesAnswers().answers(acknowledgement(FIRST_SEQUENCE + 1, Errno.EEXIST));

        socket.execute(batch);

        int open = BatchResults.UNANSWERED;
        assertEquals(List.of(open, Errno.EEXIST, open, open), errors(batch));
        assertTrue(batch.results().repliesLost());
        assertEquals(1, batch.results().failures());
    }

    @Test
    void doesNotTakeSilenceForSuccessAfterAnOverflowEvenIfTheLastIsAcknowledged() {
        NetlinkBatch batch = batchOf(3);
        kernel.losesAnswers().answers(acknowledgement(FIRST_SEQUENCE + 2, 0));

        socket.execute(batch);

        assertEquals(List.of(BatchResults.UNANSWERED, BatchResults.UNANSWERED, 0), errors(batch));
    }

    @Test
    void emptiesTheQueueAfterAnOverflowSoThatTheNextBatchStartsClean() {
        NetlinkBatch batch = batchOf(2);
        kernel.losesAnswers().answers(acknowledgement(FIRST_SEQUENCE + 1, 0))
                .answers(acknowledgement(FIRST_SEQUENCE, Errno.EEXIST));
        socket.execute(batch);
        assertEquals(List.of(Errno.EEXIST, 0), errors(batch));

        batch.clear();
        fill(batch, 1);
        kernel.answers(acknowledgement(FIRST_SEQUENCE + 2, 0));
        socket.execute(batch);

        assertEquals(List.of(0), errors(batch));
    }

    @Test
    void leavesOpenWhatTheKernelReportsAsOverrun() {
        NetlinkBatch batch = batchOf(2);
        kernel.answers(message(MessageHeader.OVERRUN, 0, 0), acknowledgement(FIRST_SEQUENCE + 1, 0));

        socket.execute(batch);

        assertEquals(List.of(BatchResults.UNANSWERED, 0), errors(batch));
    }

    @Test
    void doesNotHangWhenTheKernelSaysNothing() {
        assertTimeoutPreemptively(Duration.ofSeconds(5), () -> {
            // Preemptive tests run in another thread, so the socket has to be that thread's.
            try (RequestSocket mute = FakeKernel.socket(new FakeKernel())) {
                NetlinkBatch asked = mute.newBatch(2, 4096);
                fill(asked, 2);
                mute.execute(asked);
                assertEquals(List.of(BatchResults.UNANSWERED, BatchResults.UNANSWERED), errors(asked));
                assertTrue(asked.results().repliesLost());
            }
        });
    }

    @Test
    void ignoresWhoIsNotTheKernel() {
        NetlinkBatch batch = batchOf(1);
        kernel.answersFrom(99, acknowledgement(FIRST_SEQUENCE, Errno.EPERM))
                .answers(acknowledgement(FIRST_SEQUENCE, 0));

        socket.execute(batch);

        assertEquals(List.of(0), errors(batch));
    }

    @Test
    void ignoresAnswersToOlderRequestsAndToOtherSockets() {
        NetlinkBatch batch = batchOf(2);
        byte[] toAnother = message(2, 0x100, FIRST_SEQUENCE, 12, join(u32(-1), new byte[16]));
        kernel.answers(acknowledgement(FIRST_SEQUENCE - 1, Errno.EPERM))
                .answers(acknowledgement(FIRST_SEQUENCE + 2, Errno.EPERM))
                .answers(toAnother)
                .answers(message(MessageHeader.NOOP, 0, FIRST_SEQUENCE))
                .answers(acknowledgement(FIRST_SEQUENCE + 1, 0));

        socket.execute(batch);

        assertEquals(List.of(0, 0), errors(batch));
    }

    @Test
    void findsIndexesAcrossTheWrapOfSequenceNumbers() {
        SequenceNumbers numbers = new SequenceNumbers();
        numbers.reserve(-3); // the next is 2³² − 2
        NetlinkBatch batch = new NetlinkBatch(socket.newBatch(1, 4096).segment(), 4, 1 << 20,
                Acknowledge.ERRORS_AND_LAST, numbers, FakeKernel.PORT);
        fill(batch, 4);
        kernel.answers(acknowledgement(-1, Errno.EEXIST)).answers(acknowledgement(0, Errno.ESRCH))
                .answers(acknowledgement(1, 0));

        socket.execute(batch);

        assertEquals(List.of(0, Errno.EEXIST, Errno.ESRCH, 0), errors(batch));
    }

    @Test
    void readsOnBehindADamagedDatagram() {
        NetlinkBatch batch = batchOf(2);
        byte[] cutShort = acknowledgement(FIRST_SEQUENCE, Errno.EEXIST);
        cutShort[0] = 7; // a length below the header's
        kernel.answers(cutShort).answers(acknowledgement(FIRST_SEQUENCE + 1, Errno.EPERM));

        socket.execute(batch);

        assertEquals(List.of(BatchResults.UNANSWERED, Errno.EPERM), errors(batch));
        assertTrue(batch.results().repliesLost());
    }

    @Test
    void takesADatagramThatIsTooLongForLost() {
        NetlinkBatch batch = batchOf(2);
        kernel.answers(message(TYPE, 0, FIRST_SEQUENCE, new byte[Inbox.SLOT_BYTES]))
                .answers(acknowledgement(FIRST_SEQUENCE + 1, 0));

        socket.execute(batch);

        assertEquals(List.of(BatchResults.UNANSWERED, 0), errors(batch));
    }

    @Test
    void wantsAnAnswerToEachMessageWhereEachIsAcknowledged() {
        NetlinkBatch batch = batchOf(3, Acknowledge.EVERY);
        kernel.answers(acknowledgement(FIRST_SEQUENCE, 0)).answers(acknowledgement(FIRST_SEQUENCE + 2, 0));

        socket.execute(batch);

        assertEquals(List.of(0, BatchResults.UNANSWERED, 0), errors(batch));
        assertTrue(batch.results().repliesLost());
    }

    @Test
    void handsOutDataWithTheIndexOfItsRequest() {
        NetlinkBatch batch = batchOf(2);
        kernel.answers(message(0x10, 0, FIRST_SEQUENCE + 1, (byte) 5, (byte) 6, (byte) 7))
                .answers(acknowledgement(FIRST_SEQUENCE + 1, 0));
        List<String> replies = new ArrayList<>();

        socket.execute(batch, (index, type, segment, offset, length) -> replies.add(index + ":" + type + ":" + length
                + ":" + segment.get(ValueLayout.JAVA_BYTE, offset + 2)));

        assertEquals(List.of("1:16:3:7"), replies);
        assertEquals(List.of(0, 0), errors(batch));
    }

    @Test
    void handsOutAsMuchDataAsADatagramOfADumpCanHold() {
        NetlinkBatch batch = batchOf(1);
        byte[] data = new byte[Inbox.SLOT_BYTES - MessageHeader.BYTES];
        data[data.length - 1] = 7;
        kernel.answers(message(0x10, 0, FIRST_SEQUENCE, data)).answers(acknowledgement(FIRST_SEQUENCE, 0));
        List<String> replies = new ArrayList<>();

        socket.execute(batch, (index, type, segment, offset, length) -> replies.add(length
                + ":" + segment.get(ValueLayout.JAVA_BYTE, offset + length - 1)));

        assertEquals(List.of(data.length + ":7"), replies);
        assertFalse(batch.results().repliesLost());
    }

    @Test
    void readsAHundredAnswersAtOnce() {
        NetlinkBatch batch = batchOf(100, Acknowledge.EVERY);
        for (int i = 0; i < 100; i++) {
            kernel.answers(acknowledgement(FIRST_SEQUENCE + i, 0));
        }

        socket.execute(batch);

        assertEquals(1, kernel.receptions);
        assertFalse(batch.results().repliesLost());
    }

    @Test
    void sendsNothingForAnEmptyBatch() {
        NetlinkBatch batch = socket.newBatch(4, 4096);

        socket.execute(batch);

        assertEquals(0, kernel.sent.size());
        assertEquals(0, batch.results().count());
    }

    @Test
    void refusesToSendABatchTwice() {
        NetlinkBatch batch = batchOf(1);
        kernel.answers(acknowledgement(FIRST_SEQUENCE, 0));
        socket.execute(batch);

        assertThrows(IllegalStateException.class, () -> socket.execute(batch));
        assertEquals(1, kernel.sent.size());
    }

    @Test
    void namesNoAttributeWhenTheOffsetPointsOutsideTheRequest() {
        for (int offset : new int[] {15, 24, 21, Integer.MAX_VALUE, -1}) {
            NetlinkBatch batch = socket.newBatch(1, 4096);
            fill(batch, 1);
            kernel.answers(acknowledgement(batch.firstSequence(), Errno.EINVAL, "bad", offset));

            socket.execute(batch);

            assertEquals(0, batch.results().attributeType(0), "offset " + offset);
        }
    }

    /** Whatever the bytes, the exchange ends, and with nothing but results. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void survivesAnyAnswer(long seed) {
        Random random = new Random(seed);
        NetlinkBatch batch = socket.newBatch(8, 4096);
        for (int round = 0; round < 20_000; round++) {
            batch.clear();
            fill(batch, 8);
            byte[] answer = acknowledgement(batch.firstSequence() + random.nextInt(8), random.nextInt(40),
                    "reason " + round, random.nextInt(64));
            for (int i = random.nextInt(6); i > 0; i--) {
                answer[random.nextInt(answer.length)] = (byte) random.nextInt();
            }
            kernel.answers(random.nextBoolean() ? answer : Arrays.copyOf(answer, random.nextInt(answer.length)));
            socket.execute(batch);
            assertEquals(8, batch.results().count());
            for (int i = 0; i < 8; i++) {
                assertTrue(batch.results().error(i) >= BatchResults.UNANSWERED);
                batch.results().text(i);
            }
        }
    }

    private static List<Integer> errors(NetlinkBatch batch) {
        List<Integer> errors = new ArrayList<>();
        for (int i = 0; i < batch.results().count(); i++) {
            errors.add(batch.results().error(i));
        }
        return errors;
    }
}
