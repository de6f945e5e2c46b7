package org.xfrm4j.sa;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/**
 * An IPv4 or IPv6 address. Its 16 bytes are those of an {@code xfrm_address_t}, IPv4 in the first four.
 *
 * @param family the family
 * @param high bytes 0 to 7, the first byte uppermost; of IPv4 the lower half is 0
 * @param low bytes 8 to 15; of IPv4 0
 */
public record IpAddress(AddressFamily family, long high, long low) {
    /** The address without a family: all zero. */
    public static final IpAddress UNSPECIFIED = new IpAddress(AddressFamily.UNSPEC, 0, 0);
    /** 0.0.0.0 */
    public static final IpAddress ANY_IPV4 = new IpAddress(AddressFamily.INET, 0, 0);
    /** :: */
    public static final IpAddress ANY_IPV6 = new IpAddress(AddressFamily.INET6, 0, 0);

    /** The most bytes that {@link #print} writes. */
    public static final int MAX_TEXT_LENGTH = 39;

    private static final int GROUPS = 8;
    private static final String MAPPED = "::ffff:";

    /**
     * Checks that IPv4 has only its 32 bits.
     *
     * @throws IllegalArgumentException if it has more
     */
    public IpAddress {
        Check.notNull("family", family);
        if (family == AddressFamily.INET && (low != 0 || (int) high != 0)) {
            throw new IllegalArgumentException("address: more than 32 bits of IPv4");
        }
    }

    /**
     * {@return the address in 16 bytes of an {@code xfrm_address_t}, as the decoders of {@code wire} give them} Of
     * IPv4, what stands behind the first four bytes means nothing and is left out.
     */
    public static IpAddress ofWire(AddressFamily family, long high, long low) {
        return family == AddressFamily.INET ? new IpAddress(family, high & 0xffffffffL << 32, 0)
                : new IpAddress(family, high, low);
    }

    /** {@return an IPv4 address of its 32 bits, the first byte uppermost} */
    public static IpAddress ofIpv4(int bits) {
        return new IpAddress(AddressFamily.INET, (long) bits << 32, 0);
    }

    /** {@return an IPv6 address of its two halves, the first byte uppermost} */
    public static IpAddress ofIpv6(long high, long low) {
        return new IpAddress(AddressFamily.INET6, high, low);
    }

    /** {@return the same address; an IPv6 zone is left out} */
    public static IpAddress of(InetAddress address) {
        ByteBuffer bytes = ByteBuffer.wrap(address.getAddress());
        return bytes.remaining() == 4 ? ofIpv4(bytes.getInt()) : ofIpv6(bytes.getLong(), bytes.getLong());
    }

    /**
     * Parses a literal: IPv4 in four decimal parts, or IPv6 (RFC 4291, section 2.2). No name is ever looked up.
     *
     * @param literal for example {@code 192.0.2.1} or {@code 2001:db8::1}
     * @return the address
     * @throws IllegalArgumentException if it is neither
     */
    public static IpAddress parse(String literal) {
        return literal.indexOf(':') < 0 ? ofIpv4(parseIpv4(literal, literal)) : parseIpv6(literal);
    }

    private static int parseIpv4(String text, String literal) {
        int address = 0;
        int part = 0;
        int digits = 0;
        int parts = 0;
        for (int i = 0; i <= text.length(); i++) {
            char c = i < text.length() ? text.charAt(i) : '.';
            if (c == '.') {
                if (digits == 0 || ++parts > 4) {
                    throw notAnAddress(literal);
                }
                address = address << 8 | part;
                part = 0;
                digits = 0;
            } else {
                // A leading zero would be octal to some: refused, as inet_pton does.
                if (c < '0' || c > '9' || digits > 0 && part == 0) {
                    throw notAnAddress(literal);
                }
                part = part * 10 + c - '0';
                digits++;
                if (part > 255) {
                    throw notAnAddress(literal);
                }
            }
        }
        if (parts != 4) {
            throw notAnAddress(literal);
        }
        return address;
    }

    private static IpAddress parseIpv6(String literal) {
        int gap = literal.indexOf("::");
        if (gap < 0) {
            int[] groups = new int[GROUPS];
            if (parseGroups(literal, groups, literal) != GROUPS) {
                throw notAnAddress(literal);
            }
            return ofGroups(groups);
        }
        if (literal.indexOf("::", gap + 1) >= 0) {
            throw notAnAddress(literal);
        }
        int[] before = new int[GROUPS];
        int[] after = new int[GROUPS];
        String head = literal.substring(0, gap);
        if (head.indexOf('.') >= 0) {
            throw notAnAddress(literal);
        }
        int heads = parseGroups(head, before, literal);
        int tails = parseGroups(literal.substring(gap + 2), after, literal);
        if (heads + tails >= GROUPS) {
            throw notAnAddress(literal);
        }
        System.arraycopy(after, 0, before, GROUPS - tails, tails);
        return ofGroups(before);
    }

