package org.xfrm4j.migrate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.xfrm4j.EmbeddedKernel;
import org.xfrm4j.TestSas;
import org.xfrm4j.bindings.xfrm4j_h;
import org.xfrm4j.netlink.EventSocket;
import org.xfrm4j.netlink.EventSocket.Found;
import org.xfrm4j.netlink.SocketBuffers;
import org.xfrm4j.sa.IpAddress;
import org.xfrm4j.sa.Lifetime;
import org.xfrm4j.sa.SaId;
import org.xfrm4j.sa.SecurityAssociation;
import org.xfrm4j.sa.Usage;
import org.xfrm4j.wire.SaExpireDecoder;

/** Limits of SAs that move: they end when they would have ended. */
class MoveLifetimeIT {
    private static final int SPI = 0xc0ffee01;
    /** The kernel looks a second after an SA was added or moved. */
    private static final long PATIENCE_MILLIS = 5_000;

    @RegisterExtension
    final EmbeddedKernel kernel = new EmbeddedKernel();

    private static EventSocket expiries() {
        return EventSocket.open(xfrm4j_h.NETLINK_XFRM(), SocketBuffers.DEFAULT, xfrm4j_h.XFRMNLGRP_EXPIRE());
    }

    private static SaExpireDecoder next(EventSocket expiries) {
        assertEquals(Found.MESSAGE, expiries.next(PATIENCE_MILLIS));
        assertEquals(xfrm4j_h.XFRM_MSG_EXPIRE(), expiries.type());
        return new SaExpireDecoder().wrap(expiries.segment(), expiries.payloadOffset(), expiries.payloadLength());
    }

    /** An SA that was added 100 seconds ago. */
    private SecurityAssociation add(Lifetime lifetime) {
        long now = Instant.now().getEpochSecond();
        return kernel.add(TestSas.esp(SPI).lifetime(lifetime).initialUsage(new Usage(0, 0, now - 100, 0)).build());
    }

    private SecurityAssociation move(SecurityAssociation sa, IpAddress destination) {
        MoveCheck.assertMoved(new Migrator(kernel.xfrm())
                .move(List.of(Move.of(sa).destination(destination).build())).getFirst());
        return sa.toBuilder().destination(destination).build();
    }

    @Test
    void expiresAtItsNewPlaceWhenItWouldHaveAtItsOldOne() {
        try (EventSocket expiries = expiries()) {
            SecurityAssociation moved = move(add(Lifetime.UNLIMITED.withSecondsSinceAdded(0, 101)),
                    TestSas.NEW_DESTINATION);

            SaExpireDecoder expiry = next(expiries);

            assertTrue(expiry.hard());
            assertEquals(moved.id(), SaId.from(expiry.sa()));
            assertEquals(List.of(), kernel.all());
        }
    }

    /** The kernel does not remember that it has said so: who rekeys on a soft limit is asked to once more. */
    @Test
    void announcesASoftLimitAgainThatHadPassedBeforeTheMove() {
        try (EventSocket expiries = expiries()) {
            SecurityAssociation sa = add(Lifetime.UNLIMITED.withSecondsSinceAdded(50, 10_000));
            SaExpireDecoder first = next(expiries);
            assertFalse(first.hard());
            assertEquals(sa.id(), SaId.from(first.sa()));

            SecurityAssociation moved = move(sa, TestSas.NEW_DESTINATION);

            SaExpireDecoder second = next(expiries);
            assertFalse(second.hard());
            assertEquals(moved.id(), SaId.from(second.sa()));
            new MoveCheck(kernel).assertHolds(List.of(moved));
        }
    }
}
