package org.xfrm4j.wire;

import static org.xfrm4j.wire.GoldenBytes.bytes;
import static org.xfrm4j.wire.GoldenBytes.concat;

/**
 * What C makes of the structures of the rarer messages, on a little-endian machine.
 *
 * <p>Where the bytes come from: a C program that includes {@code linux/xfrm.h} of Linux 7.2, zeroes each structure,
 * sets its fields by name ({@code htonl}, {@code htons} and {@code inet_pton} where the header says so), and prints
 * each field by the address and size that the compiler gives it; gcc on x86-64. No byte was computed by this library.
 * Of a structure within another the program printed place and size; its bytes are those of {@link GoldenBytes} and
 * {@link PolicyGoldenBytes}.
 */
final class MessageGoldenBytes {
    /** {@code struct xfrm_userspi_info} behind its {@code info}: SPIs 0xc0000000 to 0xcfffffff. */
    static final byte[] SPI_RANGE = bytes(
            "000000c0", // min
            "ffffffcf"); // max

    /** {@code struct xfrm_user_expire}: a hard expiry. */
    static final byte[] SA_EXPIRE = concat(
            GoldenBytes.SA, // state, 224 bytes at 0
            bytes(
                    "01", // hard
                    "00000000000000")); // padding

    /** {@code struct xfrm_user_polexpire}: a hard expiry. */
    static final byte[] POLICY_EXPIRE = concat(
            PolicyGoldenBytes.POLICY, // pol, 168 bytes at 0
            bytes(
                    "01", // hard
                    "00000000000000")); // padding

    /** {@code struct xfrm_aevent_id}: esp 0xc0ffee01, XFRM_AE_RTHR and XFRM_AE_CR. */
    static final byte[] AEVENT = bytes(
            "c6336407000000000000000000000000", // sa_id.daddr
            "c0ffee01", // sa_id.spi
            "0200", // sa_id.family
            "32", // sa_id.proto
            "00", // padding
            "c0000201000000000000000000000000", // saddr
            "11000000", // flags
            "2a000000"); // reqid

    /** {@code struct xfrm_user_report}: destination options. */
    static final byte[] REPORT = concat(
            bytes(
                    "3c", // proto
                    "000000"), // padding
            GoldenBytes.SELECTOR); // sel, 56 bytes at 4

    /** {@code struct xfrm_user_mapping}: from 192.0.2.1 port 4500 to 203.0.113.9 port 1025. */
    static final byte[] MAPPING = bytes(
            "c6336407000000000000000000000000", // id.daddr
            "c0ffee01", // id.spi
            "0200", // id.family
            "32", // id.proto
            "00", // padding
            "2a000000", // reqid
            "c0000201000000000000000000000000", // old_saddr
            "cb007109000000000000000000000000", // new_saddr
            "1194", // old_sport
            "0401"); // new_sport

    /** {@code struct xfrm_user_migrate}: esp in tunnel mode, reqid 42, from IPv4 to IPv6. */
    static final byte[] MIGRATE_ENTRY = bytes(
            "c6336407000000000000000000000000", // old_daddr
            "c0000201000000000000000000000000", // old_saddr
            "20010db8000000000000000000000007", // new_daddr
            "20010db8000000000000000000000001", // new_saddr
            "32", // proto
            "01", // mode
            "0000", // reserved
            "2a000000", // reqid
            "0200", // old_family
            "0a00"); // new_family

    /** {@code struct xfrm_user_kmaddress}. */
    static final byte[] KM_ADDRESS = bytes(
            "20010db8000000000000000000000001", // local
            "20010db8000000000000000000000007", // remote
            "00000000", // reserved
            "0a00", // family
            "0000"); // padding

    /** {@code struct xfrm_user_acquire}: esp 0xc0ffee01. */
    static final byte[] ACQUIRE = concat(
            bytes(
                    "c6336407000000000000000000000000", // id.daddr
                    "c0ffee01", // id.spi
                    "32", // id.proto
                    "000000", // padding
                    "c0000201000000000000000000000000"), // saddr
            GoldenBytes.SELECTOR, // sel, 56 bytes at 40
            PolicyGoldenBytes.POLICY, // policy, 168 bytes at 96
            bytes(
                    "11000000", // aalgos
                    "22000000", // ealgos
                    "33000000", // calgos
                    "44332211")); // seq

    private MessageGoldenBytes() {
    }
}
