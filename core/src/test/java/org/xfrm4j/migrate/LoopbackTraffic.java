package org.xfrm4j.migrate;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.xfrm4j.EmbeddedKernel;
import org.xfrm4j.bindings.xfrm4j_h;
import org.xfrm4j.netlink.NetlinkBatch;
import org.xfrm4j.sa.IpAddress;
import org.xfrm4j.sa.IpPrefix;
import org.xfrm4j.sa.SecurityAssociation;
import org.xfrm4j.sa.Selector;
import org.xfrm4j.wire.AttributeEncoder;
import org.xfrm4j.wire.PolicyEncoder;
import org.xfrm4j.wire.TemplateEncoder;

/**
 * UDP over the loopback device of the embedded kernel, through an SA. An SA without a direction is used by outgoing
 * packets and by the same ones coming in.
 */
final class LoopbackTraffic implements AutoCloseable {
    /**
     * Loopback leaves IPsec out unless told otherwise; and a packet from and to 127/8 that comes out of a tunnel is
     * taken for a forged one.
     */
    private static final Map<Path, String> SETTINGS = Map.of(
            Path.of("/proc/sys/net/ipv4/conf/lo/disable_xfrm"), "0",
            Path.of("/proc/sys/net/ipv4/conf/lo/route_localnet"), "1",
            Path.of("/proc/sys/net/ipv4/conf/lo/accept_local"), "1");
    private static final IpPrefix LOOPBACK = IpPrefix.parse("127.0.0.0/8");
    private static final int IPPROTO_UDP = 17;
    /** The port of all traffic that is to be protected. */
    static final int PORT = 5555;

    private final EmbeddedKernel kernel;
    private final Map<Path, String> settingsBefore = new HashMap<>();

    LoopbackTraffic(EmbeddedKernel kernel) {
        this.kernel = kernel;
        SETTINGS.keySet().forEach(path -> settingsBefore.put(path, read(path)));
        SETTINGS.forEach(LoopbackTraffic::write);
        flushPolicies();
    }

    private static String read(Path path) {
        try {
            return Files.readString(path);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void write(Path path, String value) {
        try {
            Files.writeString(path, value);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        flushPolicies();
        settingsBefore.forEach(LoopbackTraffic::write);
    }

    private void flushPolicies() {
        request(xfrm4j_h.XFRM_MSG_FLUSHPOLICY(), (segment, at) -> 0);
    }

    /** From now on all datagrams to {@link #PORT} of 127/8 go out through this SA only. */
    void protectWith(SecurityAssociation sa) {
        request(xfrm4j_h.XFRM_MSG_UPDPOLICY(), (segment, at) -> {
            PolicyEncoder policy = new PolicyEncoder().wrap(segment, at)
                    .direction(xfrm4j_h.XFRM_POLICY_OUT())
                    .action(xfrm4j_h.XFRM_POLICY_ALLOW());
            Selector.of(LOOPBACK, LOOPBACK).withProtocol(IPPROTO_UDP).withDestinationPort(PORT, 0xffff)
                    .encode(policy.selector());
            AttributeEncoder attributes = policy.attributes();
            TemplateEncoder template = new TemplateEncoder().wrap(segment, attributes.begin(xfrm4j_h.XFRMA_TMPL()))
                    .source(sa.source().high(), sa.source().low())
                    .destination(sa.destination().high(), sa.destination().low())
                    .protocol(sa.protocol().number())
                    .family(sa.family().number())
                    .reqid(sa.reqid())
                    .mode(sa.mode().number())
                    .algorithms(~0, ~0, ~0);
            attributes.end(template.encodedLength());
            return policy.encodedLength();
        });
    }

    private interface Payload {
        int encode(MemorySegment segment, long offset);
    }

    private void request(int type, Payload payload) {
        NetlinkBatch batch = kernel.xfrm().requests().newBatch(1, 4096);
        batch.clear();
        batch.end(payload.encode(batch.segment(), batch.begin(type, 0)));
        kernel.xfrm().requests().execute(batch);
        assertEquals(0, batch.results().error(0), () -> "policy refused: " + batch.results().text(0));
    }

    /** A datagram with a text, from one address to {@link #PORT} of another. */
    static void send(IpAddress from, IpAddress to, String text) throws IOException {
        try (DatagramSocket sender = new DatagramSocket(new InetSocketAddress(from.toInetAddress(), 0))) {
            send(sender, to, text);
        }
    }

    static void send(DatagramSocket sender, IpAddress to, String text) throws IOException {
        byte[] bytes = text.getBytes();
        sender.send(new DatagramPacket(bytes, bytes.length, new InetSocketAddress(to.toInetAddress(), PORT)));
    }

    static DatagramSocket receiver(IpAddress address, int port) throws IOException {
        return new DatagramSocket(new InetSocketAddress(address.toInetAddress(), port));
    }

    /** The next datagram; null when none comes in time. */
    static DatagramPacket receive(DatagramSocket receiver, int timeoutMillis) throws IOException {
        DatagramPacket packet = new DatagramPacket(new byte[2048], 2048);
        receiver.setSoTimeout(timeoutMillis);
        try {
            receiver.receive(packet);
            return packet;
        } catch (SocketTimeoutException nothing) {
            return null;
        }
    }

    /** The next datagram's text; null when none comes in time. */
    static String receiveText(DatagramSocket receiver, int timeoutMillis) throws IOException {
        DatagramPacket packet = receive(receiver, timeoutMillis);
        return packet == null ? null : new String(Arrays.copyOf(packet.getData(), packet.getLength()));
    }
}
