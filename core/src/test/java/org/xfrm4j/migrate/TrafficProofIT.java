package org.xfrm4j.migrate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.xfrm4j.migrate.GatewaysOnAWire.ALL_AT_ONCE;
import static org.xfrm4j.migrate.GatewaysOnAWire.FLOWS;
import static org.xfrm4j.migrate.GatewaysOnAWire.await;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.xfrm4j.EmbeddedKernel;
import org.xfrm4j.SaFilter;
import org.xfrm4j.Xfrm;
import org.xfrm4j.policy.Policy;
import org.xfrm4j.policy.PolicyDirection;
import org.xfrm4j.sa.Algorithm;
import org.xfrm4j.sa.IpAddress;
import org.xfrm4j.sa.SecurityAssociation;
import org.xfrm4j.sa.Stats;

/** A gateway moves under traffic, and somebody listens on the wire. */
class TrafficProofIT {
    @RegisterExtension
    final EmbeddedKernel kernel = new EmbeddedKernel();

    /** What of an SA does not change with its use. */
    private record Fixed(int spi, IpAddress source, IpAddress destination, int reqid, List<Algorithm> algorithms) {
        static List<Fixed> of(Xfrm xfrm) {
            return xfrm.sas().list(SaFilter.ALL).stream().map(sa -> new Fixed(sa.spi(), sa.source(),
                    sa.destination(), sa.reqid(), sa.algorithms()))
                    .sorted((one, other) -> Integer.compare(one.spi(), other.spi())).toList();
        }
    }

    private static Map<Object, Policy> policies(Xfrm xfrm) {
        return KernelState.of(xfrm).policies().stream().collect(Collectors.toMap(Policy::id, policy -> policy));
    }

    private static void assertNothingWasRefused(Xfrm xfrm) {
        xfrm.sas().list(SaFilter.ALL).forEach(sa -> assertEquals(Stats.NONE, sa.stats(), sa::toString));
    }

    @ParameterizedTest
    @EnumSource
    void nothingLeaksAndNoIvIsUsedTwiceWhileAGatewayMovesToAndFro(Course course) throws Exception {
        try (GatewaysOnAWire both = new GatewaysOnAWire(course == Course.FORWARDED)) {
            Talker gatewayTalks = both.gatewayTalks();
            Talker peersTalk = both.peersTalk();
            List<Fixed> sasBefore = Fixed.of(both.gateway());
            Map<Object, Policy> policiesBefore = policies(both.gateway());
            List<Fixed> peersSasBefore = Fixed.of(both.peers());
            long toPeersInMoves = 0;
            long toGatewayInMoves = 0;
            for (int move = 0; move < course.moves(); move++) {
                long tried = gatewayTalks.tried();
                long toGateway = peersTalk.sent();
                long toPeers = gatewayTalks.sent();
                // While the flows are blocked, and their SAs moved, every one of them is tried.
                both.moveGateway(course.ofGateway(move), ALL_AT_ONCE,
                        () -> await("packets that are blocked", () -> gatewayTalks.tried() >= tried + 2 * FLOWS));
                // Peers send to the old place until they have moved as well.
                toPeers = course.losesInBoth() ? toPeers : gatewayTalks.sent();
                both.movePeers(course.ofPeers(move));
                toPeersInMoves += gatewayTalks.sent() - toPeers;
                toGatewayInMoves += peersTalk.sent() - toGateway;
                both.passes();
                assertNothingWasRefused(both.gateway());
                assertNothingWasRefused(both.peers());
            }
            assertEquals(sasBefore, Fixed.of(both.gateway()));
            assertEquals(policiesBefore, policies(both.gateway()));
            assertEquals(peersSasBefore, Fixed.of(both.peers()));

            both.waitForTheLast();
            // Besides what was sent while something moved, what was on its way may have been lost.
            long onTheWay = 2L * FLOWS * course.moves();
            assertLost(gatewayTalks, peersTalk, toPeersInMoves + onTheWay);
            assertLost(peersTalk, gatewayTalks, toGatewayInMoves + onTheWay);
            assertNothingLeaked(both.wire().findings(Talker.SECRET), gatewayTalks.received() + peersTalk.received());
        }
    }

    private static void assertLost(Talker from, Talker to, long explained) {
        long lost = from.sent() - to.received();
        assertTrue(lost <= explained, lost + " packets were lost, and only " + explained + " had reason to be");
    }

    private static void assertNothingLeaked(Wire.Findings findings, long received) {
        assertEquals(0, findings.dropped(), "the listener did not see all");
        assertEquals(List.of(), findings.cleartext());
        assertEquals(List.of(), findings.reused());
        assertEquals(List.of(), findings.goneBack());
        assertEquals(2 * FLOWS, findings.sas());
        assertTrue(findings.esp() >= received, () -> findings.esp() + " packets were seen, but " + received + " came");
    }

    @Test
    void theListenerFindsCleartextWhereNothingBlocksAndAPolicyIsRemoved() throws Exception {
        Policy removed = TestGateway.policy(0, PolicyDirection.OUT);
        try (GatewaysOnAWire both = new GatewaysOnAWire(false)) {
            assertEquals(0, both.wire().cleartextSoFar(Talker.SECRET));
            both.moveGateway(Course.ADDRESS.ofGateway(0), ALL_AT_ONCE.withoutBlocking(), () -> {
                try (Xfrm other = Xfrm.open()) {
                    assertTrue(other.policies().delete(removed.id()));
                }
                await("cleartext", () -> both.wire().cleartextSoFar(Talker.SECRET) > 0);
            });
            assertFalse(both.wire().findings(Talker.SECRET).cleartext().isEmpty());
        }
    }

    /** As all do who have no other way: the SA is deleted, and added at its new place. */
    @Test
    void theListenerFindsSequenceNumbersThatGoBackWhereAnSaIsDeletedAndAdded() throws Exception {
        try (GatewaysOnAWire both = new GatewaysOnAWire(false)) {
            SecurityAssociation sa = GatewaysOnAWire.out(0, false);
            assertTrue(both.gateway().sas().delete(sa.id()));
            both.gateway().sas().add(sa);
            long sent = both.gatewayTalks().sent();
            await("packets of the new SA", () -> both.gatewayTalks().sent() > sent + 4 * FLOWS);
            Wire.Findings findings = both.wire().findings(Talker.SECRET);
            assertEquals(1, findings.goneBack().size(), findings::toString);
            assertEquals(List.of(), findings.cleartext());
            // To another SA of one key Linux gives IVs that begin elsewhere (seqiv), and that they differ is chance; so
            // that the listener would see it is shown by what it has seen, twice.
            assertEquals(List.of(), findings.reused());
            assertEquals(findings.esp(), Wire.judge(both.wire().packetsTwice(), Talker.SECRET, 0).reused().size());
        }
    }
}
