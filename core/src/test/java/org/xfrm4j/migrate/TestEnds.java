package org.xfrm4j.migrate;

import java.lang.foreign.MemorySegment;
import org.xfrm4j.sa.IpAddress;
import org.xfrm4j.wire.Inet;
import org.xfrm4j.wire.MigrateStateDecoder;
import org.xfrm4j.wire.MigrateStateEncoder;
import org.xfrm4j.wire.SelectorEncoder;

/** Ends of moves, from addresses. */
final class TestEnds {
    private TestEnds() {
    }

    static MoveEnds of(IpAddress source, IpAddress destination, IpAddress newSource, IpAddress newDestination,
            int reqid, boolean selectorFollows) {
        MemorySegment segment = MemorySegment.ofArray(new byte[MigrateStateEncoder.MAX_ENCODED_LENGTH]);
        MigrateStateEncoder move = new MigrateStateEncoder().wrap(segment, 0)
                .id(destination.high(), destination.low(), 1, destination.family().number(), Inet.IPPROTO_ESP)
                .newSource(newSource.high(), newSource.low())
                .newDestination(newDestination.high(), newDestination.low())
                .newFamily(newSource.family().number())
                .newReqid(reqid)
                .newSelector(MemorySegment.ofArray(new byte[SelectorEncoder.LENGTH]), 0);
        if (selectorFollows) {
            move.updateHostToHostSelector();
        }
        return new MoveEnds().from(source.family().number(), source.high(), source.low(), destination.high(),
                destination.low()).to(new MigrateStateDecoder().wrap(segment, 0, move.encode()));
    }
}
