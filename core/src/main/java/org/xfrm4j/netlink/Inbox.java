package org.xfrm4j.netlink;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * The datagrams of one {@code recvmmsg}, where the kernel put them. Each has a slot of its own; the next reception
 * overwrites all.
 *
 * <p>Beside the data there are, in a segment of their own and one after the other: the {@code struct mmsghdr} array, the
 * {@code struct iovec} array, and the {@code struct sockaddr_nl} of each sender, where somebody else could send.
 */
final class Inbox {
    /** A dump's datagrams are at most 32 KiB: the kernel sizes them by the largest buffer that was offered, up to that. */
    static final int SLOT_BYTES = 32 * 1024;

    /**
     * What is no dump the kernel puts into 8 KiB at most, save what it measures before and knows to be longer
     * (NLMSG_GOODSIZE, include/linux/netlink.h); acknowledgements take some hundred bytes.
     */
    static final int ANSWER_BYTES = 8 * 1024;

    /** Were slots a power of two apart, all answers, which are short, would want the same few lines of the cache. */
    private static final int GAP = 5 * 64;

    // struct mmsghdr { struct msghdr { void *name; u32 namelen; struct iovec *iov; size_t iovlen; void *control;
    //                                  size_t controllen; int flags; }; unsigned int len; } on a 64-bit machine
    private static final long MMSGHDR_BYTES = 64;
    private static final long NAME = 0;
    private static final long NAME_LENGTH = 8;
    private static final long IOV = 16;
    private static final long IOV_COUNT = 24;
    private static final long FLAGS = 48;
    private static final long LENGTH = 56;
    private static final long IOVEC_BYTES = 16;

    static final int MSG_TRUNC = 0x20;

    private final MemorySegment data;
    private final MemorySegment headers;
    private final int slots;
    private final int slotBytes;
    private final boolean onlyKernel;
    private final MemorySegment firstSlot;

    /**
     * For anything: nothing in it yet.
     *
     * @param slots datagrams that one reception can bring
     * @param onlyKernel whether nobody else can send, so that the kernel need not tell who it was
     */
    Inbox(Arena arena, int slots, boolean onlyKernel) {
        this(arena, arena.allocate((long) slots * (SLOT_BYTES + GAP), 64), SLOT_BYTES, onlyKernel);
    }

    private Inbox(Arena arena, MemorySegment data, int slotBytes, boolean onlyKernel) {
        this.data = data;
        this.slots = (int) (data.byteSize() / (slotBytes + GAP));
        this.slotBytes = slotBytes;
        this.onlyKernel = onlyKernel;
        this.firstSlot = data.asSlice(0, slotBytes);
        this.headers = arena.allocate(nameAt(slots), 64);
        for (int slot = 0; slot < slots; slot++) {
            long header = slot * MMSGHDR_BYTES;
            long iovec = slots * MMSGHDR_BYTES + slot * IOVEC_BYTES;
            if (!onlyKernel) {
                headers.set(ADDRESS, header + NAME, headers.asSlice(nameAt(slot), SocketAddress.BYTES));
                headers.set(JAVA_INT, header + NAME_LENGTH, (int) SocketAddress.BYTES);
            }
            headers.set(ADDRESS, header + IOV, headers.asSlice(iovec, IOVEC_BYTES));
            headers.set(JAVA_LONG, header + IOV_COUNT, 1);
            headers.set(ADDRESS, iovec, data.asSlice(offset(slot), slotBytes));
            headers.set(JAVA_LONG, iovec + 8, slotBytes);
        }
    }

    /**
     * The same memory in more and shorter slots, so that one system call brings more answers. What is in the one
     * overwrites what is in the other.
     */
    Inbox forAnswers(Arena arena) {
        return new Inbox(arena, data, ANSWER_BYTES, onlyKernel);
    }

    private long nameAt(int slot) {
        return slots * (MMSGHDR_BYTES + IOVEC_BYTES) + slot * SocketAddress.BYTES;
    }

    /** The array of {@code struct mmsghdr}, as {@code recvmmsg} takes it: it stands at the beginning. */
    MemorySegment headers() {
        return headers;
    }

    /** Where a datagram goes that is received alone, by {@code recv}. */
    MemorySegment firstSlot() {
        return firstSlot;
    }

    int slots() {
        return slots;
    }

    /** The most that a datagram may be long. */
    int slotBytes() {
        return slotBytes;
    }

    /** All the data; datagrams stand at {@link #offset}. */
    MemorySegment segment() {
        return data;
    }

    long offset(int slot) {
        return (long) slot * (slotBytes + GAP);
    }

    int length(int slot) {
        return headers.get(JAVA_INT, slot * MMSGHDR_BYTES + LENGTH);
    }

    /** Whether the datagram was longer than its slot, so that its end is lost. */
    boolean truncated(int slot) {
        return (headers.get(JAVA_INT, slot * MMSGHDR_BYTES + FLAGS) & MSG_TRUNC) != 0;
    }

    /** Whether the kernel sent it: anybody may send to a netlink socket whose port he knows, unless it is connected. */
    boolean fromKernel(int slot) {
        return onlyKernel || SocketAddress.port(headers, nameAt(slot)) == 0;
    }

    /** Writes down how long a datagram was, of which as much stands in its slot as fits: recvmmsg does it itself. */
    void received(int slot, long bytes) {
        headers.set(JAVA_INT, slot * MMSGHDR_BYTES + LENGTH, (int) Math.min(bytes, slotBytes));
        headers.set(JAVA_INT, slot * MMSGHDR_BYTES + FLAGS, bytes > slotBytes ? MSG_TRUNC : 0);
    }

    /** Writes down a reception, as the kernel does; for a channel that is no socket. */
    void deliver(int slot, MemorySegment datagram, int senderPort) {
        MemorySegment.copy(datagram, 0, data, offset(slot), Math.min(datagram.byteSize(), slotBytes));
        received(slot, datagram.byteSize());
        SocketAddress.write(headers, nameAt(slot), senderPort, 0);
    }

    /** Dumps hold keys: nothing of them stays in freed memory. */
    void wipe() {
        data.fill((byte) 0);
    }
}
