package org.xfrm4j.wire;

import java.util.HexFormat;

/**
 * What C makes of the structures, on a little-endian machine.
 *
 * <p>Where the bytes come from: a C program that includes {@code linux/xfrm.h} of Linux 7.2, zeroes each structure,
 * sets its fields by name ({@code htonl}, {@code htons} and {@code inet_pton} where the header says so), and prints
 * each field by the address and size that the compiler gives it; gcc on x86-64. No byte was computed by this library.
 */
final class GoldenBytes {
    /**
     * {@code struct xfrm_selector}: 10.1.0.0/24 ports 0x400/0xfc00 to 10.2.0.0/16 port 443, TCP, interface 7, user
     * 1000.
     */
    static final byte[] SELECTOR = bytes(
            "0a020000000000000000000000000000", // daddr
            "0a010000000000000000000000000000", // saddr
            "01bb", // dport
            "ffff", // dport_mask
            "0400", // sport
            "fc00", // sport_mask
            "0200", // family
            "10", // prefixlen_d
            "18", // prefixlen_s
            "06", // proto
            "000000", // padding
            "07000000", // ifindex
            "e8030000"); // user

    /** {@code struct xfrm_usersa_id} and XFRMA_MARK: esp 0xc0ffee01 to 2001:db8::7, mark 0x10/0xff. */
    static final byte[] SA_ID = bytes(
            "20010db8000000000000000000000007", // daddr
            "c0ffee01", // spi
            "0a00", // family
            "32", // proto
            "00", // padding
            "0c00", // nla_len, XFRMA_MARK
            "1500", // nla_type
            "10000000", // v
            "ff000000"); // m

    /** {@code struct xfrm_usersa_info}: esp 0xc0ffee01, 192.0.2.1 to 198.51.100.7, tunnel, reqid 42. */
    static final byte[] SA = bytes(
            "0a020000000000000000000000000000", // daddr
            "0a010000000000000000000000000000", // saddr
            "01bb", // dport
            "ffff", // dport_mask
            "0400", // sport
            "fc00", // sport_mask
            "0200", // family
            "10", // prefixlen_d
            "18", // prefixlen_s
            "06", // proto
            "000000", // padding
            "07000000", // ifindex
            "e8030000", // user
            "c6336407000000000000000000000000", // id.daddr
            "c0ffee01", // id.spi
            "32", // id.proto
            "000000", // padding
            "c0000201000000000000000000000000", // saddr
            "40420f0000000000", // lft.soft_byte_limit
            "80841e0000000000", // lft.hard_byte_limit
            "ffffffffffffffff", // lft.soft_packet_limit
            "ffffffffffffffff", // lft.hard_packet_limit
            "b80b000000000000", // lft.soft_add_expires_seconds
            "100e000000000000", // lft.hard_add_expires_seconds
            "5802000000000000", // lft.soft_use_expires_seconds
            "bc02000000000000", // lft.hard_use_expires_seconds
            "141a99be1c000000", // curlft.bytes
            "0500000000000000", // curlft.packets
            "00f1536500000000", // curlft.add_time
            "01f1536500000000", // curlft.use_time
            "01000000", // stats.replay_window
            "02000000", // stats.replay
            "03000000", // stats.integrity_failed
            "44332211", // seq
            "2a000000", // reqid
            "0200", // family
            "01", // mode
            "20", // replay_window
            "20", // flags
            "00000000000000"); // padding

    /** {@code struct xfrm_user_migrate_state}: that SA, with mark 0x10/0xff, to 203.0.113.9. */
    static final byte[] MIGRATE_STATE = bytes(
            "c6336407000000000000000000000000", // daddr
            "c0ffee01", // spi
            "0200", // family
            "32", // proto
            "00", // padding
            "cb007109000000000000000000000000", // new_daddr
            "c0000201000000000000000000000000", // new_saddr
            "10000000", // old_mark.v
            "ff000000", // old_mark.m
            "0a020000000000000000000000000000", // daddr
            "0a010000000000000000000000000000", // saddr
            "01bb", // dport
            "ffff", // dport_mask
            "0400", // sport
            "fc00", // sport_mask
            "0200", // family
            "10", // prefixlen_d
            "18", // prefixlen_s
            "06", // proto
            "000000", // padding
            "07000000", // ifindex
            "e8030000", // user
            "2a000000", // new_reqid
            "00000000", // flags
            "0200", // new_family
            "0000"); // reserved

