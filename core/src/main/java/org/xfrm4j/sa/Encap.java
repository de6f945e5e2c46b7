package org.xfrm4j.sa;

import org.xfrm4j.wire.EncapDecoder;
import org.xfrm4j.wire.EncapEncoder;
import org.xfrm4j.wire.Inet;

/**
 * How ESP is wrapped to get through NAT ({@code struct xfrm_encap_tmpl}; RFC 3948, RFC 8229).
 *
 * @param type {@link #ESP_IN_UDP}, {@link #ESP_IN_TCP} or another
 * @param sourcePort port of the SA's source
 * @param destinationPort port of the SA's destination
 * @param originalAddress the peer's address before NAT (NAT-OA, RFC 3947); the kernel keeps it and does not look at it
 */
public record Encap(int type, int sourcePort, int destinationPort, IpAddress originalAddress) {
    /** RFC 3948. */
    public static final int ESP_IN_UDP = Inet.UDP_ENCAP_ESPINUDP;
    /** RFC 8229. */
    public static final int ESP_IN_TCP = Inet.TCP_ENCAP_ESPINTCP;

    /**
     * Checks the fields.
     *
     * @throws IllegalArgumentException if one has more than 16 bits
     */
    public Encap {
        Check.range("encap type", type, 0, 0xffff);
        Check.range("encap source port", sourcePort, 0, 0xffff);
        Check.range("encap destination port", destinationPort, 0, 0xffff);
        Check.notNull("encap original address", originalAddress);
    }

    /** {@return ESP in UDP between two ports} */
    public static Encap espInUdp(int sourcePort, int destinationPort) {
        return new Encap(ESP_IN_UDP, sourcePort, destinationPort, IpAddress.UNSPECIFIED);
    }

    /** The encapsulation that is there; an original address of zeros has no family. */
    public static Encap from(EncapDecoder encap, AddressFamily family) {
        long high = encap.originalAddressHigh();
        long low = encap.originalAddressLow();
        return new Encap(encap.type(), encap.sourcePort(), encap.destinationPort(),
                (high | low) == 0 ? IpAddress.UNSPECIFIED : IpAddress.ofWire(family, high, low));
    }

    /**
     * Writes the encapsulation.
     *
     * @param encap where to; already wrapped
     * @return the size in bytes
     */
    public int encode(EncapEncoder encap) {
        return encap.type(type)
                .ports(sourcePort, destinationPort)
                .originalAddress(originalAddress.high(), originalAddress.low())
                .encodedLength();
    }

    /** {@return the encapsulation as {@code ip xfrm} prints it} */
    @Override
    public String toString() {
        return print(originalAddress);
    }

    /** The same in an SA, whose family an address of zeros has. */
    String print(AddressFamily family) {
        return print(originalAddress.isUnspecified() ? new IpAddress(family, 0, 0) : originalAddress);
    }

    private String print(IpAddress address) {
        String name = switch (type) {
            case ESP_IN_UDP -> "espinudp";
            case ESP_IN_TCP -> "espintcp";
            default -> Integer.toString(type);
        };
        return "encap type " + name + " sport " + sourcePort + " dport " + destinationPort + " addr "
                + address;
    }
}
