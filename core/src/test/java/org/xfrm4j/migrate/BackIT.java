package org.xfrm4j.migrate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.xfrm4j.EmbeddedKernel;
import org.xfrm4j.RandomSas;
import org.xfrm4j.sa.AddressFamily;
import org.xfrm4j.sa.Direction;
import org.xfrm4j.sa.Encap;
import org.xfrm4j.sa.IpAddress;
import org.xfrm4j.sa.IpPrefix;
import org.xfrm4j.sa.Mark;
import org.xfrm4j.sa.Protocol;
import org.xfrm4j.sa.SaId;
import org.xfrm4j.sa.SecurityAssociation;
import org.xfrm4j.sa.Selector;
import org.xfrm4j.wire.MigrateStateDecoder;

/** SAs of every kind, moved with random changes of everything, and taken back by the message that the plan keeps. */
class BackIT {
    private static final int SAS = 400;

    @RegisterExtension
    final EmbeddedKernel kernel = new EmbeddedKernel();

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 20_261_125})
    void takenBackAnSaIsAllThatItWas(long seed) {
        List<SecurityAssociation> sas = RandomSas.of(seed, SAS).stream()
                .filter(sa -> sa.id().protocol().hasSpi() && sa.mark().isMatchable()).toList();
        assertEquals(List.of(), kernel.sas().addAll(sas));
        List<SecurityAssociation> before = kernel.all();
        Random random = new Random(seed);
        MoveRule rule = (sa, move) -> {
            for (int i = random.nextInt(4); i >= 0; i--) {
                change(random, SecurityAssociation.from(sa)).apply(sa, move);
            }
            return true;
        };
        try (MigrationPlan plan = MigrationPlan.of(kernel.xfrm(), rule, PlanOptions.SAS_ONLY)) {
            List<Move> moves = new ArrayList<>();
            List<Move> backs = new ArrayList<>();
            MigrateStateDecoder decoder = new MigrateStateDecoder();
            for (int move = 0; move < plan.moveTable().count(); move++) {
                moves.add(DumpedSa.value(plan.moveTable().forward(move, decoder), null));
                backs.addFirst(DumpedSa.value(plan.moveTable().back(move, decoder), null));
            }
            assertTrue(moves.size() > SAS / 2, () -> "too few: " + moves.size() + plan.problems());
            allMove(moves);
            List<SecurityAssociation> between = kernel.all();
            between.retainAll(before);
            assertTrue(between.size() < SAS / 2, () -> "too many that a move did not change: " + between.size());
            allMove(backs);
        }
        Map<SaId, SecurityAssociation> after = new LinkedHashMap<>();
        kernel.all().forEach(sa -> after.put(sa.id(), sa));
        for (SecurityAssociation sa : before) {
            // Beside an IPComp tunnel the kernel makes an SA of its own, anew with each move.
            if (sa.id().protocol().hasSpi()) {
                assertEquals(sa, after.get(sa.id()));
            }
        }
    }

    private void allMove(List<Move> moves) {
        for (MoveResult result : new Migrator(kernel.xfrm()).move(moves)) {
            assertEquals(Outcome.MOVED, result.outcome(), () -> result + " of " + result.move());
        }
    }

    private static SaChange change(Random random, SecurityAssociation sa) {
        IpPrefix here = new IpPrefix(sa.source(), sa.source().family().bits() - random.nextInt(20));
        return switch (random.nextInt(12)) {
            case 0 -> SaChange.local(here, here(random, here));
            case 1 -> SaChange.remote(here, here(random, here));
            case 2 -> sa.source().family() == AddressFamily.INET ? toIpv6(random, sa) : SaChange.reqid(2);
            case 3 -> SaChange.reqid(random.nextInt());
            case 4 -> SaChange.selector(selector(sa.selector().family()));
            case 5 -> sa.id().protocol().equals(Protocol.ESP) ? SaChange.encap(
                    new Encap(Encap.ESP_IN_UDP, random.nextInt(1, 65536), 4500, IpAddress.UNSPECIFIED))
                            : SaChange.reqid(0);
            case 6 -> SaChange.removeEncap();
            case 7 -> SaChange.mark(Mark.exactly(random.nextInt()));
            case 8 -> SaChange.removeMark();
            case 9 -> SaChange.outputMark(new Mark(random.nextInt(), random.nextInt()));
            case 10 -> SaChange.removeOutputMark();
            default -> sa.encap() != null && sa.direction() == Direction.OUT
                    ? SaChange.natKeepalive(random.nextInt(2) * 20) : SaChange.reqid(1);
        };
    }

    private static SaChange toIpv6(Random random, SecurityAssociation sa) {
        return SaChange.local(host(sa.source()), ipv6(random)).and(SaChange.remote(host(sa.source()), ipv6(random)))
                .and(SaChange.local(host(sa.id().destination()), ipv6(random)))
                .and(SaChange.remote(host(sa.id().destination()), ipv6(random)));
    }

    private static Selector selector(AddressFamily family) {
        return switch (family) {
            case INET -> Selector.ALL_IPV4.withProtocol(17);
            case INET6 -> Selector.ALL_IPV6.withProtocol(17);
            case UNSPEC -> Selector.ALL;
        };
    }

    private static IpPrefix host(IpAddress address) {
        return IpPrefix.host(address);
    }

    private static IpPrefix here(Random random, IpPrefix like) {
        return new IpPrefix(like.address().family() == AddressFamily.INET ? IpAddress.ofIpv4(random.nextInt())
                : IpAddress.ofIpv6(random.nextLong(), random.nextLong()), like.length());
    }

    private static IpPrefix ipv6(Random random) {
        return host(IpAddress.ofIpv6(random.nextLong(), random.nextLong()));
    }
}
