package org.xfrm4j.netlink;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The transport against the host's own kernel, whatever its version and without a privilege: NLMSG_NOOP is
 * acknowledged by every netlink protocol, and a type that does not exist is refused by each.
 */
class HostNetlinkTest {
    private static final int NETLINK_ROUTE = 0;
    private static final int NETLINK_USERSOCK = 2;
    private static final int NO_SUCH_TYPE = 0x7ff;
    private static final int ECONNREFUSED = 111;
    /** The kernel grants twice what is asked for; the least that it grants holds two or three answers. */
    private static final SocketBuffers TINY = new SocketBuffers(1, 64 * 1024);

    private static void fill(NetlinkBatch batch, int type) {
        while (batch.hasRoomFor(0)) {
            batch.begin(type, 0);
            batch.end(0);
        }
    }

    @Test
    void getsAnAnswerForEachOfAFullBatchOfRefusals() {
        try (RequestSocket socket = RequestSocket.open(NETLINK_ROUTE)) {
            NetlinkBatch batch = socket.newBatch(Integer.MAX_VALUE, 1 << 20);
            fill(batch, NO_SUCH_TYPE);

            socket.execute(batch);

            BatchResults results = batch.results();
            assertFalse(results.repliesLost());
            assertEquals(socket.maxReplies(), results.count());
            assertEquals(results.count(), results.failures());
            for (int i = 0; i < results.count(); i++) {
                assertTrue(results.error(i) > 0);
            }
        }
    }

    @Test
    void losesNoAnswerEvenInTheSmallestReceiveBuffer() {
        try (RequestSocket socket = RequestSocket.open(NETLINK_ROUTE, TINY)) {
            assertTrue(socket.receiveBufferBytes() < 16 * 1024, "granted " + socket.receiveBufferBytes());
            NetlinkBatch batch = socket.newBatch(1000, 32 * 1024);
            for (int round = 0; round < 100; round++) {
                batch.clear();
                fill(batch, NO_SUCH_TYPE);
                socket.execute(batch);
                assertFalse(batch.results().repliesLost());
                assertEquals(batch.count(), batch.results().failures());
            }
        }
    }

    @Test
    void acknowledgesEachMessageWhereThatIsWanted() {
        try (RequestSocket socket = RequestSocket.open(NETLINK_ROUTE)) {
            NetlinkBatch batch = socket.newBatch(200, 1 << 16, Acknowledge.EVERY);
            fill(batch, MessageHeader.NOOP);

            socket.execute(batch);

            assertEquals(200, batch.results().count());
            assertEquals(0, batch.results().failures());
            assertFalse(batch.results().repliesLost());
        }
    }

