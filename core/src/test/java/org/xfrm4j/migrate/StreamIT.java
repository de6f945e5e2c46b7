package org.xfrm4j.migrate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.xfrm4j.EmbeddedKernel;
import org.xfrm4j.SaFilter;
import org.xfrm4j.TestSas;
import org.xfrm4j.netlink.Acknowledge;
import org.xfrm4j.sa.AddressFamily;
import org.xfrm4j.sa.Encap;
import org.xfrm4j.sa.IpAddress;
import org.xfrm4j.sa.IpPrefix;
import org.xfrm4j.sa.Mark;
import org.xfrm4j.sa.Protocol;
import org.xfrm4j.sa.SecurityAssociation;
import org.xfrm4j.sa.SecurityAssociationBuilder;

/** From a dump straight into batches. */
class StreamIT {
    private static final int SPI = 0x10000;
    private static final IpPrefix OLD_GATEWAY = IpPrefix.parse("198.51.100.0/25");
    private static final IpAddress FROM = IpAddress.parse("198.51.100.5");
    private static final IpAddress ELSEWHERE = IpAddress.parse("203.0.113.5");

    @RegisterExtension
    final EmbeddedKernel kernel = new EmbeddedKernel();

    private final MoveCheck check = new MoveCheck(kernel);
    private final Map<Integer, Integer> timesHeardOf = new HashMap<>();

    private void hear(MoveReport report) {
        timesHeardOf.merge(report.message().id().spi(), 1, Integer::sum);
    }

    private void assertHeardOnceOfEach(List<SecurityAssociation> sas) {
        Set<Integer> spis = sas.stream().map(SecurityAssociation::spi).collect(Collectors.toSet());
        assertEquals(spis, timesHeardOf.keySet());
        assertEquals(Set.of(1), new HashSet<>(timesHeardOf.values()));
    }

    private List<SecurityAssociation> addAll(List<SecurityAssociation> sas) {
        assertEquals(List.of(), kernel.sas().addAll(sas));
        List<SecurityAssociation> there = kernel.all();
        assertEquals(sas.size(), there.size());
        return there;
    }

    private static List<SecurityAssociation> movedWhere(List<SecurityAssociation> before,
            Predicate<SecurityAssociation> moves, UnaryOperator<SecurityAssociationBuilder> how) {
        return before.stream().map(sa -> moves.test(sa) ? how.apply(sa.toBuilder()).build() : sa).toList();
    }

    @Test
    void movesThousandsOfTheDumpThatFilterAndRulePick() {
        List<SecurityAssociation> sas = new ArrayList<>();
        for (int i = 0; i < 3000; i++) {
            SecurityAssociationBuilder sa = switch (i % 5) {
                case 0 -> TestSas.ah(SPI + i, AddressFamily.INET).destination(FROM);
                case 1 -> TestSas.esp(SPI + i).destination(ELSEWHERE);
                case 2 -> TestSas.esp(SPI + i, AddressFamily.INET6);
                default -> TestSas.inUse(TestSas.esp(SPI + i)).destination(FROM);
            };
            sas.add(sa.build());
        }
        List<SecurityAssociation> before = addAll(sas);
        List<SecurityAssociation> filtered = before.stream()
                .filter(sa -> sa.protocol().equals(Protocol.ESP) && sa.destination().equals(FROM)).toList();
        List<SecurityAssociation> picked = filtered.stream().filter(sa -> sa.spi() % 3 != 0).toList();

        MoveCounts counts = new Migrator(kernel.xfrm()).stream(
                SaFilter.ALL.protocol(Protocol.ESP).destination(OLD_GATEWAY),
                (sa, move) -> {
                    move.newDestination(TestSas.NEW_DESTINATION.high(), TestSas.NEW_DESTINATION.low());
                    return sa.spi() % 3 != 0;
                },
                report -> {
                    assertSame(Outcome.MOVED, report.outcome());
                    assertNull(report.refusal());
                    hear(report);
                });

        assertTrue(picked.size() > 700 && picked.size() < filtered.size(), "the test is to be about many");
        assertEquals(new MoveCounts(picked.size(), 0, 0, 0, filtered.size() - picked.size()), counts);
        assertHeardOnceOfEach(picked);
        check.assertHolds(movedWhere(before, picked::contains, sa -> sa.destination(TestSas.NEW_DESTINATION)));
    }

