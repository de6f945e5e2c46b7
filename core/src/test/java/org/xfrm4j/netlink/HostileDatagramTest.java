package org.xfrm4j.netlink;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.xfrm4j.Hostile;

/**
 * Datagrams that no kernel would send, as answers to a batch, as a dump and as events: a batch has its results, with
 * answers lost where they were; a dump and events give messages that lie within what was received, or the documented
 * exceptions; and all come to an end.
 */
class HostileDatagramTest {
    private static final int ANSWERS = 300_000;
    private static final int DUMPS = 200_000;
    private static final int EVENTS = 200_000;
    private static final int MESSAGES = 8;

    private static byte[] payload(Random random) {
        return Hostile.noise(random.nextInt(120), random);
    }

    /** A message that may well be an answer to one of the last requests. */
    private static byte[] message(int firstSequence, Random random) {
        int sequence = random.nextInt(10) == 0 ? random.nextInt() : firstSequence + random.nextInt(MESSAGES);
        int port = random.nextInt(10) == 0 ? random.nextInt() : FakeKernel.PORT;
        int flags = random.nextInt(3) == 0 ? random.nextInt(0x10000) : 0;
        return switch (random.nextInt(8)) {
            case 0 -> FakeKernel.message(random.nextInt(0x10000), flags, sequence, port, payload(random));
            case 1 -> FakeKernel.message(random.nextInt(5), flags, sequence, port, payload(random));
            case 2 -> FakeKernel.message(3, 2, sequence, port, FakeKernel.u32(-random.nextInt(3)));
            case 3 -> FakeKernel.message(16 + random.nextInt(30), 2 | flags, sequence, port, payload(random));
            case 4 -> FakeKernel.acknowledgement(sequence, 0);
            case 5 -> FakeKernel.acknowledgement(sequence, random.nextInt(200), "reason " + random.nextInt(9),
                    random.nextInt(3) == 0 ? random.nextInt() : random.nextInt(400));
            default -> FakeKernel.acknowledgement(sequence, random.nextInt(200));
        };
    }

    private static void answer(FakeKernel kernel, int firstSequence, Random random) {
        for (int datagrams = random.nextInt(5); datagrams > 0; datagrams--) {
            if (random.nextInt(20) == 0) {
                kernel.losesAnswers();
            }
            List<byte[]> messages = new ArrayList<>();
            for (int i = random.nextInt(4); i >= 0; i--) {
                messages.add(message(firstSequence, random));
            }
            byte[] datagram = FakeKernel.join(messages.toArray(byte[][]::new));
            if (random.nextInt(12) == 0) {
                datagram = Hostile.noise(random.nextInt(200), random);
            } else if (random.nextInt(2000) == 0) {
                datagram = Hostile.noise(Inbox.SLOT_BYTES + 1 + random.nextInt(100), random);
            }
            kernel.answersFrom(random.nextInt(20) == 0 ? 99 : 0,
                    random.nextInt(2) == 0 ? datagram : Hostile.mutate(datagram, random));
        }
    }

    /** What is left over of one batch must not be the answer to the next. */
    private static void forget(FakeKernel kernel) {
        kernel.sent.clear();
        kernel.forget();
    }

    @Test
    void aBatchHasItsResultsWhateverIsAnswered() throws InterruptedException {
        Hostile.feed(ANSWERS, () -> {
            FakeKernel kernel = new FakeKernel();
            RequestSocket socket = FakeKernel.socket(kernel);
            NetlinkBatch batch = socket.newBatch(MESSAGES, 4096);
            return (random, report) -> {
                report.reads("RequestSocket.execute");
                batch.clear();
                for (int i = 0; i < MESSAGES; i++) {
                    batch.begin(0x10, 0);
                    batch.end(random.nextInt(20));
                }
                answer(kernel, batch.firstSequence(), random);
                socket.execute(batch, (index, type, segment, offset, length) -> {
                    assertTrue(index >= 0 && index < MESSAGES);
                    assertTrue(offset >= 0 && length >= 0 && offset + length <= segment.byteSize());
                });
                readResults(batch.results());
                forget(kernel);
            };
        });
    }

    private static void readResults(BatchResults results) {
        int failures = 0;
        boolean unanswered = false;
        for (int i = 0; i < results.count(); i++) {
            int error = results.error(i);
            assertTrue(error >= BatchResults.UNANSWERED);
            failures += error > 0 ? 1 : 0;
            unanswered |= error == BatchResults.UNANSWERED;
            results.text(i);
            results.attributeOffset(i);
            int type = results.attributeType(i);
            assertTrue(type >= 0 && type < 0x4000);
        }
        assertTrue(!unanswered || results.repliesLost());
        assertTrue(results.failures() >= failures);
    }

    @Test
    void aDumpEndsWhateverItHolds() throws InterruptedException {
        Hostile.feed(DUMPS, () -> {
            FakeKernel kernel = new FakeKernel();
            RequestSocket socket = FakeKernel.socket(kernel);
            NetlinkBatch request = socket.newBatch(1, 64);
            return (random, report) -> {
                report.reads("DumpCursor");
                request.clear();
                request.begin(0x12, MessageHeader.DUMP);
                request.end(0);
                answer(kernel, request.firstSequence(), random);
                try (DumpCursor dump = socket.dump(request)) {
                    while (dump.next()) {
                        long end = dump.payloadOffset() + dump.payloadLength();
                        assertTrue(dump.payloadLength() >= 0 && end <= dump.segment().byteSize());
                    }
                } catch (MalformedMessageException | DumpInterruptedException expected) {
                    // documented
                } catch (NetlinkException refused) {
                    assertTrue(refused.errno() >= 0, refused.getMessage());
                }
                forget(kernel);
            };
        });
    }

    @Test
    void eventsComeToAnEndWhateverTheyAre() throws InterruptedException {
        Hostile.feed(EVENTS, () -> {
            FakeKernel kernel = new FakeKernel();
            EventSocket socket = new EventSocket(kernel);
            return (random, report) -> {
                report.reads("EventSocket");
                answer(kernel, random.nextInt(), random);
                EventSocket.Found found = null;
                while (found != EventSocket.Found.NOTHING) {
                    try {
                        found = socket.next(0);
                        if (found == EventSocket.Found.MESSAGE) {
                            long end = socket.payloadOffset() + socket.payloadLength();
                            assertTrue(socket.payloadLength() >= 0 && end <= socket.segment().byteSize());
                            assertTrue(socket.type() >= MessageHeader.FIRST_PROTOCOL_TYPE);
                        }
                    } catch (MalformedMessageException expected) {
                        // and goes on behind it
                    }
                }
            };
        });
    }
}
