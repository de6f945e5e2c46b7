package org.xfrm4j.migrate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.xfrm4j.EmbeddedKernel;
import org.xfrm4j.TestSas;
import org.xfrm4j.sa.AddressFamily;
import org.xfrm4j.sa.Direction;
import org.xfrm4j.sa.Encap;
import org.xfrm4j.sa.IpAddress;
import org.xfrm4j.sa.IpPrefix;
import org.xfrm4j.sa.Mark;
import org.xfrm4j.sa.Mode;
import org.xfrm4j.sa.Protocol;
import org.xfrm4j.sa.ReplayState;
import org.xfrm4j.sa.SaId;
import org.xfrm4j.sa.SecurityAssociation;
import org.xfrm4j.sa.SecurityAssociationBuilder;
import org.xfrm4j.sa.Selector;

/**
 * Random SAs and random moves, all in one list, against a model that says in a few lines what each should come to.
 * Where it fails, the seed in the test's name repeats it.
 */
class MoveModelIT {
    private static final int SAS = 400;
    /** Fewer than SAs, so that some get in each other's way. */
    private static final int SPIS = 80;

    @RegisterExtension
    final EmbeddedKernel kernel = new EmbeddedKernel();

    @ParameterizedTest
    @ValueSource(longs = {1, 20_260_925, 0xc0ffee})
    void doesWhatTheModelSays(long seed) {
        Generator random = new Generator(new Random(seed));
        assertEquals(List.of(), kernel.sas().addAll(random.sas(SAS)));
        List<SecurityAssociation> before = kernel.all();
        List<Move> moves = new ArrayList<>();
        Model model = new Model(before);
        List<Outcome> predicted = new ArrayList<>();
        for (SecurityAssociation sa : before) {
            Move move = random.move(sa);
            moves.add(move);
            predicted.add(model.apply(sa, move));
        }

        List<MoveResult> results = new Migrator(kernel.xfrm()).move(moves);

        for (int i = 0; i < moves.size(); i++) {
            MoveResult result = results.get(i);
            Move move = moves.get(i);
            assertEquals(move, result.move());
            assertEquals(predicted.get(i), result.outcome(), () -> result + " of " + move);
        }
        new MoveCheck(kernel).assertHolds(model.sas());
        assertIsNotTrivial(predicted);
    }

    private static void assertIsNotTrivial(List<Outcome> outcomes) {
        Map<Outcome, Integer> counts = new EnumMap<>(Outcome.class);
        outcomes.forEach(outcome -> counts.merge(outcome, 1, Integer::sum));
        assertTrue(counts.get(Outcome.MOVED) > SAS / 2 && counts.get(Outcome.REJECTED) > 5, counts::toString);
    }

    /** What a move does to the SAs, as the kernel's documentation has it. */
    private static final class Model {
        private final Map<SaId, SecurityAssociation> sas = new LinkedHashMap<>();

        Model(List<SecurityAssociation> sas) {
            sas.forEach(sa -> this.sas.put(sa.id(), sa));
        }

        List<SecurityAssociation> sas() {
            return List.copyOf(sas.values());
        }

        Outcome apply(SecurityAssociation sa, Move move) {
            SecurityAssociation after = after(sa, move);
            if (!after.id().equals(sa.id()) && sas.containsKey(after.id())) {
                return Outcome.REJECTED;
            }
            sas.remove(sa.id());
            sas.put(after.id(), after);
            return Outcome.MOVED;
        }

