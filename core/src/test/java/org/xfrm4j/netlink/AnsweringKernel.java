package org.xfrm4j.netlink;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/**
 * A kernel that answers each request as a test of another package says, for what a real one does not do on demand.
 * What it does to the SAs, if anything, is up to the test.
 */
public final class AnsweringKernel {
    private static final int MULTI = 2;
    private static final int ANSWER_TYPE = 0x10; // XFRM_MSG_NEWSA, which is what a dump of SAs consists of

    private final FakeKernel channel = new FakeKernel();
    private final List<Integer> sent = new ArrayList<>();
    private final Answers answers;

    /** Says what is answered. */
    @FunctionalInterface
    public interface Answers {
        /**
         * The answer to one request.
         *
         * @param type its type
         * @param payload what stands behind its header
         * @return never null
         */
        Answer to(int type, MemorySegment payload);
    }

    /**
     * An answer.
     *
     * @param errno 0 for done
     * @param text the kernel's text, or null
     * @param entries what a dump consists of
     * @param lost whether it overflows the receive buffer instead of arriving
     */
    public record Answer(int errno, String text, List<byte[]> entries, boolean lost) {
        /** Done, and nothing to say. */
        public static final Answer DONE = new Answer(0, null, List.of(), false);
        /** It was carried out or refused, but the answer was dropped. */
        public static final Answer LOST = new Answer(0, null, List.of(), true);

        /** {@return a refusal} */
        public static Answer refused(int errno, String text) {
            return new Answer(errno, text, List.of(), false);
        }

        /** {@return a dump} */
        public static Answer dump(List<byte[]> entries) {
            return new Answer(0, null, entries, false);
        }
    }

    /** A kernel with these answers. */
    public AnsweringKernel(Answers answers) {
        this.answers = answers;
    }

    /** {@return a socket to it} */
    public RequestSocket socket() {
        return new RequestSocket(new Channel(), 1 << 20, 1 << 20);
    }

    /** {@return the types of all messages that it got} */
    public List<Integer> sent() {
        return sent;
    }

    private final class Channel implements NetlinkChannel {
        @Override
        public void send(MemorySegment segment, long length) {
            List<byte[]> replies = new ArrayList<>();
            boolean lost = false;
            for (long at = 0; at < length; at += MessageHeader.align(MessageHeader.length(segment, at))) {
                int type = MessageHeader.type(segment, at);
                sent.add(type);
                Answer answer = answers.to(type, segment.asSlice(at + MessageHeader.BYTES,
                        MessageHeader.length(segment, at) - MessageHeader.BYTES));
                lost |= answer.lost();
                if (!answer.lost()) {
                    reply(MessageHeader.flags(segment, at), MessageHeader.sequence(segment, at), answer, replies);
                }
            }
            // The kernel reports a loss before it hands out what is queued.
            if (lost) {
                channel.losesAnswers();
            }
            replies.forEach(channel::answers);
        }

        private static void reply(int flags, int sequence, Answer answer, List<byte[]> replies) {
            if ((flags & MessageHeader.DUMP) == MessageHeader.DUMP) {
                for (byte[] entry : answer.entries()) {
                    replies.add(FakeKernel.message(ANSWER_TYPE, MULTI, sequence, entry));
                }
                replies.add(FakeKernel.message(MessageHeader.DONE, MULTI, sequence, FakeKernel.u32(-answer.errno())));
            } else if (answer.errno() != 0 || (flags & MessageHeader.ACK) != 0) {
                replies.add(answer.text() == null ? FakeKernel.acknowledgement(sequence, answer.errno())
                        : FakeKernel.acknowledgement(sequence, answer.errno(), answer.text(), 0));
            }
        }

        @Override
        public int receive(Inbox inbox) {
            return channel.receive(inbox);
        }

        @Override
        public boolean await(long timeoutMillis) {
            return channel.await(timeoutMillis);
        }

        @Override
        public int port() {
            return channel.port();
        }

        @Override
        public void close() {
            channel.close();
        }
    }
}