    /** An SA that moved stands at the front of the kernel's list: the dump that goes on must not come to it again. */
    @Test
    void doesNotMeetWhatItHasMovedAgain() {
        List<SecurityAssociation> sas = new ArrayList<>();
        for (int i = 0; i < 2000; i++) {
            sas.add(TestSas.inUse(TestSas.esp(SPI + i)).build());
        }
        List<SecurityAssociation> before = addAll(sas);

        MoveCounts counts = new Migrator(kernel.xfrm(), new MigrateOptions(7, Acknowledge.ERRORS_AND_LAST)).stream(
                SaFilter.ALL,
                (sa, move) -> {
                    // One further, wherever it is: who was met twice would be two further.
                    move.newDestination(sa.destinationHigh() + (1L << 32), sa.destinationLow());
                    return true;
                },
                this::hear);

        assertEquals(new MoveCounts(2000, 0, 0, 0, 0), counts);
        assertHeardOnceOfEach(before);
        check.assertHolds(movedWhere(before, sa -> true,
                sa -> sa.destination(IpAddress.ofIpv4(TestSas.DESTINATION.ipv4Bits() + 1))));
    }

    @Test
    void changesAllThatARuleSets() {
        List<SecurityAssociation> sas = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            sas.add(TestSas.inUse(TestSas.esp(SPI + i)).mark(Mark.exactly(i + 1)).outputMark(new Mark(i, 0xfff))
                    .encap(Encap.espInUdp(4500, 1000 + i)).build());
        }
        List<SecurityAssociation> before = addAll(sas);

        MoveCounts counts = new Migrator(kernel.xfrm()).stream(SaFilter.ALL,
                (sa, move) -> {
                    move.newSource(TestSas.NEW_SOURCE6.high(), TestSas.NEW_SOURCE6.low())
                            .newDestination(TestSas.NEW_DESTINATION6.high(), TestSas.NEW_DESTINATION6.low())
                            .newFamily(AddressFamily.INET6.number())
                            .newReqid(sa.spi())
                            .removeEncap()
                            .outputMark(7, 0xff)
                            .mark(sa.spi(), ~0);
                    return true;
                },
                this::hear);

