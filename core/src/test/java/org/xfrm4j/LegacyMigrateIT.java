package org.xfrm4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.xfrm4j.netlink.Errno;
import org.xfrm4j.policy.LegacyMigrate;
import org.xfrm4j.policy.MigrateEntry;
import org.xfrm4j.policy.Policy;
import org.xfrm4j.policy.PolicyDirection;
import org.xfrm4j.policy.Template;
import org.xfrm4j.sa.Encap;
import org.xfrm4j.sa.IpAddress;
import org.xfrm4j.sa.Mode;
import org.xfrm4j.sa.Protocol;
import org.xfrm4j.sa.SaId;
import org.xfrm4j.sa.SecurityAssociation;
import org.xfrm4j.sa.Selector;

/** XFRM_MSG_MIGRATE: a policy and its SAs move together, with the limits that it has. */
class LegacyMigrateIT {
    private static final int SPI = 0xc0ffee01;
    private static final int REQID = 77;
    private static final Selector SELECTOR = TestSas.hostToHost(IpAddress.parse("10.1.0.1"),
            IpAddress.parse("10.2.0.1"));

    @RegisterExtension
    final EmbeddedKernel kernel = new EmbeddedKernel();

    @RegisterExtension
    final NoPolicies noPolicies = new NoPolicies();

    private static MigrateEntry entry(IpAddress newSource, IpAddress newDestination, int reqid) {
        return new MigrateEntry(TestSas.SOURCE, TestSas.DESTINATION, newSource, newDestination, Protocol.ESP,
                Mode.TUNNEL, reqid);
    }

    private static LegacyMigrate move(MigrateEntry... entries) {
        return LegacyMigrate.of(PolicyDirection.OUT, SELECTOR, List.of(entries));
    }

    private Policy addPolicy(int ifId) {
        Policy policy = Policy.builder().direction(PolicyDirection.OUT).selector(SELECTOR).ifId(ifId)
                .template(Template.tunnel(Protocol.ESP, TestSas.SOURCE, TestSas.DESTINATION).withReqid(REQID)).build();
        kernel.xfrm().policies().add(policy);
        return kernel.xfrm().policies().get(policy.id()).orElseThrow();
    }

    private SecurityAssociation moved(SecurityAssociation sa, IpAddress destination) {
        assertTrue(kernel.find(sa.id()).isEmpty(), "the old one is still there");
        return kernel.find(new SaId(destination, sa.spi(), sa.protocol(), sa.mark())).orElseThrow();
    }

    @Test
    void movesThePolicyAndItsSaToAnotherFamily() {
        Policy policy = addPolicy(0);
        SecurityAssociation sa = kernel.add(TestSas.esp(SPI).reqid(REQID).build());

        kernel.xfrm().migrate(move(entry(TestSas.NEW_SOURCE6, TestSas.NEW_DESTINATION6, REQID)));

        SecurityAssociation now = moved(sa, TestSas.NEW_DESTINATION6);
        assertEquals(sa.toBuilder().id(now.id()).source(TestSas.NEW_SOURCE6).build(), now);
        Policy policyNow = kernel.xfrm().policies().get(policy.byIndex()).orElseThrow();
        assertEquals(policy.toBuilder().templates(List.of(Template.tunnel(Protocol.ESP, TestSas.NEW_SOURCE6,
                TestSas.NEW_DESTINATION6).withReqid(REQID))).build(), policyNow);
    }

    @Test
    void movesOneSaForAnEntryThoughSeveralFit() {
        addPolicy(0);
        kernel.add(TestSas.esp(SPI).reqid(REQID).build());
        kernel.add(TestSas.esp(SPI + 1).reqid(REQID).build());

        kernel.xfrm().migrate(move(entry(TestSas.NEW_SOURCE, TestSas.NEW_DESTINATION, REQID)));

        assertEquals(1, kernel.all().stream()
                .filter(sa -> sa.destination().equals(TestSas.NEW_DESTINATION)).count());
        assertEquals(2, kernel.all().size());
    }

    @Test
    void givesTheSaTheEncapsulationOfTheRequestOrNone() {
        addPolicy(0);
        SecurityAssociation sa = kernel.add(TestSas.esp(SPI).reqid(REQID).encap(Encap.espInUdp(4500, 4501)).build());
        LegacyMigrate move = move(entry(TestSas.NEW_SOURCE, TestSas.NEW_DESTINATION, REQID));
        kernel.xfrm().migrate(move.withEncap(Encap.espInUdp(4502, 4503)));

        assertEquals(Encap.espInUdp(4502, 4503), moved(sa, TestSas.NEW_DESTINATION).encap());

        kernel.xfrm().policies().flush();
        kernel.sas().flush();
        addPolicy(0);
        kernel.sas().add(sa);
        kernel.xfrm().migrate(move);
        assertNull(moved(sa, TestSas.NEW_DESTINATION).encap());
    }

    @Test
    void movesOnAnXfrmInterfaceOnlyWhatIsThere() {
        addPolicy(9);
        SecurityAssociation there = kernel.add(TestSas.esp(SPI).reqid(REQID).ifId(9).build());
        SecurityAssociation elsewhere = kernel.add(TestSas.esp(SPI + 1).reqid(REQID).build());

        kernel.xfrm().migrate(move(entry(TestSas.NEW_SOURCE, TestSas.NEW_DESTINATION, REQID)).withIfId(9));

        moved(there, TestSas.NEW_DESTINATION);
        assertTrue(kernel.find(elsewhere.id()).isPresent());
    }

    @Test
    void leavesAllAsItWasWhenTheKernelRefuses() {
        MigrateEntry entry = entry(TestSas.NEW_SOURCE, TestSas.NEW_DESTINATION, REQID);
        SecurityAssociation sa = kernel.add(TestSas.esp(SPI).reqid(REQID).build());
        assertEquals(Errno.ENOENT, assertThrows(XfrmException.class, () -> kernel.xfrm().migrate(move(entry)))
                .errno());

        Policy policy = addPolicy(0);
        MigrateEntry ofNoTemplate = entry(TestSas.NEW_SOURCE, TestSas.NEW_DESTINATION, REQID + 1);
        XfrmException refused = assertThrows(XfrmException.class, () -> kernel.xfrm().migrate(move(ofNoTemplate)));
        assertEquals("ENODATA", Errno.name(refused.errno()));
        assertEquals(sa, kernel.find(sa.id()).orElseThrow());
        assertEquals(policy, kernel.xfrm().policies().get(policy.byIndex()).orElseThrow());
    }
}
