package org.xfrm4j.migrate;

import org.xfrm4j.bindings.xfrm4j_h;
import org.xfrm4j.sa.AddressFamily;
import org.xfrm4j.sa.IpAddress;
import org.xfrm4j.wire.MigrateStateDecoder;

/**
 * From where to where an SA moves; what policies are about.
 *
 * @param oldSource its outer source now
 * @param oldDestination its outer destination now
 * @param source its new outer source
 * @param destination its new outer destination
 * @param reqid its new reqid
 * @param selectorFollows whether its selector, of these two hosts now, becomes that of the new ones
 */
record MoveEnds(IpAddress oldSource, IpAddress oldDestination, IpAddress source, IpAddress destination, int reqid,
        boolean selectorFollows) {

    static MoveEnds of(SaTable sas, int sa, MigrateStateDecoder move) {
        AddressFamily family = AddressFamily.of(move.newFamily());
        return new MoveEnds(sas.source(sa), sas.destination(sa),
                IpAddress.ofWire(family, move.newSourceHigh(), move.newSourceLow()),
                IpAddress.ofWire(family, move.newDestinationHigh(), move.newDestinationLow()), move.newReqid(),
                (move.flags() & xfrm4j_h.XFRM_MIGRATE_STATE_UPDATE_H2H_SEL()) != 0);
    }
}
