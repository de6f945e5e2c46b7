package org.xfrm4j.bench.jmh;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.xfrm4j.SaDump;
import org.xfrm4j.SaFilter;
import org.xfrm4j.Xfrm;
import org.xfrm4j.sa.Aead;
import org.xfrm4j.sa.Direction;
import org.xfrm4j.sa.IpAddress;
import org.xfrm4j.sa.IpPrefix;
import org.xfrm4j.sa.Key;
import org.xfrm4j.sa.Mode;
import org.xfrm4j.sa.ReplayEsn;
import org.xfrm4j.sa.SecurityAssociation;
import org.xfrm4j.sa.Selector;

/** The samples as real SAs: AES-GCM with 256 bits, tunnel mode, extended sequence numbers. */
final class SampleSas {
    private static final int KEY_BYTES = 36;
    private static final int STEP = 1000;
    private static final int REPLAY_WINDOW = 128;

    private SampleSas() {
    }

    /** Adds SAs number 0 to {@code count} − 1. */
    static void add(Xfrm xfrm, int count, Sample.Layout layout) {
        for (int from = 0; from < count; from += STEP) {
            var refused = xfrm.sas().addAll(IntStream.range(from, Math.min(count, from + STEP))
                    .mapToObj(index -> make(new Sample(layout).at(index), index)).toList());
            if (!refused.isEmpty()) {
                throw new IllegalStateException("the kernel refused to add an SA: " + refused.getFirst());
            }
        }
    }

    private static SecurityAssociation make(Sample sample, int index) {
        IpAddress gateway = IpAddress.ofIpv4(Sample.GATEWAY);
        IpAddress peer = IpAddress.ofIpv4(sample.peer());
        IpPrefix inner = IpPrefix.host(IpAddress.ofIpv4(sample.inner()));
        byte[] key = new byte[KEY_BYTES];
        Arrays.fill(key, (byte) index);
        ByteBuffer.wrap(key).order(ByteOrder.nativeOrder()).putInt(0, index);
        boolean incoming = sample.incoming();
        return SecurityAssociation.builder()
                .source(incoming ? peer : gateway)
                .destination(incoming ? gateway : peer)
                .spi(sample.spi())
                .mode(Mode.TUNNEL)
                .direction(incoming ? Direction.IN : Direction.OUT)
                .reqid(sample.reqid())
                .selector(incoming ? Selector.of(inner, IpPrefix.ALL_IPV4) : Selector.of(IpPrefix.ALL_IPV4, inner))
                .algorithm(Aead.aesGcm(Key.of(key)))
                .flags(SecurityAssociation.FLAG_ESN)
                .replay(incoming ? new ReplayEsn(0, index, REPLAY_WINDOW, List.of(0, 0, 0, 0))
                        : new ReplayEsn(index, 0, 0, List.of()))
                .build();
    }

    /** How many SAs have this address at one end, and at the other the peer that they had before. */
    static long at(Xfrm xfrm, int gateway) {
        long found = 0;
        try (SaDump dump = xfrm.sas().dump(SaFilter.ALL)) {
            while (dump.next()) {
                boolean incoming = dump.sa().direction() == Direction.IN.number();
                long ours = incoming ? dump.sa().destinationHigh() : dump.sa().sourceHigh();
                long theirs = incoming ? dump.sa().sourceHigh() : dump.sa().destinationHigh();
                found += ours == Sample.high(gateway) && theirs >>> 56 == 10 ? 1 : 0;
            }
        }
        return found;
    }
}
