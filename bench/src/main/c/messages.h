/* Messages as structs, their templates, and how a template is patched. Everything here is inlined. */
#ifndef XFRM_TWIN_MESSAGES_H
#define XFRM_TWIN_MESSAGES_H

#include <arpa/inet.h>
#include <linux/netlink.h>
#include <linux/xfrm.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <string.h>

#include "twin.h"

#define INLINE static inline __attribute__((always_inline))

/*
 * Of Linux 7.2, whose header few systems have yet; under names of our own, so that a newer header does no harm.
 * struct xfrm_user_migrate_state and what goes with it.
 */
#define MSG_MIGRATE_STATE 0x29
#define ATTR_SA_DIR 33
#define ATTR_NAT_KEEPALIVE_INTERVAL 34
#define SA_DIR_IN 1
#define SA_DIR_OUT 2

struct migrate_state {
    struct xfrm_usersa_id id;
    xfrm_address_t new_daddr;
    xfrm_address_t new_saddr;
    struct xfrm_mark old_mark;
    struct xfrm_selector new_sel;
    __u32 new_reqid;
    __u32 flags;
    __u16 new_family;
    __u16 reserved;
};
_Static_assert(sizeof(struct migrate_state) == 132, "as in linux/xfrm.h of Linux 7.2");

struct migrate_message {
    struct nlmsghdr header;
    struct migrate_state move;
};

/*
 * Copies a template. GCC makes "rep movs" of a memcpy of this size, which takes several times as long as these moves of
 * 16 bytes.
 */
INLINE void copy(void *restrict to, const void *restrict from, size_t bytes)
{
    size_t done = 0;

#pragma GCC unroll 32
    for (; done + 16 <= bytes; done += 16)
        memcpy((char *)to + done, (const char *)from + done, 16);
    memcpy((char *)to + done, (const char *)from + done, bytes - done);
}

/* An SA or a policy by its number, the same as Sample makes in Java. */
struct sample {
    uint32_t spi;
    uint32_t reqid;
    uint32_t peer;  /* the tunnel's other end */
    uint32_t inner; /* the host behind it */
    bool incoming;
};

#define SPI_BITS 0x3fffffffu
#define FIRST_SPI 0x40000000u
#define PEERS 0x0a000000u  /* 10.0.0.0/8 */
#define INNERS 0x64400000u /* 100.64.0.0/10 */

/* One to one within 30 bits. */
INLINE uint32_t scramble(uint32_t x)
{
    x ^= x >> 15;
    x = x * 0x2c1b3c6du & SPI_BITS;
    x ^= x >> 12;
    x = x * 0x297a2d39u & SPI_BITS;
    x ^= x >> 15;
    return x;
}

/*
 * The kernel finds an SA by three hashes, which xor addresses with SPI or reqid. Were those counted up in step with the
 * addresses, the result would be the same for many: it is what TWIN_IN_STEP shows, and no gateway has.
 */
INLINE struct sample sample(uint32_t index, uint32_t layout)
{
    uint32_t tunnel = layout == TWIN_PER_CPU ? index >> 7 : index >> 1;
    bool step = layout == TWIN_IN_STEP;
    bool shared = layout == TWIN_SHARED;
    struct sample s;

    s.spi = FIRST_SPI | (step ? index & SPI_BITS : scramble(index & SPI_BITS));
    s.reqid = 1 + (shared ? 0 : step ? tunnel : scramble(~tunnel & SPI_BITS));
    s.peer = PEERS + (shared ? 1 : tunnel & 0xffffff);
    s.inner = INNERS + (tunnel & 0x3fffff);
    s.incoming = !(index & 1);
    return s;
}

INLINE void header(struct nlmsghdr *h, uint32_t length, uint16_t type, uint16_t flags, uint32_t port)
{
    h->nlmsg_len = length;
    h->nlmsg_type = type;
    h->nlmsg_flags = NLM_F_REQUEST | flags;
    h->nlmsg_seq = 0;
    h->nlmsg_pid = port;
}