        assertEquals(new MoveCounts(300, 0, 0, 0, 0), counts);
        check.assertHolds(before.stream().map(sa -> sa.toBuilder().source(TestSas.NEW_SOURCE6)
                .destination(TestSas.NEW_DESTINATION6).reqid(sa.spi()).encap(null).outputMark(new Mark(7, 0xff))
                .mark(Mark.exactly(sa.spi())).build()).toList());
    }

    /** Each is looked up before it moves, and goes into the batch all the same. */
    @Test
    void movesSasWithMarksWithoutAnObjectForEach() {
        int count = 1000;
        List<SecurityAssociation> sas = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            sas.add(TestSas.esp(SPI + i).mark(Mark.exactly(i + 1)).build());
        }
        addAll(sas);
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        Migrator migrator = new Migrator(kernel.xfrm());
        // What is left once all is compiled: the second socket, and the JVM's own noise. An object takes 16 bytes.
        long enough = 15L * count;
        long least = Long.MAX_VALUE;
        for (int round = 0; round < 60 && least > enough; round++) {
            IpAddress to = round % 2 == 0 ? TestSas.NEW_DESTINATION : TestSas.DESTINATION;
            MoveRule rule = (sa, move) -> {
                move.newDestination(to.high(), to.low());
                return true;
            };
            long before = threads.getCurrentThreadAllocatedBytes();
            MoveCounts counts = migrator.stream(SaFilter.ALL, rule, MoveListener.NONE);
            least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
            assertEquals(new MoveCounts(count, 0, 0, 0, 0), counts);
        }
        assertTrue(least <= enough, least + " bytes for " + count + " SAs");
    }

    @Test
    void changesMarksAloneOneByOne() {
        List<SecurityAssociation> sas = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            sas.add(TestSas.inUse(TestSas.esp(SPI)).mark(Mark.exactly(i + 1)).reqid(i + 1).build());
        }
        List<SecurityAssociation> before = addAll(sas);

        // Each to the mark of the next one, which the kernel would not mind; the last one's is free.
        MoveCounts counts = new Migrator(kernel.xfrm()).stream(SaFilter.ALL,
                (sa, move) -> {
                    move.mark(sa.markValue() + 1, ~0);
                    return true;
                },
                MoveListener.NONE);

        // The kernel dumps the newest first, so that each finds its place free.
        assertEquals(new MoveCounts(20, 0, 0, 0, 0), counts);
        check.assertHolds(before.stream().map(sa -> sa.toBuilder()
                .mark(Mark.exactly(sa.mark().value() + 1)).build()).toList());
    }

    @Test
    void countsWhatTheKernelRefusesAndWhatIsNotSent() {
        List<SecurityAssociation> before = addAll(List.of(
                TestSas.esp(1).build(), TestSas.esp(2).build(), TestSas.esp(3).build(), TestSas.esp(4).build(),
                TestSas.esp(2).destination(TestSas.NEW_DESTINATION).build()));
        Map<Integer, String> refused = new HashMap<>();

        MoveCounts counts = new Migrator(kernel.xfrm()).stream(SaFilter.ALL.destination(OLD_GATEWAY),
                (sa, move) -> {
                    move.newDestination(TestSas.NEW_DESTINATION.high(), TestSas.NEW_DESTINATION.low());
                    if (sa.spi() == 3) {
                        move.natKeepalive(20);
                    }
                    return sa.spi() != 4;
                },
                report -> {
                    if (report.outcome() != Outcome.MOVED) {
                        refused.put(report.message().id().spi(), report.refusal().toString());
                    }
                });

        assertEquals(new MoveCounts(1, 2, 0, 0, 1), counts);
        assertEquals(Map.of(2, "EEXIST (17) New SA tuple already occupied",
                3, "not sent: XFRMA_NAT_KEEPALIVE_INTERVAL: 20 s without encapsulation"), refused);
        check.assertHolds(movedWhere(before, sa -> sa.spi() == 1, sa -> sa.destination(TestSas.NEW_DESTINATION)));
    }

    @Test
    void carriesOutAndReportsWhatWasDecidedBeforeARuleFailed() {
        List<SecurityAssociation> before = addAll(List.of(
                TestSas.esp(1).build(), TestSas.esp(2).build(), TestSas.esp(3).build(), TestSas.esp(4).build()));
        Migrator migrator = new Migrator(kernel.xfrm());

        // The newest comes first: 4, 3, and then the fault.
        UnsupportedOperationException thrown = assertThrows(UnsupportedOperationException.class,
                () -> migrator.stream(SaFilter.ALL,
                        (sa, move) -> {
                            if (sa.spi() == 2) {
                                throw new UnsupportedOperationException("a fault of the rule");
                            }
                            move.newDestination(TestSas.NEW_DESTINATION.high(), TestSas.NEW_DESTINATION.low());
                            return true;
                        },
                        this::hear));

        assertEquals("a fault of the rule", thrown.getMessage());
        assertEquals(Map.of(4, 1, 3, 1), timesHeardOf);
        check.assertHolds(movedWhere(before, sa -> sa.spi() > 2, sa -> sa.destination(TestSas.NEW_DESTINATION)));
        assertEquals(new MoveCounts(0, 0, 0, 0, 4),
                migrator.stream(SaFilter.ALL, (sa, move) -> false, MoveListener.NONE), "and can be used again");
    }

    @Test
    void hasNothingToDoWhereNothingIsDumped() {
        assertEquals(new MoveCounts(0, 0, 0, 0, 0),
                new Migrator(kernel.xfrm()).stream(SaFilter.ALL, (sa, move) -> true, this::hear));
        assertEquals(Map.of(), timesHeardOf);
    }
}
