package org.xfrm4j.netlink;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import org.xfrm4j.bindings.xfrm4j_h;
import org.xfrm4j.bindings.nlmsghdr;

/**
 * {@code struct nlmsghdr}, the header of every netlink message; all fields in host order.
 *
 * <pre>
 * offset  field
 *      0  __u32 nlmsg_len    header and payload, without the padding behind
 *      4  __u16 nlmsg_type
 *      6  __u16 nlmsg_flags
 *      8  __u32 nlmsg_seq
 *     12  __u32 nlmsg_pid
 * </pre>
 */
final class MessageHeader {
    static final int BYTES = (int) nlmsghdr.sizeof();

    static final int NOOP = xfrm4j_h.NLMSG_NOOP();
    static final int ERROR = xfrm4j_h.NLMSG_ERROR();
    static final int DONE = xfrm4j_h.NLMSG_DONE();
    static final int OVERRUN = xfrm4j_h.NLMSG_OVERRUN();
    /** Types below are netlink's own, the others the protocol's. */
    static final int FIRST_PROTOCOL_TYPE = xfrm4j_h.NLMSG_MIN_TYPE();

    static final int REQUEST = xfrm4j_h.NLM_F_REQUEST();
    static final int ACK = xfrm4j_h.NLM_F_ACK();
    static final int DUMP = xfrm4j_h.NLM_F_DUMP();
    static final int DUMP_INTERRUPTED = xfrm4j_h.NLM_F_DUMP_INTR();
    /** An error that carries the header of its request only. */
    static final int CAPPED = xfrm4j_h.NLM_F_CAPPED();
    /** An error with attributes behind the request's part. */
    static final int ACK_ATTRIBUTES = xfrm4j_h.NLM_F_ACK_TLVS();

    private static final ValueLayout.OfShort U16 = ValueLayout.JAVA_SHORT_UNALIGNED;
    private static final ValueLayout.OfInt U32 = ValueLayout.JAVA_INT_UNALIGNED;
    /** Two fields at once, the first in its low half: the machines that the library knows are little-endian. */
    private static final ValueLayout.OfLong U64 = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final long LENGTH_AT = nlmsghdr.nlmsg_len$offset();
    private static final long TYPE_AT = nlmsghdr.nlmsg_type$offset();
    private static final long FLAGS_AT = nlmsghdr.nlmsg_flags$offset();
    private static final long SEQUENCE_AT = nlmsghdr.nlmsg_seq$offset();
    private static final long PORT_AT = nlmsghdr.nlmsg_pid$offset();

    private MessageHeader() {
    }

    /** Messages and attributes begin at multiples of 4 bytes (NLMSG_ALIGN, NLA_ALIGN). */
    static long align(long bytes) {
        return (bytes + 3) & ~3L;
    }

    static void write(MemorySegment segment, long offset, int type, int flags, int sequence, int port) {
        write(segment, offset, BYTES, type, flags, sequence, port);
    }

    /** In two words rather than five fields: every message passes here. */
    static void write(MemorySegment segment, long offset, int length, int type, int flags, int sequence, int port) {
        segment.set(U64, offset + LENGTH_AT, word(length, type & 0xffff | flags << Short.SIZE));
        segment.set(U64, offset + SEQUENCE_AT, word(sequence, port));
    }

    private static long word(int first, int second) {
        return Integer.toUnsignedLong(first) | (long) second << Integer.SIZE;
    }

    /** Length, type and flags in one word. */
    static long first(MemorySegment segment, long offset) {
        return segment.get(U64, offset + LENGTH_AT);
    }

    /** Sequence number and port in one word. */
    static long second(MemorySegment segment, long offset) {
        return segment.get(U64, offset + SEQUENCE_AT);
    }

    static int length(long first) {
        return (int) first;
    }

    static int type(long first) {
        return (int) (first >>> Integer.SIZE) & 0xffff;
    }

    static int flags(long first) {
        return (int) (first >>> Integer.SIZE + Short.SIZE);
    }

    static int sequence(long second) {
        return (int) second;
    }

    static int port(long second) {
        return (int) (second >>> Integer.SIZE);
    }

    static void length(MemorySegment segment, long offset, int bytes) {
        segment.set(U32, offset + LENGTH_AT, bytes);
    }

    static int length(MemorySegment segment, long offset) {
        return segment.get(U32, offset + LENGTH_AT);
    }

    static int type(MemorySegment segment, long offset) {
        return Short.toUnsignedInt(segment.get(U16, offset + TYPE_AT));
    }

    static void type(MemorySegment segment, long offset, int type) {
        segment.set(U16, offset + TYPE_AT, (short) type);
    }

    static int flags(MemorySegment segment, long offset) {
        return Short.toUnsignedInt(segment.get(U16, offset + FLAGS_AT));
    }

    static void addFlags(MemorySegment segment, long offset, int flags) {
        segment.set(U16, offset + FLAGS_AT, (short) (flags(segment, offset) | flags));
    }

    static int sequence(MemorySegment segment, long offset) {
        return segment.get(U32, offset + SEQUENCE_AT);
    }

    static int port(MemorySegment segment, long offset) {
        return segment.get(U32, offset + PORT_AT);
    }
}
