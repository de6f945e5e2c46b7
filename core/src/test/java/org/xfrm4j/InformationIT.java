package org.xfrm4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.xfrm4j.bindings.xfrm4j_h;
import org.xfrm4j.netlink.Errno;
import org.xfrm4j.netlink.NetlinkBatch;
import org.xfrm4j.policy.DefaultAction;
import org.xfrm4j.policy.Policy;
import org.xfrm4j.policy.PolicyDefaults;
import org.xfrm4j.sa.AddressFamily;
import org.xfrm4j.wire.SpdInfoEncoder;

/** Figures, thresholds and defaults against a real kernel. */
class InformationIT {
    @RegisterExtension
    final NoPolicies clean = new NoPolicies();
    @RegisterExtension
    final EmbeddedKernel kernel = new EmbeddedKernel();

    private Information information() {
        return kernel.xfrm().information();
    }

    // ---- Figures -----------------------------------------------------------------------------------------------

    @Test
    void countsSas() {
        SadInformation before = information().sad();
        assertEquals(0, before.count());
        assertTrue(before.buckets() > 0 && before.buckets() <= before.maxBuckets(), before.toString());
        for (int spi = 0x3001; spi <= 0x3005; spi++) {
            kernel.add(TestSas.esp(spi).build());
        }
        assertEquals(5, information().sad().count());
        assertEquals(before.maxBuckets(), information().sad().maxBuckets());
    }

    @Test
    void countsPoliciesByDirection() {
        SpdInformation before = information().spd();
        assertEquals(0, before.in() + before.out() + before.forward() + before.socketIn() + before.socketOut());
        assertTrue(before.maxBuckets() > 0, before.toString());
        List<Policy> policies = RandomPolicies.of(1, 200);
        assertEquals(List.of(), kernel.xfrm().policies().addAll(policies));
        int[] counts = new int[3];
        policies.forEach(policy -> counts[policy.direction().number()]++);
        SpdInformation spd = information().spd();
        assertEquals(List.of(counts[0], counts[1], counts[2]), List.of(spd.in(), spd.out(), spd.forward()));
    }

    // ---- Thresholds --------------------------------------------------------------------------------------------

    @Test
    void startsWithPoliciesOfHostsHashed() {
        assertEquals(HashThresholds.HOSTS_IPV4, information().spd().ipv4Thresholds());
        assertEquals(HashThresholds.HOSTS_IPV6, information().spd().ipv6Thresholds());
    }

    @Test
    void setsThresholdsOfOneFamilyAndLosesNoPolicy() {
        List<Policy> policies = RandomPolicies.of(2, 300);
        kernel.xfrm().policies().addAll(policies);
        information().setHashThresholds(AddressFamily.INET, new HashThresholds(24, 16));
        assertEquals(new HashThresholds(24, 16), information().spd().ipv4Thresholds());
        assertEquals(HashThresholds.HOSTS_IPV6, information().spd().ipv6Thresholds());
        information().setHashThresholds(AddressFamily.INET6, new HashThresholds(64, 0));
        assertEquals(new HashThresholds(24, 16), information().spd().ipv4Thresholds());
        assertEquals(new HashThresholds(64, 0), information().spd().ipv6Thresholds());
        for (Policy policy : policies) {
            assertTrue(kernel.xfrm().policies().get(policy.id()).isPresent(), policy.toString());
        }
    }

    @Test
    void refusesThresholdsLongerThanAnAddress() {
        assertEquals("local hash threshold: 33 is not between 0 and 32", assertThrows(IllegalArgumentException.class,
                () -> information().setHashThresholds(AddressFamily.INET, new HashThresholds(33, 0))).getMessage());
        assertEquals("remote hash threshold: -1 is not between 0 and 128", assertThrows(IllegalArgumentException.class,
                () -> information().setHashThresholds(AddressFamily.INET6, new HashThresholds(0, -1))).getMessage());
        assertThrows(IllegalArgumentException.class,
                () -> information().setHashThresholds(AddressFamily.UNSPEC, new HashThresholds(0, 0)));

        assertEquals("Invalid hash threshold (must be <= 32 for IPv4)",
                refusal(new HashThresholds(33, 0), HashThresholds.HOSTS_IPV6));
        // Nothing is set where one of them is wrong.
        assertEquals("Invalid hash threshold (must be <= 128 for IPv6)",
                refusal(new HashThresholds(8, 8), new HashThresholds(0, 129)));
        assertEquals(HashThresholds.HOSTS_IPV4, information().spd().ipv4Thresholds());
    }

    /** What the kernel says to both in one message. */
    private String refusal(HashThresholds ipv4, HashThresholds ipv6) {
        NetlinkBatch batch = kernel.xfrm().requests().newBatch(1, 256);
        long payload = batch.begin(xfrm4j_h.XFRM_MSG_NEWSPDINFO(), 0);
        batch.end(new SpdInfoEncoder().wrap(batch.segment(), payload)
                .ipv4Thresholds(ipv4.local(), ipv4.remote())
                .ipv6Thresholds(ipv6.local(), ipv6.remote()).encodedLength());
        kernel.xfrm().requests().execute(batch);
        assertEquals(Errno.EINVAL, batch.results().error(0));
        return batch.results().text(0);
    }

    // ---- Defaults ----------------------------------------------------------------------------------------------

    @Test
    void setsDefaultsOfAllDirectionsOrOfOne() {
        Xfrm xfrm = kernel.xfrm();
        assertEquals(PolicyDefaults.ACCEPT, xfrm.defaults());
        xfrm.setDefaults(PolicyDefaults.BLOCK);
        assertEquals(PolicyDefaults.BLOCK, xfrm.defaults());
        xfrm.setDefaults(PolicyDefaults.UNCHANGED.withForward(DefaultAction.ACCEPT));
        assertEquals(PolicyDefaults.BLOCK.withForward(DefaultAction.ACCEPT), xfrm.defaults());
        xfrm.setDefaults(PolicyDefaults.UNCHANGED.withIn(DefaultAction.ACCEPT));
        xfrm.setDefaults(PolicyDefaults.UNCHANGED);
        assertEquals(PolicyDefaults.ACCEPT.withOut(DefaultAction.BLOCK), xfrm.defaults());
    }
}