        private static SecurityAssociation after(SecurityAssociation sa, Move move) {
            Encap encap = changed(sa.encap(), null, move.encap());
            int keepalive = changed(sa.natKeepaliveInterval(), 0, move.natKeepaliveSeconds());
            int threshold = changed(sa.mappingThreshold(), 0, move.mappingThresholdSeconds());
            return sa.toBuilder()
                    .source(move.newSource())
                    .destination(move.newDestination())
                    .reqid(move.newReqid())
                    .selector(switch (move.newSelector()) {
                        case NewSelector.To to -> to.selector();
                        case NewSelector.HostToHost _ -> hostToHost(sa.selector(), move);
                    })
                    .mark(changed(sa.mark(), Mark.NONE, move.mark()))
                    .outputMark(changed(sa.outputMark(), Mark.NONE, move.outputMark()))
                    .encap(encap)
                    .natKeepaliveInterval(encap == null ? 0 : keepalive)
                    .mappingThreshold(encap == null ? 0 : threshold)
                    .build();
        }

        private static Selector hostToHost(Selector before, Move move) {
            return new Selector(IpPrefix.host(move.newSource()), IpPrefix.host(move.newDestination()),
                    before.protocol(), before.sourcePort(), before.sourcePortMask(), before.destinationPort(),
                    before.destinationPortMask(), before.ifindex(), before.user());
        }

        private static <T> T changed(T now, T none, Change<T> change) {
            return switch (change) {
                case Change.Inherit<T> _ -> now;
                case Change.Set<T>(T value) -> value;
                case Change.Clear<T> _ -> none;
            };
        }
    }

    /** SAs and moves that the kernel takes, if nothing is in their way. */
    private static final class Generator {
        private static final IpAddress[] IPV4 = {IpAddress.parse("192.0.2.1"), IpAddress.parse("198.51.100.1"),
            IpAddress.parse("203.0.113.1"), IpAddress.parse("10.1.2.3")};
        private static final IpAddress[] IPV6 = {IpAddress.parse("2001:db8::1"), IpAddress.parse("2001:db8:1::1"),
            IpAddress.parse("2001:db8:ffff::"), IpAddress.parse("fd00::1:2:3")};

        private final Random random;

        Generator(Random random) {
            this.random = random;
        }

        List<SecurityAssociation> sas(int count) {
            Map<SaId, SecurityAssociation> sas = new LinkedHashMap<>();
            while (sas.size() < count) {
                SecurityAssociation sa = sa(0x1000 + random.nextInt(SPIS));
                sas.putIfAbsent(sa.id(), sa);
            }
            return List.copyOf(sas.values());
        }

        private SecurityAssociation sa(int spi) {
            AddressFamily family = family();
            int kind = random.nextInt(4);
            SecurityAssociationBuilder sa = switch (kind) {
                case 0 -> TestSas.ah(spi, family);
                case 1 -> TestSas.espCbc(spi, family);
                default -> TestSas.esp(spi, family);
            };
            boolean esn = chance();
            sa = esn ? TestSas.inUseWithEsn(sa) : TestSas.inUse(sa);
            IpAddress source = address(family);
            IpAddress destination = address(family);
            Mode mode = pick(Mode.TUNNEL, Mode.TUNNEL, Mode.TRANSPORT, Mode.BEET);
            sa.source(source).destination(destination).mode(mode).reqid(random.nextInt())
                    .mark(markOf(spi)).outputMark(chance() ? Mark.NONE : mark()).ifId(random.nextInt(3));
            sa.selector(chance() ? ports(TestSas.hostToHost(source, destination))
                    : selector(mode.equals(Mode.TRANSPORT) ? family : family()));
            boolean encap = kind != 0 && chance();
            if (encap) {
                sa.encap(encap());
            }
            switch (random.nextInt(3)) {
                case 0 -> {
                    sa.direction(Direction.OUT).replayWindow(0).replay(new ReplayState(random.nextInt(), 0, 0))
                            .flags(SecurityAssociation.FLAG_NO_ECN);
                    if (encap && chance()) {
                        sa.natKeepaliveInterval(seconds());
                    }
                }
                case 1 -> {
                    sa.direction(Direction.IN).replayWindow(32).replay(new ReplayState(0, random.nextInt(),
                            random.nextInt())).flags(SecurityAssociation.FLAG_DECAP_DSCP).extraFlags(0);
                    if (encap && chance()) {
                        sa.mappingThreshold(seconds());
                    }
                }
                default -> {
                }
            }
            return sa.build();
        }

