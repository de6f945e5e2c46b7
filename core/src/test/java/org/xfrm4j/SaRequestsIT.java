package org.xfrm4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.xfrm4j.netlink.Errno;
import org.xfrm4j.sa.Counters;
import org.xfrm4j.sa.Direction;
import org.xfrm4j.sa.Mark;
import org.xfrm4j.sa.Mode;
import org.xfrm4j.sa.Protocol;
import org.xfrm4j.sa.ReplayEsn;
import org.xfrm4j.sa.ReplayState;
import org.xfrm4j.sa.SecurityAssociation;
import org.xfrm4j.sa.SpiRequest;
import org.xfrm4j.sa.Usage;

/** SPIs that are reserved, and sequence numbers read and set. */
class SaRequestsIT {
    private static final int SPI = 0xc0ffee01;

    @RegisterExtension
    final EmbeddedKernel kernel = new EmbeddedKernel();

    private static SpiRequest esp(int lowest, int highest) {
        return SpiRequest.of(TestSas.SOURCE, TestSas.DESTINATION, Protocol.ESP, Mode.TUNNEL, 77)
                .withRange(lowest, highest);
    }

    @Test
    void reservesAnSpiWithinItsRange() {
        Set<Integer> spis = new HashSet<>();
        for (int i = 0; i < 5; i++) {
            SecurityAssociation larval = kernel.sas().allocateSpi(esp(0xc0000000, 0xc0000fff));
            assertTrue(Integer.compareUnsigned(larval.spi(), 0xc0000000) >= 0
                    && Integer.compareUnsigned(larval.spi(), 0xc0000fff) <= 0, larval::toString);
            assertEquals(List.of(), larval.algorithms());
            assertEquals(TestSas.SOURCE, larval.source());
            assertEquals(77, larval.reqid());
            assertNotEquals(0, larval.lifetime().hardAddSeconds());
            assertTrue(spis.add(larval.spi()), "the same again");
        }
        assertEquals(5, kernel.all().size());
    }

    @Test
    void reservesWithAllThatTheRequestSays() {
        SecurityAssociation larval = kernel.sas().allocateSpi(esp(SPI, SPI).withMark(new Mark(0x10, 0xff)).withIfId(9)
                .withCpu(0).withDirection(Direction.IN));

        assertEquals(SPI, larval.spi());
        assertEquals(new Mark(0x10, 0xff), larval.mark());
        assertEquals(9, larval.ifId());
        assertEquals(0, larval.cpu());
        assertEquals(Direction.IN, larval.direction());
    }

    @Test
    void completesAReservedSa() {
        SecurityAssociation larval = kernel.sas().allocateSpi(esp(0x1000, 0x1fff));
        SecurityAssociation sa = TestSas.esp(larval.spi()).reqid(77).build();
        kernel.sas().update(sa);

        assertEquals(sa.algorithms(), kernel.find(sa.id()).orElseThrow().algorithms());
        assertEquals(1, kernel.all().size());
    }

    @Test
    void tellsWhenNoSpiIsFree() {
        kernel.add(TestSas.esp(SPI).build());

        XfrmException refused = assertThrows(XfrmException.class, () -> kernel.sas().allocateSpi(esp(SPI, SPI)));

        assertEquals(Errno.ENOENT, refused.errno());
        assertTrue(refused.getMessage().contains("No SPI available"), refused::getMessage);
    }

    @Test
    void reservesACpiOfIpComp() {
        SecurityAssociation larval = kernel.sas().allocateSpi(
                SpiRequest.of(TestSas.SOURCE6, TestSas.DESTINATION6, Protocol.COMP, Mode.TRANSPORT, 0));

        assertTrue(larval.spi() >= 0x100 && larval.spi() <= 0xffff, larval::toString);
        assertEquals(TestSas.DESTINATION6, larval.destination());
    }

    @Test
    void readsSequenceNumbersAndThresholds() {
        SecurityAssociation sa = kernel.add(TestSas.esp(SPI).mark(new Mark(0x10, 0xff)).ifId(9)
                .replay(new ReplayState(0, 5, 0b10111)).replayThreshold(100).build());

        Counters counters = kernel.sas().sequenceNumbers().get(sa.id()).orElseThrow();

        assertEquals(sa.id(), counters.sa());
        assertEquals(sa.source(), counters.source());
        assertEquals(sa.reqid(), counters.reqid());
        assertEquals(0, counters.causes());
        assertEquals(new ReplayState(0, 5, 0b10111), counters.replay());
        assertEquals(sa.usage(), counters.usage());
        assertEquals(100, counters.replayThreshold());
        assertEquals(9, counters.ifId());
        assertEquals(SecurityAssociation.NO_CPU, counters.cpu());
        assertTrue(kernel.sas().sequenceNumbers().get(TestSas.esp(SPI + 1).build().id()).isEmpty());
    }

