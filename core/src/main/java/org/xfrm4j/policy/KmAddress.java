package org.xfrm4j.policy;

import org.xfrm4j.sa.AddressFamily;
import org.xfrm4j.sa.IpAddress;
import org.xfrm4j.wire.KmAddressDecoder;
import org.xfrm4j.wire.KmAddressEncoder;

/**
 * Between which addresses an IKE daemon is to negotiate from now on ({@code struct xfrm_user_kmaddress}). The kernel
 * hands it from whoever migrates to whoever listens, and does not look at it.
 *
 * @param local the address on this side
 * @param remote the address on the other side, of the same family
 */
public record KmAddress(IpAddress local, IpAddress remote) {
    /**
     * Checks the addresses.
     *
     * @throws IllegalArgumentException if they differ in family
     */
    public KmAddress {
        Check.notNull("local address", local);
        Check.notNull("remote address", remote);
        Check.refuse(local.family() != remote.family(), "km address: local %s and remote %s of different families",
                local, remote);
    }

    /**
     * {@return the addresses that are there}
     *
     * @throws IllegalArgumentException if their family is unknown
     */
    public static KmAddress from(KmAddressDecoder address) {
        AddressFamily family = AddressFamily.of(address.family());
        return new KmAddress(IpAddress.ofWire(family, address.localHigh(), address.localLow()),
                IpAddress.ofWire(family, address.remoteHigh(), address.remoteLow()));
    }

    /**
     * Writes the addresses.
     *
     * @param address where to; already wrapped
     * @return the size in bytes
     */
    public int encode(KmAddressEncoder address) {
        return address.local(local.high(), local.low())
                .remote(remote.high(), remote.low())
                .family(local.family().number())
                .encodedLength();
    }
}