    /** Groups of 16 bits between colons, the last two perhaps as IPv4; returns how many. */
    private static int parseGroups(String text, int[] groups, String literal) {
        if (text.isEmpty()) {
            return 0;
        }
        int count = 0;
        for (int start = 0; start <= text.length(); ) {
            int end = text.indexOf(':', start);
            boolean last = end < 0;
            String group = text.substring(start, last ? text.length() : end);
            if (last && group.indexOf('.') >= 0) {
                if (count > GROUPS - 2) {
                    throw notAnAddress(literal);
                }
                int ipv4 = parseIpv4(group, literal);
                groups[count++] = ipv4 >>> 16;
                groups[count++] = ipv4 & 0xffff;
                return count;
            }
            if (count == GROUPS || group.isEmpty() || group.length() > 4) {
                throw notAnAddress(literal);
            }
            int value = 0;
            for (int i = 0; i < group.length(); i++) {
                // Character.digit would take the digits of other scripts as well.
                int digit = group.charAt(i) < 0x80 ? Character.digit(group.charAt(i), 16) : -1;
                if (digit < 0) {
                    throw notAnAddress(literal);
                }
                value = value << 4 | digit;
            }
            groups[count++] = value;
            if (last) {
                return count;
            }
            start = end + 1;
        }
        throw notAnAddress(literal);
    }

    private static IpAddress ofGroups(int[] groups) {
        long high = 0;
        long low = 0;
        for (int i = 0; i < 4; i++) {
            high = high << 16 | groups[i];
            low = low << 16 | groups[i + 4];
        }
        return ofIpv6(high, low);
    }

    private static IllegalArgumentException notAnAddress(String literal) {
        return new IllegalArgumentException("address: \"" + literal + "\" is not an IPv4 or IPv6 address");
    }

    /** {@return whether all bits are zero} */
    public boolean isUnspecified() {
        return high == 0 && low == 0;
    }

    /** {@return the bits of an IPv4 address, the first byte uppermost} */
    public int ipv4Bits() {
        return (int) (high >>> 32);
    }

    /**
     * {@return the address as the JDK knows it; an IPv6 address that maps an IPv4 one comes back as that}
     *
     * @throws IllegalStateException if it has no family
     */
    public InetAddress toInetAddress() {
        byte[] bytes = switch (family) {
            case INET -> ByteBuffer.allocate(4).putInt(ipv4Bits()).array();
            case INET6 -> ByteBuffer.allocate(16).putLong(high).putLong(low).array();
            case UNSPEC -> throw new IllegalStateException("address without a family");
        };
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException impossible) {
            throw new AssertionError("an address of 4 or 16 bytes", impossible);
        }
    }

    /** {@return IPv4 in four decimal parts, IPv6 as RFC 5952 has it} */
    @Override
    public String toString() {
        byte[] text = new byte[MAX_TEXT_LENGTH];
        return new String(text, 0, print(family, high, low, text, 0), StandardCharsets.ISO_8859_1);
    }

    /**
     * Writes the text of an address into an array, as {@link #toString} has it, without an object: for lists of many.
     *
     * @param family its family; none is written like IPv6
     * @param high bytes 0 to 7, the first byte uppermost; of IPv4 only four of them mean something
     * @param low bytes 8 to 15; of IPv4 they mean nothing
     * @param text what it is written into, in ASCII
     * @param offset where it begins; behind it there is room for {@link #MAX_TEXT_LENGTH} bytes
     * @return where it ends
     */
    public static int print(AddressFamily family, long high, long low, byte[] text, int offset) {
        Objects.checkFromIndexSize(offset, MAX_TEXT_LENGTH, text.length);
        return family == AddressFamily.INET ? printIpv4((int) (high >>> 32), text, offset)
                : printIpv6(high, low, text, offset);
    }

    private static int printIpv4(int bits, byte[] text, int offset) {
        int at = offset;
        for (int shift = 24; shift >= 0; shift -= 8) {
            int part = bits >>> shift & 0xff;
            if (part >= 100) {
                text[at++] = (byte) ('0' + part / 100);
            }
            if (part >= 10) {
                text[at++] = (byte) ('0' + part / 10 % 10);
            }
            text[at++] = (byte) ('0' + part % 10);
            if (shift > 0) {
                text[at++] = '.';
            }
        }
        return at;
    }

    private static int printIpv6(long high, long low, byte[] text, int offset) {
        int at = offset;
        // RFC 5952, section 5: what maps an IPv4 address shows it.
        if (high == 0 && low >>> 32 == 0xffff) {
            for (int i = 0; i < MAPPED.length(); i++) {
                text[at++] = (byte) MAPPED.charAt(i);
            }
            return printIpv4((int) low, text, at);
        }
        int gapStart = -1;
        int gapLength = 1;
        for (int i = 0; i < GROUPS; i++) {
            int length = 0;
            while (i + length < GROUPS && group(high, low, i + length) == 0) {
                length++;
            }
            // Section 4.2: the longest run of zeros, the first of equals, and never a single group.
            if (length > gapLength) {
                gapStart = i;
                gapLength = length;
            }
            i += length;
        }
        for (int i = 0; i < GROUPS; i++) {
            if (i == gapStart) {
                text[at++] = ':';
                text[at++] = ':';
                i += gapLength - 1;
            } else {
                if (i > 0 && i != gapStart + gapLength) {
                    text[at++] = ':';
                }
                at = printGroup(group(high, low, i), text, at);
            }
        }
        return at;
    }

    private static int printGroup(int group, byte[] text, int offset) {
        int at = offset;
        for (int shift = 12; shift >= 0; shift -= 4) {
            if (shift == 0 || group >>> shift != 0) {
                text[at++] = (byte) Character.forDigit(group >>> shift & 15, 16);
            }
        }
        return at;
    }

    private static int group(long high, long low, int index) {
        return (int) ((index < 4 ? high : low) >>> 48 - 16 * (index & 3) & 0xffff);
    }
}
