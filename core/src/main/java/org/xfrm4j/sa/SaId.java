package org.xfrm4j.sa;

import org.xfrm4j.bindings.xfrm4j_h;
import org.xfrm4j.wire.SaDecoder;
import org.xfrm4j.wire.SaIdDecoder;
import org.xfrm4j.wire.SaIdEncoder;

/**
 * What names an SA (RFC 4301, section 4.1): its destination, SPI and protocol, and for Linux its mark.
 *
 * @param destination the outer destination
 * @param spi the SPI; 0 only for an SA that the kernel waits for, or of a protocol without SPIs
 * @param protocol the protocol
 * @param mark the mark, exactly as the SA has it
 */
public record SaId(IpAddress destination, int spi, Protocol protocol, Mark mark) {
    /** Checks that all are there. An SPI of 0 is taken, since dumps show it; {@link #of} does not take it. */
    public SaId {
        Check.notNull("destination", destination);
        Check.notNull("proto", protocol);
        Check.notNull("mark", mark);
    }

    /**
     * The name of an SA without a mark.
     *
     * @param destination the outer destination
     * @param spi the SPI
     * @param protocol the protocol
     * @return the name
     * @throws IllegalArgumentException if the SPI is 0 where the protocol has SPIs, or the destination has no family
     */
    public static SaId of(IpAddress destination, int spi, Protocol protocol) {
        SaId id = new SaId(destination, spi, protocol, Mark.NONE);
        id.check();
        return id;
    }

    /** {@return this name, with a mark} */
    public SaId withMark(Mark other) {
        return new SaId(destination, spi, protocol, other);
    }

    void check() {
        if (spi == 0 && protocol.hasSpi()) {
            throw new IllegalArgumentException("spi: 0x00000000 names no SA");
        }
        if (destination.family() == AddressFamily.UNSPEC) {
            throw new IllegalArgumentException("destination: neither IPv4 nor IPv6");
        }
    }

    /**
     * {@return the name of the SA that is there}
     *
     * @throws IllegalArgumentException if its family is unknown
     */
    public static SaId from(SaDecoder sa) {
        AddressFamily family = AddressFamily.of(sa.family());
        return new SaId(IpAddress.ofWire(family, sa.destinationHigh(), sa.destinationLow()), sa.spi(),
                new Protocol(sa.protocol()), new Mark(sa.markValue(), sa.markMask()));
    }

    /**
     * {@return the name that is there}
     *
     * @param id the structure, which has no mark
     * @param mark the mark
     * @throws IllegalArgumentException if its family is unknown
     */
    public static SaId from(SaIdDecoder id, Mark mark) {
        AddressFamily family = AddressFamily.of(id.family());
        return new SaId(IpAddress.ofWire(family, id.destinationHigh(), id.destinationLow()), id.spi(),
                new Protocol(id.protocol()), mark);
    }

    /**
     * Writes the name, and {@code XFRMA_MARK} if there is a mark.
     *
     * @param id where to; already wrapped
     * @return the size in bytes
     */
    public int encode(SaIdEncoder id) {
        id.destination(destination.high(), destination.low())
                .spi(spi)
                .family(destination.family().number())
                .protocol(protocol.number());
        if (!mark.isNone()) {
            id.attributes().putMark(xfrm4j_h.XFRMA_MARK(), mark.value(), mark.mask());
        }
        return id.encodedLength();
    }

    /** {@return for example {@code esp spi 0xc0ffee01 → 198.51.100.7}} */
    @Override
    public String toString() {
        return protocol + " spi " + Check.hex32(spi) + " → " + destination + (mark.isNone() ? "" : " mark " + mark);
    }
}