    /** What happens when the rule about the receive buffer is broken on purpose: the loss is noticed. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void noticesThatAnswersOverflowedTheReceiveBuffer(boolean connected) {
        NetlinkSocket channel = NetlinkSocket.open(NETLINK_ROUTE, TINY);
        if (connected) {
            channel.connectToKernel();
        }
        try (RequestSocket socket = new RequestSocket(channel, 1 << 20, channel.sendBufferBytes())) {
            NetlinkBatch batch = socket.newBatch(200, 32 * 1024);
            fill(batch, NO_SUCH_TYPE);

            socket.execute(batch);

            assertTrue(batch.results().repliesLost());
            assertEquals(BatchResults.UNANSWERED, batch.results().error(199));
            assertTrue(batch.results().failures() > 0 && batch.results().failures() < 200);

            batch.clear();
            batch.begin(NO_SUCH_TYPE, 0);
            batch.end(0);
            socket.execute(batch);
            assertFalse(batch.results().repliesLost(), "the next batch is not affected");
            assertTrue(batch.results().error(0) > 0);
        }
    }

    @Test
    void sendsABatchAsLargeAsTheSendBufferTakes() {
        try (RequestSocket socket = RequestSocket.open(NETLINK_ROUTE, new SocketBuffers(1 << 20, 32 * 1024))) {
            NetlinkBatch batch = socket.newBatch(1 << 20, Integer.MAX_VALUE);
            assertEquals(socket.sendBufferBytes() - 32, batch.segment().byteSize());
            batch.begin(MessageHeader.NOOP, 0);
            batch.end(batch.segment().byteSize() - MessageHeader.BYTES);
            socket.execute(batch);
            assertEquals(0, batch.results().error(0));
        }
    }

    @Test
    void allocatesNothingPerMessage() {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        try (RequestSocket socket = RequestSocket.open(NETLINK_ROUTE)) {
            NetlinkBatch batch = socket.newBatch(100, 1 << 16);
            int rounds = 300;
            long allocated = 0;
            // The first repetitions compile; afterwards what is left is the JVM's own noise.
            for (int repetition = 0; repetition < 60; repetition++) {
                long before = threads.getCurrentThreadAllocatedBytes();
                for (int round = 0; round < rounds; round++) {
                    batch.clear();
                    fill(batch, round % 2 == 0 ? NO_SUCH_TYPE : MessageHeader.NOOP);
                    socket.execute(batch);
                }
                allocated = threads.getCurrentThreadAllocatedBytes() - before;
            }
            assertTrue(allocated < rounds * 100L / 2, allocated + " bytes for " + rounds * 100 + " messages");
        }
    }

    @Test
    void belongsToTheThreadThatOpenedIt() throws InterruptedException {
        try (RequestSocket socket = RequestSocket.open(NETLINK_ROUTE)) {
            NetlinkBatch batch = socket.newBatch(1, 64);
            fill(batch, MessageHeader.NOOP);
            AtomicReference<Throwable> sending = new AtomicReference<>();
            AtomicReference<Throwable> closing = new AtomicReference<>();
            Thread other = Thread.ofPlatform().start(() -> {
                sending.set(assertThrows(WrongThreadException.class, () -> socket.execute(batch)));
                closing.set(assertThrows(WrongThreadException.class, socket::close));
            });
            other.join();
            assertTrue(sending.get() instanceof WrongThreadException);
            assertTrue(closing.get() instanceof WrongThreadException);
        }
    }

    @Test
    void closesItsDescriptorOnceAndIsNoUseAfterwards() throws Exception {
        long before = descriptors();
        RequestSocket socket = RequestSocket.open(NETLINK_ROUTE);
        assertEquals(before + 1, descriptors());
        NetlinkBatch batch = socket.newBatch(1, 64);
        socket.close();
        socket.close();
        assertEquals(before, descriptors());
        assertThrows(IllegalStateException.class, () -> socket.execute(batch));
    }

    @Test
    void leavesNoDescriptorBehindWhenASubscriptionIsRefused() throws Exception {
        long before = descriptors();
        NetlinkException refused = assertThrows(NetlinkException.class,
                () -> EventSocket.open(NETLINK_ROUTE, SocketBuffers.DEFAULT, 1 << 20));
        assertTrue(refused.getMessage().startsWith("setsockopt(NETLINK_ADD_MEMBERSHIP, 1048576) failed: EINVAL (22)"),
                refused.getMessage());
        assertEquals(before, descriptors());
    }

    @Test
    void namesAProtocolThatTheKernelDoesNotHave() {
        NetlinkException refused = assertThrows(NetlinkException.class, () -> RequestSocket.open(31));
        assertEquals(Errno.EPROTONOSUPPORT, refused.errno());
        assertTrue(refused.getMessage().contains("no such netlink protocol"), refused.getMessage());
    }

    @Test
    void nobodyButTheKernelCanSendToASocketOfRequests() {
        try (NetlinkSocket stranger = NetlinkSocket.open(NETLINK_USERSOCK, SocketBuffers.DEFAULT);
                NetlinkSocket open = NetlinkSocket.open(NETLINK_USERSOCK, SocketBuffers.DEFAULT);
                RequestSocket socket = RequestSocket.open(NETLINK_USERSOCK);
                Arena arena = Arena.ofConfined()) {
            MemorySegment message = arena.allocate(MessageHeader.BYTES, 8);
            MessageHeader.write(message, 0, MessageHeader.BYTES, MessageHeader.NOOP, 0, 1, 0);
            assertTrue(stranger.connect(open.port()));
            stranger.send(message, message.byteSize());
            assertEquals(1, open.receive(new Inbox(arena, 4, false)), "he can send");

            assertTrue(stranger.connect(socket.port()));
            NetlinkException refused = assertThrows(NetlinkException.class,
                    () -> stranger.send(message, message.byteSize()));
            assertEquals(ECONNREFUSED, refused.errno());
        }
    }

    @Test
    void whatSomebodySentBeforeHeCouldBeKeptOutIsThrownAway() {
        try (NetlinkSocket stranger = NetlinkSocket.open(NETLINK_USERSOCK, SocketBuffers.DEFAULT);
                NetlinkSocket channel = NetlinkSocket.open(NETLINK_USERSOCK, SocketBuffers.DEFAULT);
                Arena arena = Arena.ofConfined()) {
            MemorySegment message = arena.allocate(MessageHeader.BYTES, 8);
            MessageHeader.write(message, 0, MessageHeader.BYTES, MessageHeader.NOOP, 0, 1, 0);
            assertTrue(stranger.connect(channel.port()));
            for (int i = 0; i < 100; i++) {
                stranger.send(message, message.byteSize());
            }
            channel.connectToKernel();
            try (RequestSocket socket = new RequestSocket(channel, 1 << 20, 1 << 20)) {
                assertEquals(channel.port(), socket.port());
                assertEquals(0, channel.receive(new Inbox(arena, 4, false)));
            }
        }
    }

    /** By {@code recv}, not by {@code recvmmsg}. */
    @Test
    void tellsOfADatagramReceivedAloneWhetherItsEndIsLost() {
        try (NetlinkSocket sender = NetlinkSocket.open(NETLINK_USERSOCK, SocketBuffers.DEFAULT);
                NetlinkSocket receiver = NetlinkSocket.open(NETLINK_USERSOCK, SocketBuffers.DEFAULT);
                Arena arena = Arena.ofConfined()) {
            MemorySegment data = arena.allocate(Inbox.SLOT_BYTES + 1, 8).fill((byte) 7);
            Inbox inbox = new Inbox(arena, 4, true);
            assertTrue(sender.connect(receiver.port()));
            sender.send(data, Inbox.SLOT_BYTES);
            sender.send(data, Inbox.SLOT_BYTES + 1);
            sender.send(data, 5);
            receiver.connectToKernel();

            assertEquals(1, receiver.receive(inbox, 1));
            assertEquals(Inbox.SLOT_BYTES, inbox.length(0));
            assertFalse(inbox.truncated(0));
            assertEquals(7, inbox.segment().get(ValueLayout.JAVA_BYTE, inbox.offset(0) + Inbox.SLOT_BYTES - 1));
            assertEquals(1, receiver.receive(inbox, 1));
            assertEquals(Inbox.SLOT_BYTES, inbox.length(0));
            assertTrue(inbox.truncated(0));
            assertEquals(1, receiver.receive(inbox, 1));
            assertEquals(5, inbox.length(0));
            assertFalse(inbox.truncated(0));
            assertEquals(0, receiver.receive(inbox, 1), "nothing is queued");
        }
    }

