package org.xfrm4j;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.xfrm4j.policy.Policy;
import org.xfrm4j.policy.PolicyBuilder;
import org.xfrm4j.policy.PolicyDirection;
import org.xfrm4j.policy.Template;
import org.xfrm4j.sa.IpAddress;
import org.xfrm4j.sa.IpPrefix;
import org.xfrm4j.sa.Lifetime;
import org.xfrm4j.sa.Mode;
import org.xfrm4j.sa.SecurityAssociation;
import org.xfrm4j.sa.SecurityAssociationBuilder;
import org.xfrm4j.sa.Selector;

/** The embedded kernel's loopback device with IPsec, which it otherwise leaves out, and packets that go through it. */
@SuppressWarnings("exports") // JUnit's types, in a package that is exported; but tests are not.
public final class Loopback implements BeforeEachCallback, AfterEachCallback {
    /** One end. */
    public static final IpAddress HERE = IpAddress.parse("127.0.0.1");
    /** The other end, on the same device. */
    public static final IpAddress THERE = IpAddress.parse("127.0.0.2");
    private static final int IPPROTO_UDP = 17;
    private static final int PORT = 5555;
    private static final Map<Path, String> SETTINGS = Map.of(
            Path.of("/proc/sys/net/ipv4/conf/lo/disable_xfrm"), "0",
            Path.of("/proc/sys/net/ipv4/conf/lo/route_localnet"), "1",
            Path.of("/proc/sys/net/ipv4/conf/lo/accept_local"), "1");

    private final Map<Path, String> before = new HashMap<>();

    /** For a field of a test class. */
    public Loopback() {
    }

    @Override
    public void beforeEach(ExtensionContext context) throws IOException {
        EmbeddedKernel.requireEmbedded();
        for (Path path : SETTINGS.keySet()) {
            before.put(path, Files.readString(path));
        }
        SETTINGS.forEach(Loopback::write);
    }

    @Override
    public void afterEach(ExtensionContext context) {
        before.forEach(Loopback::write);
    }

    private static void write(Path path, String value) {
        try {
            Files.writeString(path, value);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** {@return the selector of what {@link #send} sends} */
    public static Selector traffic() {
        return Selector.of(IpPrefix.host(HERE), IpPrefix.host(THERE)).withProtocol(IPPROTO_UDP)
                .withDestinationPort(PORT, 0xffff);
    }

    /** {@return an SA in transport mode between the two ends, without limits} */
    public static SecurityAssociationBuilder sa(int spi) {
        return TestSas.esp(spi).source(HERE).destination(THERE).mode(Mode.TRANSPORT).lifetime(Lifetime.UNLIMITED);
    }

    /** {@return a policy by which the traffic needs an SA} */
    public static PolicyBuilder policyFor(SecurityAssociation sa) {
        return Policy.builder().direction(PolicyDirection.OUT).selector(traffic())
                .template(Template.transport(sa.protocol()).withReqid(sa.reqid()));
    }

    /** Sends a datagram, which may well be lost for want of an SA. */
    public static void send() throws IOException {
        try (DatagramSocket sender = new DatagramSocket(new InetSocketAddress(HERE.toInetAddress(), 0))) {
            byte[] bytes = new byte[100];
            sender.send(new DatagramPacket(bytes, bytes.length, new InetSocketAddress(THERE.toInetAddress(), PORT)));
        } catch (IOException lost) {
            // EAGAIN while an SA is waited for: that the packet was sent is all that counts here.
        }
    }
}
