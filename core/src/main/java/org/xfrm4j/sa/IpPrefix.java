package org.xfrm4j.sa;

/**
 * An address and how many of its bits count. Bits behind those are kept as they are: the kernel keeps them too.
 *
 * @param address the address
 * @param length how many bits count: 0 to 32 for IPv4, to 128 for IPv6
 */
public record IpPrefix(IpAddress address, int length) {
    /** All of IPv4. */
    public static final IpPrefix ALL_IPV4 = new IpPrefix(IpAddress.ANY_IPV4, 0);
    /** All of IPv6. */
    public static final IpPrefix ALL_IPV6 = new IpPrefix(IpAddress.ANY_IPV6, 0);
    /** All of both families. */
    public static final IpPrefix ALL = new IpPrefix(IpAddress.UNSPECIFIED, 0);

    /**
     * Checks the length.
     *
     * @throws IllegalArgumentException if the address has fewer bits
     */
    public IpPrefix {
        Check.range("prefix length", length, 0, Check.notNull("address", address).family().bits());
    }

    /** {@return the prefix of one address} */
    public static IpPrefix host(IpAddress address) {
        return new IpPrefix(address, address.family().bits());
    }

    /**
     * Parses an address, or an address, a slash and a length in bits.
     *
     * @param text for example {@code 192.0.2.0/24} or {@code 2001:db8::1}
     * @return the prefix
     * @throws IllegalArgumentException if it is neither
     */
    public static IpPrefix parse(String text) {
        int slash = text.indexOf('/');
        if (slash < 0) {
            return host(IpAddress.parse(text));
        }
        String length = text.substring(slash + 1);
        if (length.isEmpty() || length.length() > 3 || !length.chars().allMatch(c -> c >= '0' && c <= '9')) {
            throw new IllegalArgumentException("prefix length: \"" + length + "\" in \"" + text + "\"");
        }
        return new IpPrefix(IpAddress.parse(text.substring(0, slash)), Integer.parseInt(length));
    }

    /** {@return address, slash, length} */
    @Override
    public String toString() {
        return address + "/" + length;
    }
}
