package org.xfrm4j;

import java.util.Objects;
import java.util.Optional;
import org.xfrm4j.sa.IpPrefix;
import org.xfrm4j.sa.Protocol;

/**
 * Which SAs the kernel shall dump; it leaves out the others itself (XFRMA_PROTO and XFRMA_ADDRESS_FILTER).
 *
 * @param protocol only SAs of this protocol; empty: of each
 * @param source only SAs whose outer source lies in this prefix; empty: any
 * @param destination only SAs whose outer destination lies in this prefix; empty: any
 */
public record SaFilter(Optional<Protocol> protocol, Optional<IpPrefix> source, Optional<IpPrefix> destination) {
    /** All SAs. */
    public static final SaFilter ALL = new SaFilter(Optional.empty(), Optional.empty(), Optional.empty());

    /**
     * Checks that the two prefixes are of one family: the kernel compares both in it.
     *
     * @throws IllegalArgumentException if they are not
     */
    public SaFilter {
        Objects.requireNonNull(protocol, "protocol");
        if (source.isPresent() && destination.isPresent()
                && source.get().address().family() != destination.get().address().family()) {
            throw new IllegalArgumentException("source " + source.get() + " and destination " + destination.get()
                    + " of different families: an SA has one");
        }
    }

    /**
     * This filter, for one protocol.
     *
     * @param only the protocol
     * @return a new filter
     */
    public SaFilter protocol(Protocol only) {
        return new SaFilter(Optional.of(only), source, destination);
    }

    /**
     * This filter, for outer sources in a prefix.
     *
     * @param within the prefix
     * @return a new filter
     */
    public SaFilter source(IpPrefix within) {
        return new SaFilter(protocol, Optional.of(within), destination);
    }

    /**
     * This filter, for outer destinations in a prefix.
     *
     * @param within the prefix
     * @return a new filter
     */
    public SaFilter destination(IpPrefix within) {
        return new SaFilter(protocol, source, Optional.of(within));
    }
}