    /** Every attribute that MIGRATE_STATE takes. */
    static final byte[] MIGRATE_STATE_ATTRIBUTES = bytes(
            "0c00", // nla_len, XFRMA_MARK
            "1500", // nla_type
            "20000000", // v
            "ff000000", // m
            "1c00", // nla_len, XFRMA_ENCAP
            "0400", // nla_type
            "0200", // encap_type
            "1194", // encap_sport
            "1195", // encap_dport
            "0000", // padding
            "0a000005000000000000000000000000", // encap_oa
            "0c00", // nla_len, XFRMA_OFFLOAD_DEV
            "1c00", // nla_type
            "03000000", // ifindex
            "06", // flags
            "000000", // padding
            "0800", // nla_len, XFRMA_SET_MARK
            "1d00", // nla_type
            "34120000", // value
            "0800", // nla_len, XFRMA_SET_MARK_MASK
            "1e00", // nla_type
            "ffff0000", // mask
            "0800", // nla_len, XFRMA_NAT_KEEPALIVE_INTERVAL
            "2200", // nla_type
            "14000000", // seconds
            "0800", // nla_len, XFRMA_MTIMER_THRESH
            "2000", // nla_type
            "1e000000"); // seconds

    /** {@code struct xfrm_algo_aead} with a key of bytes 1 to 20. */
    static final byte[] AEAD = bytes(
            "726663343130362867636d286165732929", // alg_name
            "00*47", // alg_name, zeros
            "a0000000", // alg_key_len
            "80000000", // alg_icv_len
            "0102030405060708090a0b0c0d0e0f1011121314"); // alg_key

    /** {@code struct xfrm_algo_auth} with a key of 3 bytes. */
    static final byte[] AUTH_TRUNC = bytes(
            "686d61632873686132353629", // alg_name
            "00*52", // alg_name, zeros
            "18000000", // alg_key_len
            "80000000", // alg_trunc_len
            "010203"); // alg_key

    /** {@code struct xfrm_algo} with a key of 2 bytes. */
    static final byte[] CRYPT = bytes(
            "6362632861657329", // alg_name
            "00*56", // alg_name, zeros
            "10000000", // alg_key_len
            "aabb"); // alg_key

    /** {@code struct xfrm_replay_state}. */
    static final byte[] REPLAY = bytes(
            "05000000", // oseq
            "06000000", // seq
            "01000080"); // bitmap

    /** {@code struct xfrm_replay_state_esn} with two words of bitmap. */
    static final byte[] REPLAY_ESN = bytes(
            "02000000", // bmp_len
            "efcdab89", // oseq
            "05000000", // seq
            "67452301", // oseq_hi
            "01000000", // seq_hi
            "40000000", // replay_window
            "01000000", // bmp[0]
            "00000080"); // bmp[1]

    /** {@code struct xfrm_address_filter}: 192.0.2.0/24 to 198.51.100.0/25. */
    static final byte[] ADDRESS_FILTER = bytes(
            "c0000200000000000000000000000000", // saddr
            "c6336400000000000000000000000000", // daddr
            "0200", // family
            "18", // splen
            "19"); // dplen

    /** {@code struct xfrm_user_sec_ctx}: label "a:b" with its terminating zero. */
    static final byte[] SECURITY_CONTEXT = bytes(
            "0c00", // len
            "0800", // exttype
            "01", // ctx_alg
            "01", // ctx_doi
            "0400", // ctx_len
            "613a6200"); // label

    /** {@code struct xfrm_usersa_flush}: ESP. */
    static final byte[] SA_FLUSH = bytes(
            "32"); // proto

    private GoldenBytes() {
    }

    /** The bytes of lines of hexadecimal digits; {@code 00*n} stands for n zeros. */
    static byte[] bytes(String... fields) {
        StringBuilder digits = new StringBuilder();
        for (String field : fields) {
            digits.append(field.startsWith("00*") ? "00".repeat(Integer.parseInt(field.substring(3))) : field);
        }
        return HexFormat.of().parseHex(digits);
    }

    /** Bytes after one another. */
    static byte[] concat(byte[]... parts) {
        StringBuilder digits = new StringBuilder();
        for (byte[] part : parts) {
            digits.append(HexFormat.of().formatHex(part));
        }
        return HexFormat.of().parseHex(digits);
    }
}
