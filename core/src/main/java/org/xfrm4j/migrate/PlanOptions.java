package org.xfrm4j.migrate;

import java.util.List;
import org.xfrm4j.sa.AddressFamily;
import org.xfrm4j.sa.IpAddress;

/**
 * How a plan is made.
 *
 * @param policies whether policies change with their SAs; false where the user keeps policies by other means
 * @param idlePolicies whether policies, or templates of them, that use no SA at the moment follow as well; see
 *     {@link #withoutIdlePolicies}
 * @param parking addresses by way of which SAs may go that wait for each other in a circle, as when two change places;
 *     see {@link #parking(IpAddress...)}
 */
public record PlanOptions(boolean policies, boolean idlePolicies, List<IpAddress> parking) {
    /** With policies, idle ones too, and without an address to go by. */
    public static final PlanOptions DEFAULT = new PlanOptions(true, true, List.of());
    /** SAs alone. Nothing blocks while they move: to see to that is then the user's. */
    public static final PlanOptions SAS_ONLY = new PlanOptions(false, false, List.of());

    /**
     * Checks the addresses.
     *
     * @throws IllegalArgumentException if one of them is none of IPv4 or IPv6, or the unspecified one
     */
    public PlanOptions {
        parking = List.copyOf(parking);
        for (IpAddress address : parking) {
            if (address.family() == AddressFamily.UNSPEC || address.isUnspecified()) {
                throw new IllegalArgumentException("parking: " + address + " is no address that an SA could have");
            }
        }
    }

    /**
     * These options, with addresses to park SAs at: where some move to each other's places (A to B's, B to A's), one
     * of them first gets such an address as its destination, then the others move, then it goes on to its new place.
     * An SA is parked at the first address of its family at which no SA has its SPI and protocol; one address for each
     * family does for most gateways. Without any, circles are refused.
     *
     * <p>It should be an address that this host neither has nor sends to, of a block for documentation for instance. An
     * outgoing SA is parked while the policies that use it block: nothing is sent to that address (but a NAT keepalive,
     * if one is due in just these milliseconds). An incoming one is not found by the packets of its peer while it is
     * parked: they are lost, as in the middle of any move, only for two moves and what is between them; and it would be
     * found by packets to the parking address, if the host had that.
     *
     * @param addresses one for each family of the SAs that may be concerned, or more
     * @return the options
     */
    public PlanOptions parking(IpAddress... addresses) {
        return new PlanOptions(policies, idlePolicies, List.of(addresses));
    }

    /**
     * These options, so that policies without SAs stay as they are.
     *
     * <p>Otherwise a policy of which a template uses no SA at the moment follows as well, if the rule would give the SA
     * that the template asks for another address: a trap policy, which is there to have SAs negotiated when packets
     * come, or one whose SAs have expired. The rule is asked about that SA as about any: with the template's addresses
     * (in transport mode those of the policy's selector, if these are two hosts), protocol, mode and reqid, the
     * policy's direction, mark, if_id and selector, and SPI 0. A rule about SPIs does not pick it; one that picks it
     * and changes no address leaves the policy as it is.
     *
     * @return the options
     */
    public PlanOptions withoutIdlePolicies() {
        return new PlanOptions(policies, false, parking);
    }
}
