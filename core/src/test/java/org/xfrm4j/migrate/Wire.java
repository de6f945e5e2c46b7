package org.xfrm4j.migrate;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/**
 * Sees every packet that network namespaces put on the wire, through packet sockets, and judges it: whether it could be
 * read by anybody, and whether its SA used an IV or a sequence number before. What they receive it leaves out: such a
 * socket sees it twice, a second time decrypted.
 */
final class Wire implements AutoCloseable {
    private static final int AF_PACKET = 17;
    private static final int SOCK_DGRAM = 2;
    private static final int ETH_P_ALL_BIG_ENDIAN = 0x0300;
    private static final int SOL_SOCKET = 1;
    private static final int SO_RCVTIMEO = 20;
    private static final int SO_RCVBUFFORCE = 33;
    private static final int SOL_PACKET = 263;
    private static final int PACKET_STATISTICS = 6;
    private static final int MSG_DONTWAIT = 0x40;
    private static final int IPPROTO_HOPOPTS = 0;
    private static final int IPPROTO_UDP = 17;
    private static final int IPPROTO_ESP = 50;
    private static final int IPPROTO_ICMPV6 = 58;
    private static final int IPV4_BYTES = 20;
    private static final int IPV6_BYTES = 40;
    private static final int UDP_BYTES = 8;
    private static final int NONE = -1;

    /** In {@code struct sockaddr_ll}. */
    private static final int IFINDEX = 4;
    private static final int PACKET_TYPE = 10;
    private static final byte PACKET_OUTGOING = 4;

    /** A place to listen at: a device in a network namespace. */
    record Tap(TestNamespace namespace, String device) {
    }

    /** Of ESP in UDP (RFC 3948). */
    static final int ENCAP_PORT = 4500;

    private final List<byte[]> packets = new ArrayList<>();
    private final CountDownLatch listens;
    private final List<Thread> threads = new ArrayList<>();
    private final AtomicInteger dropped = new AtomicInteger();
    private volatile boolean ends;
    private volatile Throwable failure;

    /** Begins to listen. */
    Wire(Tap... taps) throws InterruptedException {
        listens = new CountDownLatch(taps.length);
        for (Tap tap : taps) {
            threads.add(Thread.ofPlatform().name("wire").start(() -> {
                try {
                    listen(tap);
                } catch (Throwable failed) {
                    failure = failed;
                    listens.countDown();
                }
            }));
        }
        listens.await();
    }

    private void listen(Tap tap) {
        tap.namespace().enter();
        int device = NamespaceCalls.index(tap.device());
        try (Arena arena = Arena.ofConfined()) {
            int socket = NamespaceCalls.socket(AF_PACKET, SOCK_DGRAM, ETH_P_ALL_BIG_ENDIAN);
            NamespaceCalls.set(socket, SOL_SOCKET, SO_RCVBUFFORCE, arena.allocateFrom(JAVA_INT, 64 << 20));
            NamespaceCalls.set(socket, SOL_SOCKET, SO_RCVTIMEO, arena.allocateFrom(JAVA_LONG, 0, 50_000));
            listens.countDown();
            read(socket, device, arena);
            MemorySegment statistics = arena.allocate(8, 4);
            NamespaceCalls.get(socket, SOL_PACKET, PACKET_STATISTICS, statistics);
            dropped.addAndGet(statistics.get(JAVA_INT, 4));
            NamespaceCalls.close(socket);
        }
    }

    /**
     * What was sent before the end is in the socket's queue, and read. Not until nothing comes any more: who sends need
     * not stop for that.
     */
    private void read(int socket, int device, Arena arena) {
        MemorySegment buffer = arena.allocate(4096);
        MemorySegment from = arena.allocate(20, 4);
        MemorySegment fromLength = arena.allocate(JAVA_INT);
        int length = 0;
        boolean isLast = false;
        while (!isLast || length >= 0) {
            isLast = isLast || ends;
            fromLength.set(JAVA_INT, 0, (int) from.byteSize());
            length = NamespaceCalls.receive(socket, buffer, isLast ? MSG_DONTWAIT : 0, from, fromLength);
            boolean leaves = from.get(JAVA_BYTE, PACKET_TYPE) == PACKET_OUTGOING
                    && from.get(JAVA_INT, IFINDEX) == device;
            if (length >= IPV4_BYTES && leaves) {
                byte[] packet = buffer.asSlice(0, length).toArray(JAVA_BYTE);
                synchronized (packets) {
                    packets.add(packet);
                }
            }
        }
    }