        /** By SPI, so that of one SPI either none has a mark or all have: else they would shadow each other. */
        private Mark markOf(int spi) {
            return spi % 3 != 0 ? Mark.NONE : new Mark(1 + random.nextInt(3) << 4, 0xf0);
        }

        Move move(SecurityAssociation sa) {
            Move.Builder move = Move.of(sa);
            AddressFamily family = sa.family();
            if (random.nextInt(5) != 0) {
                family = family();
                move.source(address(family)).destination(address(family));
            }
            if (chance()) {
                move.reqid(random.nextBoolean() ? 0 : random.nextInt());
            }
            selector(sa, move, family);
            if (!sa.mark().isNone() && random.nextInt(3) == 0) {
                move.mark(markOf(sa.spi()));
            }
            switch (random.nextInt(4)) {
                case 0 -> move.outputMark(mark());
                case 1 -> move.removeOutputMark();
                default -> {
                }
            }
            natTraversal(sa, move);
            if (random.nextInt(8) == 0) {
                move.removeOffload();
            }
            return move.build();
        }

        private void selector(SecurityAssociation sa, Move.Builder move, AddressFamily family) {
            boolean hostToHost = sa.selector().source().equals(IpPrefix.host(sa.source()))
                    && sa.selector().destination().equals(IpPrefix.host(sa.destination()));
            boolean mustFit = !sa.mode().equals(Mode.TUNNEL) && !sa.mode().equals(Mode.BEET);
            if (hostToHost && chance()) {
                move.hostToHostSelector();
            } else if (mustFit && sa.selector().family() != family) {
                move.selector(selector(family));
            } else if (chance()) {
                move.selector(selector(mustFit ? family : family()));
            }
        }

        private void natTraversal(SecurityAssociation sa, Move.Builder move) {
            boolean encap = sa.encap() != null;
            if (sa.protocol().equals(Protocol.ESP)) {
                switch (random.nextInt(4)) {
                    case 0 -> {
                        move.encap(encap());
                        encap = true;
                    }
                    case 1 -> {
                        move.removeEncap();
                        encap = false;
                    }
                    default -> {
                    }
                }
            }
            if (encap && sa.direction() == Direction.OUT && chance()) {
                move.natKeepalive(seconds());
            } else if (random.nextInt(4) == 0) {
                move.removeNatKeepalive();
            }
            if (encap && sa.direction() != Direction.OUT && chance()) {
                if (random.nextInt(4) == 0) {
                    move.removeMappingThreshold();
                } else {
                    move.mappingThreshold(seconds());
                }
            }
        }

        private boolean chance() {
            return random.nextBoolean();
        }

        private AddressFamily family() {
            return chance() ? AddressFamily.INET : AddressFamily.INET6;
        }

        private IpAddress address(AddressFamily family) {
            return pick(family == AddressFamily.INET ? IPV4 : IPV6);
        }

        private Selector selector(AddressFamily family) {
            int bits = family.bits();
            return ports(Selector.of(new IpPrefix(address(family), random.nextInt(bits + 1)),
                    new IpPrefix(address(family), random.nextInt(bits + 1))));
        }

        private Selector ports(Selector selector) {
            return chance() ? selector : selector.withProtocol(6).withSourcePort(random.nextInt(0x10000), 0xff00)
                    .withDestinationPort(random.nextInt(0x10000), 0xffff);
        }

        private Mark mark() {
            return new Mark(random.nextInt(), random.nextInt() | 1);
        }

        private Encap encap() {
            return Encap.espInUdp(random.nextInt(0x10000), random.nextInt(0x10000));
        }

        private int seconds() {
            return 1 + random.nextInt(1000);
        }

        @SafeVarargs
        private <T> T pick(T... of) {
            return of[random.nextInt(of.length)];
        }
    }
}
