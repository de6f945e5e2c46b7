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
 * <p>The segment holds, one after the other: the {@code struct mmsghdr} array, the {@code struct iovec} array, the
 * {@code struct sockaddr_nl} of each sender, the data.
 */
final class Inbox {
    /** A dump's datagrams are at most 32 KiB: the kernel sizes them by the largest buffer that was offered, up to that. */
    static final int SLOT_BYTES = 32 * 1024;

    /** Were slots a power of two apart, all answers, which are short, would want the same few lines of the cache. */
    private static final int SLOT_STRIDE = SLOT_BYTES + 5 * 64;

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

    private static final int MSG_TRUNC = 0x20;

    private final MemorySegment all;
    private final int slots;
    private final long namesAt;
    private final long dataAt;

    Inbox(Arena arena, int slots) {
        long iovecsAt = slots * MMSGHDR_BYTES;
        this.slots = slots;
        this.namesAt = iovecsAt + slots * IOVEC_BYTES;
        this.dataAt = namesAt + slots * SocketAddress.BYTES + alignmentGap(namesAt + slots * SocketAddress.BYTES);
        this.all = arena.allocate(dataAt + (long) slots * SLOT_STRIDE, 64);
        for (int slot = 0; slot < slots; slot++) {
            long header = slot * MMSGHDR_BYTES;
            long iovec = iovecsAt + slot * IOVEC_BYTES;
            all.set(ADDRESS, header + NAME, all.asSlice(nameAt(slot), SocketAddress.BYTES));
            all.set(JAVA_INT, header + NAME_LENGTH, (int) SocketAddress.BYTES);
            all.set(ADDRESS, header + IOV, all.asSlice(iovec, IOVEC_BYTES));
            all.set(JAVA_LONG, header + IOV_COUNT, 1);
            all.set(ADDRESS, iovec, all.asSlice(offset(slot), SLOT_BYTES));
            all.set(JAVA_LONG, iovec + 8, SLOT_BYTES);
        }
    }

    private static long alignmentGap(long offset) {
        return -offset & 63;
    }

    private long nameAt(int slot) {
        return namesAt + slot * SocketAddress.BYTES;
    }

    /** The array of {@code struct mmsghdr}, as {@code recvmmsg} takes it: it stands at the beginning. */
    MemorySegment headers() {
        return all;
    }

    int slots() {
        return slots;
    }

    /** All the memory; datagrams stand at {@link #offset}. */
    MemorySegment segment() {
        return all;
    }

    long offset(int slot) {
        return dataAt + (long) slot * SLOT_STRIDE;
    }

    int length(int slot) {
        return all.get(JAVA_INT, slot * MMSGHDR_BYTES + LENGTH);
    }

    /** Whether the datagram was longer than its slot, so that its end is lost. */
    boolean truncated(int slot) {
        return (all.get(JAVA_INT, slot * MMSGHDR_BYTES + FLAGS) & MSG_TRUNC) != 0;
    }

    /** Whether the kernel sent it: anybody may send to a netlink socket whose port he knows. */
    boolean fromKernel(int slot) {
        return SocketAddress.port(all, nameAt(slot)) == 0;
    }

    /** Writes down a reception, as the kernel does; for a channel that is no socket. */
    void deliver(int slot, MemorySegment datagram, int senderPort) {
        long kept = Math.min(datagram.byteSize(), SLOT_BYTES);
        MemorySegment.copy(datagram, 0, all, offset(slot), kept);
        all.set(JAVA_INT, slot * MMSGHDR_BYTES + LENGTH, (int) kept);
        all.set(JAVA_INT, slot * MMSGHDR_BYTES + FLAGS, kept < datagram.byteSize() ? MSG_TRUNC : 0);
        SocketAddress.write(all, nameAt(slot), senderPort, 0);
    }

    /** Dumps hold keys: nothing of them stays in freed memory. */
    void wipe() {
        all.fill((byte) 0);
    }
}