    /** How many packets hold a text that should be secret, so far. */
    long cleartextSoFar(String secret) {
        synchronized (packets) {
            return packets.stream().filter(packet -> holds(packet, secret)).count();
        }
    }

    private static boolean holds(byte[] packet, String text) {
        return new String(packet, StandardCharsets.ISO_8859_1).contains(text);
    }

    @Override
    public void close() {
        ends = true;
        for (Thread thread : threads) {
            TestNamespace.untilDone(thread::join);
        }
    }

    /**
     * What a listener learns.
     *
     * @param esp how many packets of ESP there were, in UDP or not
     * @param sas of how many SAs
     * @param cleartext packets that hold the secret, and packets of IP that are neither ESP nor what IPv6 needs to find
     *     its neighbours
     * @param reused IVs that an SA used twice, in hex
     * @param goneBack sequence numbers that are not greater than the one before
     * @param dropped packets that were not seen, because the listener was too slow
     */
    record Findings(int esp, int sas, List<String> cleartext, List<String> reused, List<String> goneBack, int dropped) {
    }

    /** Ends listening, and judges. */
    Findings findings(String secret) {
        close();
        if (failure != null) {
            throw new AssertionError("the wire was not listened to", failure);
        }
        return judge(packets, secret, dropped.get());
    }

    /** What was seen, as if each packet had been sent again. */
    List<byte[]> packetsTwice() {
        return packets.stream().flatMap(packet -> Stream.of(packet, packet)).toList();
    }

    private static int version(byte[] packet) {
        return packet[0] >> 4 & 0xf;
    }

    /** Where the SPI stands, or {@link #NONE}. */
    private static int espAt(byte[] packet) {
        return switch (version(packet)) {
            case 4 -> packet[9] == IPPROTO_ESP ? IPV4_BYTES
                    : packet[9] == IPPROTO_UDP && toPort(packet, IPV4_BYTES) == ENCAP_PORT ? IPV4_BYTES + UDP_BYTES
                    : NONE;
            case 6 -> packet[6] == IPPROTO_ESP ? IPV6_BYTES : NONE;
            default -> NONE;
        };
    }

    private static int toPort(byte[] packet, int udp) {
        return ByteBuffer.wrap(packet).getShort(udp + 2) & 0xffff;
    }

    private static boolean shouldBeEsp(byte[] packet) {
        return switch (version(packet)) {
            case 4 -> true;
            case 6 -> packet[6] != IPPROTO_ICMPV6 && packet[6] != IPPROTO_HOPOPTS;
            default -> false;
        };
    }

    /** SPIs with the highest bit are of AES-GCM (IVs of 8 bytes), the others of CBC (16). */
    static Findings judge(List<byte[]> packets, String secret, int dropped) {
        Map<Integer, Integer> last = new HashMap<>();
        Set<String> ivs = new HashSet<>();
        List<String> cleartext = new ArrayList<>();
        List<String> reused = new ArrayList<>();
        List<String> goneBack = new ArrayList<>();
        int count = 0;
        for (byte[] packet : packets) {
            int esp = espAt(packet);
            if (holds(packet, secret) || esp == NONE && shouldBeEsp(packet)) {
                cleartext.add(HexFormat.of().formatHex(packet));
            }
            if (esp != NONE) {
                count++;
                ByteBuffer header = ByteBuffer.wrap(packet, esp, packet.length - esp);
                int spi = header.getInt();
                int sequence = header.getInt();
                int ivBytes = spi < 0 ? 8 : 16;
                String iv = Integer.toHexString(spi) + " " + HexFormat.of().formatHex(Arrays.copyOfRange(packet,
                        header.position(), header.position() + ivBytes));
                if (!ivs.add(iv)) {
                    reused.add(iv);
                }
                Integer before = last.put(spi, sequence);
                if (before != null && Integer.compareUnsigned(sequence, before) <= 0) {
                    goneBack.add(Integer.toHexString(spi) + ": " + before + ", " + sequence);
                }
            }
        }
        return new Findings(count, last.size(), cleartext, reused, goneBack, dropped);
    }
}
