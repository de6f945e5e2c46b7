package org.xfrm4j.sa;

import org.xfrm4j.wire.SelectorDecoder;
import org.xfrm4j.wire.SelectorEncoder;

/**
 * Which traffic an SA (or a policy) is for: {@code struct xfrm_selector}, RFC 4301, section 4.4.1.1.
 *
 * @param source the source
 * @param destination the destination, of the same family
 * @param protocol the protocol above IP; 0 for any
 * @param sourcePort the source port; with ICMP the type, with GRE the upper half of the key
 * @param sourcePortMask which of its bits count: 0xffff for one port, 0 for any
 * @param destinationPort the destination port; with ICMP the code, with GRE the lower half of the key
 * @param destinationPortMask which of its bits count
 * @param ifindex the interface's index; 0 for any
 * @param user a user id, which the kernel keeps and does not look at
 */
public record Selector(
        IpPrefix source,
        IpPrefix destination,
        int protocol,
        int sourcePort,
        int sourcePortMask,
        int destinationPort,
        int destinationPortMask,
        int ifindex,
        int user) {
    private static final int ICMP = 1;
    private static final int GRE = 47;
    private static final int ICMPV6 = 58;

    /** All traffic of IPv4. */
    public static final Selector ALL_IPV4 = of(IpPrefix.ALL_IPV4, IpPrefix.ALL_IPV4);
    /** All traffic of IPv6. */
    public static final Selector ALL_IPV6 = of(IpPrefix.ALL_IPV6, IpPrefix.ALL_IPV6);
    /** All traffic of both families; an SA that has it needs {@link SecurityAssociation#FLAG_AF_UNSPEC}. */
    public static final Selector ALL = of(IpPrefix.ALL, IpPrefix.ALL);

    /**
     * Checks the fields.
     *
     * @throws IllegalArgumentException if the families differ, or a field has more bits than the kernel's
     */
    public Selector {
        Check.notNull("selector source", source);
        Check.notNull("selector destination", destination);
        if (source.address().family() != destination.address().family()) {
            throw new IllegalArgumentException(
                    "selector: source " + source + " and destination " + destination + " of different families");
        }
        Check.range("selector protocol", protocol, 0, 255);
        Check.range("selector source port", sourcePort, 0, 0xffff);
        Check.range("selector source port mask", sourcePortMask, 0, 0xffff);
        Check.range("selector destination port", destinationPort, 0, 0xffff);
        Check.range("selector destination port mask", destinationPortMask, 0, 0xffff);
    }

    /** {@return the selector of all traffic from one prefix to another} */
    public static Selector of(IpPrefix source, IpPrefix destination) {
        return new Selector(source, destination, 0, 0, 0, 0, 0, 0, 0);
    }

    /** {@return this selector, for a protocol above IP} */
    public Selector withProtocol(int number) {
        return new Selector(source, destination, number, sourcePort, sourcePortMask, destinationPort,
                destinationPortMask, ifindex, user);
    }

    /** {@return this selector, for a source port} */
    public Selector withSourcePort(int port, int mask) {
        return new Selector(source, destination, protocol, port, mask, destinationPort, destinationPortMask, ifindex,
                user);
    }

    /** {@return this selector, for a destination port} */
    public Selector withDestinationPort(int port, int mask) {
        return new Selector(source, destination, protocol, sourcePort, sourcePortMask, port, mask, ifindex, user);
    }

    /** {@return this selector, for an interface} */
    public Selector withIfindex(int index) {
        return new Selector(source, destination, protocol, sourcePort, sourcePortMask, destinationPort,
                destinationPortMask, index, user);
    }

    /** {@return the family of both addresses} */
    public AddressFamily family() {
        return source.address().family();
    }

    /**
     * {@return the selector that is there}
     *
     * @throws IllegalArgumentException if a prefix is longer than an address, or the family unknown
     */
    public static Selector from(SelectorDecoder selector) {
        AddressFamily family = AddressFamily.of(selector.family());
        return new Selector(
                new IpPrefix(IpAddress.ofWire(family, selector.sourceHigh(), selector.sourceLow()),
                        selector.sourcePrefixLength()),
                new IpPrefix(IpAddress.ofWire(family, selector.destinationHigh(), selector.destinationLow()),
                        selector.destinationPrefixLength()),
                selector.protocol(),
                selector.sourcePort(),
                selector.sourcePortMask(),
                selector.destinationPort(),
                selector.destinationPortMask(),
                selector.ifindex(),
                selector.user());
    }

    /**
     * Writes the selector.
     *
     * @param selector where to; already wrapped
     * @return the size in bytes
     */
    public int encode(SelectorEncoder selector) {
        return selector.family(family().number())
                .source(source.address().high(), source.address().low(), source.length())
                .destination(destination.address().high(), destination.address().low(), destination.length())
                .protocol(protocol)
                .sourcePort(sourcePort, sourcePortMask)
                .destinationPort(destinationPort, destinationPortMask)
                .ifindex(ifindex)
                .user(user)
                .encodedLength();
    }

    /** {@return the selector as {@code ip xfrm} prints it} */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("src ").append(source).append(" dst ").append(destination);
        if (protocol != 0) {
            text.append(" proto ").append(protocol);
        }
        if (protocol == GRE && sourcePortMask == 0xffff && destinationPortMask == 0xffff) {
            text.append(" key ").append(Integer.toUnsignedString(sourcePort << 16 | destinationPort));
        } else {
            boolean icmp = protocol == ICMP || protocol == ICMPV6;
            port(text, icmp ? " type " : " sport ", sourcePort, sourcePortMask);
            port(text, icmp ? " code " : " dport ", destinationPort, destinationPortMask);
        }
        if (ifindex != 0) {
            text.append(" dev #").append(ifindex);
        }
        if (user != 0) {
            text.append(" uid ").append(Integer.toUnsignedString(user));
        }
        return text.toString();
    }

    private static void port(StringBuilder text, String name, int port, int mask) {
        if (port != 0 || mask != 0) {
            text.append(name).append(port);
            if (mask != 0xffff) {
                text.append("/0x").append(Integer.toHexString(mask));
            }
        }
    }
}
