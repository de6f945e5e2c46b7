package org.xfrm4j.wire;

import static org.xfrm4j.wire.GoldenBytes.bytes;

/**
 * What C makes of the structures of policies, on a little-endian machine.
 *
 * <p>Where the bytes come from: a C program that includes {@code linux/xfrm.h} of Linux 7.2, zeroes each structure,
 * sets its fields by name ({@code htonl}, {@code htons} and {@code inet_pton} where the header says so), and prints
 * each field by the address and size that the compiler gives it; gcc on x86-64. No byte was computed by this library.
 */
final class PolicyGoldenBytes {
    /** {@code struct xfrm_userpolicy_info}: out, index 25, TCP from 10.1.0.0/24 to 10.2.0.0/16 port 443; blocks. */
    static final byte[] POLICY = bytes(
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
            "ffffffffffffffff", // lft.soft_byte_limit
            "ffffffffffffffff", // lft.hard_byte_limit
            "e803000000000000", // lft.soft_packet_limit
            "d007000000000000", // lft.hard_packet_limit
            "b80b000000000000", // lft.soft_add_expires_seconds
            "100e000000000000", // lft.hard_add_expires_seconds
            "5802000000000000", // lft.soft_use_expires_seconds
            "bc02000000000000", // lft.hard_use_expires_seconds
            "141a99be1c000000", // curlft.bytes
            "0500000000000000", // curlft.packets
            "00f1536500000000", // curlft.add_time
            "01f1536500000000", // curlft.use_time
            "01000080", // priority
            "19000000", // index
            "01", // dir
            "01", // action
            "05", // flags
            "02", // share
            "00000000"); // padding

    /** {@code struct xfrm_user_tmpl}: esp 0xc0ffee01, 2001:db8::1 to 2001:db8::7, tunnel, reqid 42, optional. */
    static final byte[] TEMPLATE = bytes(
            "20010db8000000000000000000000007", // id.daddr
            "c0ffee01", // id.spi
            "32", // id.proto
            "000000", // padding
            "0a00", // family
            "0000", // padding
            "20010db8000000000000000000000001", // saddr
            "2a000000", // reqid
            "01", // mode
            "03", // share
            "01", // optional
            "00", // padding
            "ffffffff", // aalgos
            "08100000", // ealgos
            "04000000"); // calgos

    /** Every attribute of a policy: two templates, label, type sub, mark, interface id, offload. */
    static final byte[] POLICY_ATTRIBUTES = bytes(
            "8400", // nla_len, XFRMA_TMPL
            "0500", // nla_type
            "00000000000000000000000000000000", // id.daddr
            "00000000", // id.spi
            "33", // id.proto
            "000000", // padding
            "0200", // family
            "0000", // padding
            "00000000000000000000000000000000", // saddr
            "07000000", // reqid
            "00", // mode
            "00", // share
            "00", // optional
            "00", // padding
            "ffffffff", // aalgos
            "ffffffff", // ealgos
            "ffffffff", // calgos
            "20010db8000000000000000000000007", // id.daddr
            "c0ffee01", // id.spi
            "32", // id.proto
            "000000", // padding
            "0a00", // family
            "0000", // padding
            "20010db8000000000000000000000001", // saddr
            "2a000000", // reqid
            "01", // mode
            "03", // share
            "01", // optional
            "00", // padding
            "ffffffff", // aalgos
            "08100000", // ealgos
            "04000000", // calgos
            "1000", // nla_len, XFRMA_SEC_CTX
            "0800", // nla_type
            "0c00", // len
            "0800", // exttype
            "01", // ctx_alg
            "01", // ctx_doi
            "0400", // ctx_len
            "613a6200", // label
            "0a00", // nla_len, XFRMA_POLICY_TYPE
            "1000", // nla_type
            "01", // type
            "00", // padding
            "0000", // reserved1
            "00", // reserved2
            "000000", // padding of structure and attribute
            "0c00", // nla_len, XFRMA_MARK
            "1500", // nla_type
            "10000000", // v
            "ff000000", // m
            "0800", // nla_len, XFRMA_IF_ID
            "1f00", // nla_type
            "34120000", // if_id
            "0c00", // nla_len, XFRMA_OFFLOAD_DEV
            "1c00", // nla_type
            "03000000", // ifindex
            "04", // flags
            "000000"); // padding

    /** {@code struct xfrm_userpolicy_id}: the selector of that policy, and its index. */
    static final byte[] POLICY_ID = bytes(
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
            "19000000", // index
            "01", // dir
            "000000"); // padding

    /** {@code struct xfrm_userpolicy_default}: block, accept, unspec. */
    static final byte[] DEFAULTS = bytes(
            "01", // in
            "02", // fwd
            "00"); // out

    /** Figures of XFRM_MSG_NEWSPDINFO. */
    static final byte[] SPD_INFO = bytes(
            "00000000", // flags
            "1c00", // nla_len, XFRMA_SPD_INFO
            "0100", // nla_type
            "01000000", // incnt
            "02000000", // outcnt
            "03000000", // fwdcnt
            "04000000", // inscnt
            "05000000", // outscnt
            "06000000", // fwdscnt
            "0c00", // nla_len, XFRMA_SPD_HINFO
            "0200", // nla_type
            "07000000", // spdhcnt
            "00001000"); // spdhmcnt

    /** The attributes of XFRM_MSG_NEWSPDINFO that hold thresholds. */
    static final byte[] THRESHOLDS = bytes(
            "0600", // nla_len, XFRMA_SPD_IPV4_HTHRESH
            "0300", // nla_type
            "18", // lbits
            "10", // rbits
            "0000", // padding
            "0600", // nla_len, XFRMA_SPD_IPV6_HTHRESH
            "0400", // nla_type
            "40", // lbits
            "80", // rbits
            "0000"); // padding

    /** Figures of XFRM_MSG_NEWSADINFO. */
    static final byte[] SAD_INFO = bytes(
            "00000000", // flags
            "0800", // nla_len, XFRMA_SAD_CNT
            "0100", // nla_type
            "09000000", // count
            "0c00", // nla_len, XFRMA_SAD_HINFO
            "0200", // nla_type
            "08000000", // sadhcnt
            "00001000"); // sadhmcnt

    private PolicyGoldenBytes() {
    }
}
