package org.xfrm4j;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.xfrm4j.bindings.xfrm4j_h;
import org.xfrm4j.netlink.EventSocket;
import org.xfrm4j.netlink.SocketBuffers;
import org.xfrm4j.sa.SecurityAssociation;

/** The probe in a kernel that surely can, with permission and without. */
class MigrateSupportIT {
    private static final int XFRMNLGRP_MIGRATE = 7;

    @RegisterExtension
    final EmbeddedKernel kernel = new EmbeddedKernel();

    @Test
    void isSupportedWithPermission() {
        assertEquals(MigrateSupport.SUPPORTED, kernel.xfrm().migrateSupport());
    }

    @Test
    void changesNothingAndIsNoEvent() {
        SecurityAssociation sa = kernel.add(TestSas.esp(1).build());
        try (EventSocket events = EventSocket.open(xfrm4j_h.NETLINK_XFRM(), SocketBuffers.DEFAULT, 1, 2, 3, 4, 5,
                XFRMNLGRP_MIGRATE)) {
            assertEquals(MigrateSupport.SUPPORTED, kernel.xfrm().migrateSupport());
            assertEquals(EventSocket.Found.NOTHING, events.next(0));
        }
        assertEquals(List.of(sa), kernel.all());
    }

    @Test
    void isNotPermittedWithoutTheCapability() throws Exception {
        assertEquals(Map.of(SupportWitness.SUPPORT, "NO_PERMISSION", SupportWitness.EMPTY_MESSAGE, "EPERM (1)"),
                SupportWitness.run(ChildJvm.WITHOUT_NET_ADMIN));
    }

    /** The capability is there, but of a user namespace to which this network does not belong. */
    @Test
    void isNotPermittedInSomebodyElsesNetwork() throws Exception {
        assertEquals(Map.of(SupportWitness.SUPPORT, "NO_PERMISSION", SupportWitness.EMPTY_MESSAGE, "EPERM (1)"),
                SupportWitness.run(ChildJvm.IN_FOREIGN_NETWORK));
    }

    @Test
    void isSupportedInANetworkOfOnesOwn() throws Exception {
        SecurityAssociation sa = kernel.add(TestSas.esp(2).build());
        assertEquals(Map.of(
                SupportWitness.SUPPORT, "SUPPORTED",
                SupportWitness.EMPTY_MESSAGE, "EINVAL (22) Invalid header length",
                SupportWitness.MIGRATION, SupportWitness.MOVED,
                SupportWitness.SUPPORT + " again", "SUPPORTED"),
                SupportWitness.run(ChildJvm.IN_OWN_NETWORK, SupportWitness.MIGRATE));
        assertEquals(List.of(sa), kernel.all(), "another network has other SAs");
    }
}