    @Test
    void setsSequenceNumbersAndUsage() {
        SecurityAssociation sa = kernel.add(TestSas.esp(SPI).build());
        SaSequenceNumbers numbers = kernel.sas().sequenceNumbers();

        assertTrue(numbers.set(sa.id(), new ReplayState(7, 9, 3)));
        assertEquals(new ReplayState(7, 9, 3), kernel.find(sa.id()).orElseThrow().replay());
        assertEquals(sa.usage(), kernel.find(sa.id()).orElseThrow().usage());

        Usage usage = new Usage(1_000, 10, sa.usage().addTime(), sa.usage().addTime() + 1);
        assertTrue(numbers.set(sa.id(), new ReplayState(8, 10, 3), usage));
        assertEquals(usage, kernel.find(sa.id()).orElseThrow().usage());
        assertEquals(new ReplayState(8, 10, 3), kernel.find(sa.id()).orElseThrow().replay());

        assertFalse(numbers.set(TestSas.esp(SPI + 1).build().id(), new ReplayState(7, 9, 3)));
    }

    @Test
    void setsExtendedSequenceNumbers() {
        SecurityAssociation sa = kernel.add(TestSas.esp(SPI).replayWindow(0).flags(SecurityAssociation.FLAG_ESN)
                .replay(ReplayEsn.ofWindow(128)).build());
        ReplayEsn replay = new ReplayEsn(0x1_0000_0005L, 0x2_0000_0007L, 128, List.of(0x7f, 0, 0, 0x80000000));

        assertTrue(kernel.sas().sequenceNumbers().set(sa.id(), replay));

        assertEquals(replay, kernel.sas().sequenceNumbers().get(sa.id()).orElseThrow().replay());
        XfrmException refused = assertThrows(XfrmException.class, () -> kernel.sas().sequenceNumbers()
                .set(sa.id(), new ReplayEsn(1, 1, 256, Collections.nCopies(8, 0))));
        assertEquals(Errno.EINVAL, refused.errno());
    }

    @Test
    void refusesNumbersInTheFormThatTheSaDoesNotHave() {
        SecurityAssociation classic = kernel.add(TestSas.esp(SPI).build());
        SecurityAssociation extended = kernel.add(TestSas.esp(SPI + 1).replayWindow(0)
                .replay(ReplayEsn.ofWindow(128)).build());

        assertThrows(IllegalArgumentException.class, () -> kernel.sas().sequenceNumbers()
                .set(classic.id(), ReplayEsn.ofWindow(128)));
        assertThrows(IllegalArgumentException.class, () -> kernel.sas().sequenceNumbers()
                .set(extended.id(), new ReplayState(1, 1, 1)));
    }

    /** User-mode Linux has 100 ticks a second: 20 ticks are two tenths of one. */
    @Test
    void takesTheTimeBetweenEventsInTicksAndTellsItInTenths() {
        SecurityAssociation sa = kernel.add(TestSas.esp(SPI).eventTimerThreshold(50).build());
        assertEquals(5, kernel.sas().sequenceNumbers().get(sa.id()).orElseThrow().eventTimerThreshold());

        assertTrue(kernel.sas().sequenceNumbers().setThresholds(sa.id(), 33, 20));

        Counters counters = kernel.sas().sequenceNumbers().get(sa.id()).orElseThrow();
        assertEquals(2, counters.eventTimerThreshold());
        assertEquals(33, counters.replayThreshold());
    }

    @Test
    void refusesToSetNumbersOfALarvalSa() {
        SecurityAssociation larval = kernel.sas().allocateSpi(esp(0x1000, 0x1fff));

        XfrmException refused = assertThrows(XfrmException.class,
                () -> kernel.sas().sequenceNumbers().set(larval.id(), new ReplayState(1, 1, 1)));

        assertEquals(Errno.EINVAL, refused.errno());
        assertEquals("SA must be in VALID state", refused.refusal().text());
        assertThrows(XfrmException.class, () -> kernel.sas().expire(larval.id(), true));
    }

    @Test
    void tellsWhatIsWrongWithARequestForAnSpi() {
        assertEquals("lowest spi: 0x00000000 names no SA",
                assertThrows(IllegalArgumentException.class, () -> esp(0, 10)).getMessage());
        assertEquals("lowest spi: 0xc0000000 is above the highest, 0x00000100",
                assertThrows(IllegalArgumentException.class, () -> esp(0xc0000000, 0x100)).getMessage());
        assertThrows(IllegalArgumentException.class, () -> SpiRequest.of(TestSas.SOURCE, TestSas.DESTINATION6,
                Protocol.ESP, Mode.TUNNEL, 0));
        assertThrows(IllegalArgumentException.class, () -> SpiRequest.of(TestSas.SOURCE, TestSas.DESTINATION,
                Protocol.ROUTING, Mode.TUNNEL, 0));
    }
}
