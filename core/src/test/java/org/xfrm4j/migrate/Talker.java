package org.xfrm4j.migrate;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLong;
import org.xfrm4j.sa.IpAddress;

/** One end of some flows, in a namespace: sends in all of them, steadily, and counts what comes. */
final class Talker implements AutoCloseable {
    /** A flow's own address and the other end's. */
    record Flow(IpAddress here, IpAddress there) {
    }

    static final String SECRET = "this is to be seen by nobody";
    private static final int PORT = 5555;
    private static final int PAUSE_MILLIS = 15;

    private final List<Flow> flows;
    private final Thread thread;
    private final CountDownLatch ready = new CountDownLatch(1);
    private final AtomicIntegerArray received;
    private final AtomicLong sent = new AtomicLong();
    private final AtomicLong refused = new AtomicLong();
    private volatile boolean silent = true;
    private volatile boolean ends;
    private volatile Throwable failure;

    Talker(TestNamespace namespace, List<Flow> flows) throws InterruptedException {
        this.flows = flows;
        this.received = new AtomicIntegerArray(flows.size());
        this.thread = Thread.ofPlatform().name("talker").start(() -> {
            try {
                namespace.enter();
                talk();
            } catch (Throwable failed) {
                failure = failed;
            } finally {
                ready.countDown();
            }
        });
        ready.await();
    }

    private void talk() throws IOException, InterruptedException {
        List<DatagramChannel> channels = new ArrayList<>();
        try {
            for (int i = 0; i < flows.size(); i++) {
                channels.add(DatagramChannel.open(StandardProtocolFamily.INET)
                        .bind(new InetSocketAddress(flows.get(i).here().toInetAddress(), PORT + i)));
                channels.get(i).configureBlocking(false);
            }
            ready.countDown();
            ByteBuffer buffer = ByteBuffer.allocate(256);
            while (!ends) {
                for (int i = 0; i < flows.size(); i++) {
                    listen(channels.get(i), i, buffer);
                    if (!silent) {
                        speak(channels.get(i), i);
                    }
                }
                Thread.sleep(PAUSE_MILLIS);
            }
        } finally {
            for (DatagramChannel channel : channels) {
                channel.close();
            }
        }
    }

    private void listen(DatagramChannel channel, int flow, ByteBuffer buffer) throws IOException {
        while (channel.receive(buffer.clear()) != null) {
            received.incrementAndGet(flow);
        }
    }

    private void speak(DatagramChannel channel, int flow) throws IOException {
        byte[] text = (SECRET + ", " + sent).getBytes(StandardCharsets.US_ASCII);
        try {
            channel.send(ByteBuffer.wrap(text),
                    new InetSocketAddress(flows.get(flow).there().toInetAddress(), PORT + flow));
            sent.incrementAndGet();
        } catch (IOException blocked) {
            refused.incrementAndGet();
        }
    }

    /** Begins to send: when the other end is there, or there would be errors from it on the wire. */
    void speak() {
        silent = false;
    }

    /** Sends no more, but goes on receiving. */
    void hush() {
        silent = true;
    }

    /** How many datagrams the kernel took. */
    long sent() {
        return sent.get();
    }

    /** How many the kernel took or refused to take, because a policy blocked. */
    long tried() {
        return sent.get() + refused.get();
    }

    long received() {
        long sum = 0;
        for (int i = 0; i < flows.size(); i++) {
            sum += received.get(i);
        }
        return sum;
    }

    /** By flow, how many datagrams came. */
    int[] byFlow() {
        int[] counts = new int[flows.size()];
        for (int i = 0; i < counts.length; i++) {
            counts[i] = received.get(i);
        }
        return counts;
    }

    void check() {
        if (failure != null) {
            throw new AssertionError("the talk ended", failure);
        }
    }

    @Override
    public void close() {
        ends = true;
        TestNamespace.untilDone(thread::join);
    }
}