    @Test
    void waitsForAnEventNoLongerThanItIsTold() {
        try (EventSocket events = EventSocket.open(NETLINK_USERSOCK, SocketBuffers.DEFAULT)) {
            long start = System.nanoTime();
            assertEquals(EventSocket.Found.NOTHING, events.next(50));
            assertTrue(System.nanoTime() - start >= 45_000_000);
        }
    }

    /** SIGPIPE: the JVM has a handler for it that does nothing, so that it interrupts and no more. */
    @Test
    void waitsOnWhenASignalInterruptsIt() throws Throwable {
        try (EventSocket events = EventSocket.open(NETLINK_USERSOCK, SocketBuffers.DEFAULT)) {
            int waiting = (int) Signals.GETTID.invokeExact();
            AtomicInteger sent = new AtomicInteger();
            Thread interrupter = Thread.ofPlatform().start(() -> {
                for (int i = 0; i < 10; i++) {
                    Signals.pause(20);
                    sent.addAndGet(Signals.interrupt(waiting) ? 1 : 0);
                }
            });
            long start = System.nanoTime();
            assertEquals(EventSocket.Found.NOTHING, events.next(300));
            long waited = System.nanoTime() - start;
            interrupter.join();
            assertEquals(10, sent.get());
            assertTrue(waited >= 295_000_000 && waited < 5_000_000_000L, waited + " ns");
        }
    }

    /** Sends signals to single threads. */
    private static final class Signals {
        private static final int SIGPIPE = 13;
        private static final Linker LINKER = Linker.nativeLinker();
        static final MethodHandle GETTID = link("gettid", FunctionDescriptor.of(ValueLayout.JAVA_INT));
        private static final MethodHandle TGKILL = link("tgkill", FunctionDescriptor.of(ValueLayout.JAVA_INT,
                ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));

        @SuppressWarnings("restricted")
        private static MethodHandle link(String symbol, FunctionDescriptor type) {
            return LINKER.downcallHandle(LINKER.defaultLookup().find(symbol).orElseThrow(), type);
        }

        static boolean interrupt(int thread) {
            try {
                return (int) TGKILL.invokeExact((int) ProcessHandle.current().pid(), thread, SIGPIPE) == 0;
            } catch (Throwable failed) {
                throw new AssertionError(failed);
            }
        }

        static void pause(long millis) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(millis));
        }
    }

    @Test
    void refusesPlatformsWhoseStructuresItDoesNotKnow() {
        Libc.requirePlatform("Linux", "aarch64");
        NativeAccessException refused = assertThrows(NativeAccessException.class,
                () -> Libc.requirePlatform("Mac OS X", "aarch64"));
        assertEquals("xfrm4j runs on Linux on x86-64 or aarch64, not on Mac OS X on aarch64", refused.getMessage());
        assertThrows(NativeAccessException.class, () -> Libc.requirePlatform("Linux", "riscv64"));
    }

    private static long descriptors() throws Exception {
        try (var open = Files.list(Path.of("/proc/self/fd"))) {
            return open.count();
        }
    }
}
