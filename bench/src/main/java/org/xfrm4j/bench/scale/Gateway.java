package org.xfrm4j.bench.scale;

import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.xfrm4j.SaDump;
import org.xfrm4j.SaFilter;
import org.xfrm4j.Xfrm;
import org.xfrm4j.migrate.MoveRule;
import org.xfrm4j.migrate.SaChange;
import org.xfrm4j.migrate.SaSelection;
import org.xfrm4j.policy.Policy;
import org.xfrm4j.policy.PolicyDirection;
import org.xfrm4j.policy.Template;
import org.xfrm4j.sa.Aead;
import org.xfrm4j.sa.Direction;
import org.xfrm4j.sa.IpAddress;
import org.xfrm4j.sa.IpPrefix;
import org.xfrm4j.sa.Key;
import org.xfrm4j.sa.Mode;
import org.xfrm4j.sa.Protocol;
import org.xfrm4j.sa.ReplayEsn;
import org.xfrm4j.sa.SecurityAssociation;
import org.xfrm4j.sa.Selector;

/**
 * A gateway's SAs and policies: tunnels, AES-GCM with 256 bits, extended sequence numbers; to each the policies out, in
 * and fwd, as IKE daemons install them.
 */
final class Gateway {
    static final IpAddress HERE = IpAddress.parse("192.0.2.1");
    static final IpAddress THERE = IpAddress.parse("203.0.113.1");

    private static final IpPrefix OUR_HOST = IpPrefix.parse("172.16.0.1");
    private static final int STEP = 1000;
    private static final int PRIORITY = 1000;
    private static final int KEY_BYTES = 36;
    private static final int REPLAY_WINDOW = 128;

    private final Shape shape;

    Gateway(Shape shape) {
        this.shape = shape;
    }

    /** Moves whatever has the gateway's address. */
    static MoveRule moving(IpAddress from, IpAddress to) {
        return MoveRule.of(SaSelection.local(IpPrefix.host(from)), SaChange.local(IpPrefix.host(from),
                IpPrefix.host(to)));
    }

    SecurityAssociation sa(int index) {
        Sample sample = Sample.of(index, shape);
        boolean in = sample.incoming();
        IpPrefix inner = IpPrefix.host(sample.inner());
        return SecurityAssociation.builder()
                .source(in ? sample.peer() : HERE)
                .destination(in ? HERE : sample.peer())
                .spi(sample.spi())
                .mode(Mode.TUNNEL)
                .direction(in ? Direction.IN : Direction.OUT)
                .reqid(sample.reqid())
                .selector(in ? Selector.of(inner, IpPrefix.ALL_IPV4) : Selector.of(IpPrefix.ALL_IPV4, inner))
                .algorithm(Aead.aesGcm(Key.of(key(index))))
                .flags(SecurityAssociation.FLAG_ESN)
                .replay(in ? new ReplayEsn(0, index, REPLAY_WINDOW, List.of(0, 0, 0, 0))
                        : new ReplayEsn(index, 0, 0, List.of()))
                .build();
    }

    /** A key that differs from the others'. */
    static byte[] key(int index) {
        byte[] key = new byte[KEY_BYTES];
        Arrays.fill(key, (byte) 0x5a);
        for (int i = 0; i < Integer.BYTES; i++) {
            key[i] = (byte) (index >>> 8 * i);
        }
        return key;
    }

    private Stream<Policy> policies(int tunnel) {
        Sample sample = Sample.of(tunnel * 2 * shape.sasOfDirection(), shape);
        return Stream.of(PolicyDirection.OUT, PolicyDirection.IN, PolicyDirection.FORWARD).map(direction -> {
            boolean out = direction == PolicyDirection.OUT;
            IpPrefix inner = IpPrefix.host(sample.inner());
            return Policy.builder().direction(direction).priority(PRIORITY)
                    .selector(out ? Selector.of(OUR_HOST, inner) : Selector.of(inner, OUR_HOST))
                    .template(Template.tunnel(Protocol.ESP, out ? HERE : sample.peer(), out ? sample.peer() : HERE)
                            .withReqid(sample.reqid()))
                    .build();
        });
    }

    void installSas(Xfrm xfrm, int count) {
        inSteps(count, this::sa, sas -> xfrm.sas().addAll(sas));
    }

    void installPolicies(Xfrm xfrm, int sas) {
        int tunnels = shape.tunnels(sas);
        for (int from = 0; from < tunnels; from += STEP) {
            refuseNone(xfrm.policies().addAll(IntStream.range(from, Math.min(tunnels, from + STEP)).boxed()
                    .flatMap(this::policies).toList()));
        }
    }

    private static <T> void inSteps(int count, IntFunction<T> make, Function<List<T>, List<?>> add) {
        for (int from = 0; from < count; from += STEP) {
            refuseNone(add.apply(IntStream.range(from, Math.min(count, from + STEP)).mapToObj(make).toList()));
        }
    }

    private static void refuseNone(List<?> refusals) {
        if (!refusals.isEmpty()) {
            throw new IllegalStateException("the kernel refused " + refusals.getFirst());
        }
    }

    /** How many SAs have an address at the gateway's end. */
    static int count(Xfrm xfrm, IpAddress gateway) {
        int count = 0;
        try (SaDump dump = xfrm.sas().dump(SaFilter.ALL)) {
            while (dump.next()) {
                boolean there = dump.sa().destinationHigh() == gateway.high()
                        || dump.sa().sourceHigh() == gateway.high();
                count += there ? 1 : 0;
            }
        }
        return count;
    }
}
