package org.xfrm4j.migrate;

import org.xfrm4j.sa.Direction;
import org.xfrm4j.sa.IpPrefix;
import org.xfrm4j.wire.MigrateStateEncoder;
import org.xfrm4j.wire.SaDecoder;

/** Maps one of an SA's outer addresses. */
final class AddressChange implements SaChange {
    private final PrefixMap map;
    /** The direction of which the source changes; of the other it is the destination. */
    private final int changesSource;
    private final int changesDestination;

    private AddressChange(PrefixMap map, Direction changesSource, Direction changesDestination) {
        this.map = map;
        this.changesSource = changesSource.number();
        this.changesDestination = changesDestination.number();
    }

    static AddressChange local(IpPrefix from, IpPrefix to) {
        return new AddressChange(new PrefixMap(from, to), Direction.OUT, Direction.IN);
    }

    static AddressChange remote(IpPrefix from, IpPrefix to) {
        return new AddressChange(new PrefixMap(from, to), Direction.IN, Direction.OUT);
    }

    @Override
    public void apply(SaDecoder sa, MigrateStateEncoder move) {
        int direction = sa.direction();
        if (direction != changesDestination && map.contains(sa.family(), sa.sourceHigh(), sa.sourceLow())) {
            move.newFamily(map.family());
            move.newSource(map.high(sa.sourceHigh(), sa.sourceLow()), map.low(sa.sourceHigh(), sa.sourceLow()));
        }
        if (direction != changesSource && map.contains(sa.family(), sa.destinationHigh(), sa.destinationLow())) {
            move.newFamily(map.family());
            move.newDestination(map.high(sa.destinationHigh(), sa.destinationLow()),
                    map.low(sa.destinationHigh(), sa.destinationLow()));
        }
    }
}
