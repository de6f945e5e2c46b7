package org.xfrm4j.netlink;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * What the kernel answered to each message of a batch, by the message's index. Belongs to its {@link NetlinkBatch} and
 * to its thread, and is overwritten when the batch is sent again.
 *
 * <p>Recording allocates nothing, save when the kernel's texts outgrow the room that is kept for them.
 */
public final class BatchResults {
    /** {@link #error} of a message whose answer was lost: it may have been done or refused. */
    public static final int UNANSWERED = -1;

    private static final int TEXT_ROOM = 1024;

    private final int[] errors;
    private final int[] textStarts;
    private final int[] textLengths;
    private final int[] attributeOffsets;
    private final int[] attributeTypes;
    private byte[] texts = new byte[TEXT_ROOM];
    private int textsEnd;
    private int count;
    private int failures;
    private boolean lost;

    BatchResults(int messages) {
        errors = new int[messages];
        textStarts = new int[messages];
        textLengths = new int[messages];
        attributeOffsets = new int[messages];
        attributeTypes = new int[messages];
    }

    void start(int messages) {
        count = messages;
        failures = 0;
        lost = false;
        textsEnd = 0;
        Arrays.fill(errors, 0, messages, UNANSWERED);
        Arrays.fill(textLengths, 0, messages, 0);
        Arrays.fill(attributeOffsets, 0, messages, 0);
        Arrays.fill(attributeTypes, 0, messages, 0);
    }

    void record(int index, ExtendedAck ack) {
        if (ack.errno() != 0 && errors[index] <= 0) {
            failures++;
        }
        errors[index] = ack.errno();
        attributeOffsets[index] = ack.attributeOffset();
        if (ack.textLength() > 0) {
            keepText(index, ack);
        }
    }

    /** Refusals in one batch mostly have one reason: a text equal to the last is kept once. */
    private void keepText(int index, ExtendedAck ack) {
        int length = ack.textLength();
        boolean same = textsEnd >= length && sameBytes(ack.segment(), ack.textOffset(), textsEnd - length, length);
        if (!same) {
            if (textsEnd + length > texts.length) {
                texts = Arrays.copyOf(texts, Math.max(2 * texts.length, textsEnd + length));
            }
            MemorySegment.copy(ack.segment(), ValueLayout.JAVA_BYTE, ack.textOffset(), texts, textsEnd, length);
            textsEnd += length;
        }
        textStarts[index] = textsEnd - length;
        textLengths[index] = length;
    }

    private boolean sameBytes(MemorySegment segment, long offset, int start, int length) {
        for (int i = 0; i < length; i++) {
            if (segment.get(ValueLayout.JAVA_BYTE, offset + i) != texts[start + i]) {
                return false;
            }
        }
        return true;
    }

    void attributeType(int index, int type) {
        attributeTypes[index] = type;
    }

    void replyLost() {
        lost = true;
    }

    boolean answered(int index) {
        return errors[index] != UNANSWERED;
    }

    /**
     * All that will be said has been said. Where only errors are reported, silence now means success, unless an answer
     * may have been lost; where every message is acknowledged, silence is a loss.
     */
    void finish(boolean silenceIsSuccess) {
        if (!lost) {
            for (int i = 0; i < count; i++) {
                if (errors[i] == UNANSWERED) {
                    errors[i] = silenceIsSuccess ? 0 : UNANSWERED;
                    lost |= !silenceIsSuccess;
                }
            }
        }
    }

    /**
     * The number of messages that were sent.
     *
     * @return messages of the last transmission
     */
    public int count() {
        return count;
    }

    /**
     * How many messages the kernel refused; unanswered ones do not count.
     *
     * @return a number up to {@link #count()}
     */
    public int failures() {
        return failures;
    }

    /**
     * Whether answers were lost (ENOBUFS, a damaged datagram), so that some messages may be {@link #UNANSWERED}. All
     * messages were handled all the same; what became of them has to be looked up, never sent again blindly.
     *
     * @return true when something was lost
     */
    public boolean repliesLost() {
        return lost;
    }

    /**
     * The result of one message.
     *
     * @param index its place in the batch, from 0
     * @return 0 when done, the positive error number ({@link Errno}) when refused, or {@link #UNANSWERED}
     * @throws IndexOutOfBoundsException if there is no such message
     */
    public int error(int index) {
        return errors[checked(index)];
    }

    /**
     * The kernel's text: the reason of a refusal, or on success a warning. Makes a string.
     *
     * @param index its place in the batch, from 0
     * @return the text, or null if the kernel gave none
     * @throws IndexOutOfBoundsException if there is no such message
     */
    public String text(int index) {
        int length = textLengths[checked(index)];
        return length == 0 ? null : new String(texts, textStarts[index], length, StandardCharsets.UTF_8);
    }

    /**
     * Where in its message the attribute stands that the kernel objects to.
     *
     * @param index the message's place in the batch, from 0
     * @return bytes from the beginning of the message's header; 0 if the kernel named none
     * @throws IndexOutOfBoundsException if there is no such message
     */
    public int attributeOffset(int index) {
        return attributeOffsets[checked(index)];
    }

    /**
     * The type of the attribute that the kernel objects to.
     *
     * @param index the message's place in the batch, from 0
     * @return the protocol's number; 0 if the kernel named none
     * @throws IndexOutOfBoundsException if there is no such message
     */
    public int attributeType(int index) {
        return attributeTypes[checked(index)];
    }

    private int checked(int index) {
        if (index < 0 || index >= count) {
            throw new IndexOutOfBoundsException("message " + index + " of " + count);
        }
        return index;
    }
}
