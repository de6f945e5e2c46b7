package org.xfrm4j.event;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.xfrm4j.EmbeddedKernel;
import org.xfrm4j.Finished;
import org.xfrm4j.policy.Policy;
import org.xfrm4j.policy.PolicyDirection;
import org.xfrm4j.policy.Template;
import org.xfrm4j.sa.IpAddress;
import org.xfrm4j.sa.IpPrefix;
import org.xfrm4j.sa.Mode;
import org.xfrm4j.sa.Protocol;
import org.xfrm4j.sa.SecurityAssociation;
import org.xfrm4j.sa.Selector;

/**
 * Mobile IPv6 over the loopback device: a packet goes out by route optimization, as the mobile node sends it, and comes
 * in where no policy permits that.
 */
class ReportIT {
    private static final IpAddress HOME = IpAddress.parse("2001:db8:f::1");
    private static final IpAddress CORRESPONDENT = IpAddress.parse("2001:db8:f::2");
    private static final IpAddress CARE_OF = IpAddress.parse("2001:db8:f::3");
    private static final Path DISABLE_POLICY = Path.of("/proc/sys/net/ipv6/conf/lo/disable_policy");
    private static final int IPPROTO_UDP = 17;
    private static final int PORT = 5555;

    @RegisterExtension
    final EmbeddedKernel kernel = new EmbeddedKernel();

    private String policyDisabledBefore;

    @BeforeEach
    void hasAddresses() throws Exception {
        kernel.xfrm().policies().flush();
        policyDisabledBefore = Files.readString(DISABLE_POLICY);
        Files.writeString(DISABLE_POLICY, "0");
        for (IpAddress address : new IpAddress[] {HOME, CORRESPONDENT, CARE_OF}) {
            ip("add", address);
        }
    }

    @AfterEach
    void hasNoneAnyMore() throws Exception {
        kernel.xfrm().policies().flush();
        kernel.sas().flush();
        for (IpAddress address : new IpAddress[] {HOME, CORRESPONDENT, CARE_OF}) {
            ip("delete", address);
        }
        Files.writeString(DISABLE_POLICY, policyDisabledBefore);
    }

    private static void ip(String verb, IpAddress address) throws IOException, InterruptedException {
        Finished ip = Finished.of(new ProcessBuilder("ip", "-6", "address", verb, address + "/128", "dev", "lo", "nodad")
                .redirectErrorStream(true));
        assertEquals(0, ip.status(), ip.output());
    }

    @Test
    void tellsThatAPacketCameByRouteOptimizationThatNoPolicyPermits() throws IOException {
        SecurityAssociation sa = SecurityAssociation.builder().source(HOME).destination(CORRESPONDENT)
                .protocol(Protocol.DSTOPTS).mode(Mode.ROUTE_OPTIMIZATION).careOfAddress(CARE_OF).build();
        kernel.sas().add(sa);
        kernel.xfrm().policies().add(Policy.builder().direction(PolicyDirection.OUT)
                .selector(Selector.of(IpPrefix.host(HOME), IpPrefix.host(CORRESPONDENT)).withProtocol(IPPROTO_UDP))
                .template(Template.of(Protocol.DSTOPTS, Mode.ROUTE_OPTIMIZATION, HOME, CORRESPONDENT)).build());
        try (XfrmEvents events = XfrmEvents.open(XfrmGroup.REPORT);
                DatagramSocket sender = new DatagramSocket(new InetSocketAddress(HOME.toInetAddress(), 0));
                DatagramSocket receiver = new DatagramSocket(
                        new InetSocketAddress(CORRESPONDENT.toInetAddress(), PORT))) {
            byte[] bytes = new byte[10];
            sender.send(new DatagramPacket(bytes, bytes.length, receiver.getLocalSocketAddress()));

            PacketReported report = assertInstanceOf(PacketReported.class, events.next(Duration.ofSeconds(10)));
            assertEquals(Protocol.DSTOPTS, report.protocol());
            assertEquals(CARE_OF, report.careOfAddress());
            assertEquals(HOME, report.selector().source().address());
            assertEquals(CORRESPONDENT, report.selector().destination().address());
            assertEquals(IPPROTO_UDP, report.selector().protocol());
        }
    }
}