INLINE struct nlattr *attribute(void *at, uint16_t type, uint16_t payload)
{
    struct nlattr *a = at;

    a->nla_len = NLA_HDRLEN + payload;
    a->nla_type = type;
    return a + 1;
}

INLINE void migrate_template(struct migrate_message *m, uint16_t flags, uint32_t port)
{
    memset(m, 0, sizeof(*m));
    header(&m->header, sizeof(*m), MSG_MIGRATE_STATE, flags, port);
    m->move.id.family = AF_INET;
    m->move.id.proto = IPPROTO_ESP;
    m->move.new_family = AF_INET;
    m->move.new_sel.family = AF_INET;
}

/* All in which one message differs from another. */
INLINE void migrate_patch(struct migrate_message *m, uint32_t sequence, struct sample s, uint32_t from, uint32_t to)
{
    m->header.nlmsg_seq = sequence;
    m->move.id.daddr.a4 = htonl(s.incoming ? from : s.peer);
    m->move.id.spi = htonl(s.spi);
    m->move.new_daddr.a4 = htonl(s.incoming ? to : s.peer);
    m->move.new_saddr.a4 = htonl(s.incoming ? s.peer : to);
    m->move.new_sel.daddr.a4 = s.incoming ? 0 : htonl(s.inner);
    m->move.new_sel.saddr.a4 = s.incoming ? htonl(s.inner) : 0;
    m->move.new_sel.prefixlen_d = s.incoming ? 0 : 32;
    m->move.new_sel.prefixlen_s = s.incoming ? 32 : 0;
    m->move.new_reqid = s.reqid;
}

/* The SA's mark, or NULL. */
INLINE const struct xfrm_mark *find_mark(const struct nlmsghdr *entry)
{
    const unsigned char *at = (const unsigned char *)NLMSG_DATA(entry) + NLMSG_ALIGN(sizeof(struct xfrm_usersa_info));
    const unsigned char *end = (const unsigned char *)entry + entry->nlmsg_len;

    while (end - at >= NLA_HDRLEN) {
        const struct nlattr *a = (const struct nlattr *)at;

        if (a->nla_len < NLA_HDRLEN || a->nla_len > end - at)
            break;
        if (a->nla_type == XFRMA_MARK && a->nla_len >= NLA_HDRLEN + sizeof(struct xfrm_mark))
            return (const struct xfrm_mark *)(a + 1);
        at += NLA_ALIGN(a->nla_len);
    }
    return NULL;
}

/*
 * Writes the move of an SA as a dump brought it, mark included: how many bytes.
 */
INLINE size_t migrate_dumped(struct migrate_message *m, const struct migrate_message *template, uint32_t sequence,
                             const struct nlmsghdr *entry, uint32_t from, uint32_t to)
{
    const struct xfrm_usersa_info *sa = NLMSG_DATA(entry);
    const struct xfrm_mark *mark = find_mark(entry);

    copy(m, template, sizeof(*m));
    m->header.nlmsg_seq = sequence;
    m->move.id.daddr = sa->id.daddr;
    m->move.id.spi = sa->id.spi;
    m->move.id.family = sa->family;
    m->move.id.proto = sa->id.proto;
    m->move.new_daddr = sa->id.daddr;
    m->move.new_saddr = sa->saddr;
    *(sa->id.daddr.a4 == htonl(from) ? &m->move.new_daddr.a4 : &m->move.new_saddr.a4) = htonl(to);
    m->move.new_sel = sa->sel;
    m->move.new_reqid = sa->reqid;
    m->move.new_family = sa->family;
    if (!mark)
        return sizeof(*m);
    m->move.old_mark = *mark;
    memcpy(attribute(m + 1, XFRMA_MARK, sizeof(*mark)), mark, sizeof(*mark));
    m->header.nlmsg_len = sizeof(*m) + NLA_HDRLEN + sizeof(*mark);
    return m->header.nlmsg_len;
}

INLINE bool has_gateway(const struct xfrm_usersa_info *sa, uint32_t gateway)
{
    return sa->family == AF_INET && (sa->id.daddr.a4 == htonl(gateway) || sa->saddr.a4 == htonl(gateway));
}

#endif
