/* What the kernel sends, in memory: a dump of SAs, and acknowledgements. */
#include "messages.h"

#define ATTRIBUTE_TYPES 64

/* Where each attribute is, as nla_parse does it; the last of a type counts. */
static void index_attributes(const struct nlmsghdr *entry, const struct nlattr **found)
{
    const unsigned char *at = (const unsigned char *)NLMSG_DATA(entry) + NLMSG_ALIGN(sizeof(struct xfrm_usersa_info));
    const unsigned char *end = (const unsigned char *)entry + entry->nlmsg_len;

    memset(found, 0, ATTRIBUTE_TYPES * sizeof(*found));
    while (end - at >= NLA_HDRLEN) {
        const struct nlattr *a = (const struct nlattr *)at;

        if (a->nla_len < NLA_HDRLEN || a->nla_len > end - at)
            return;
        if ((a->nla_type & NLA_TYPE_MASK) < ATTRIBUTE_TYPES)
            found[a->nla_type & NLA_TYPE_MASK] = a;
        at += NLA_ALIGN(a->nla_len);
    }
}

static const struct nlattr *found_u8(const struct nlattr **found, int type)
{
    const struct nlattr *a = found[type];

    return a && a->nla_len >= NLA_HDRLEN + 1 ? a : NULL;
}

/* Reads of each SA what a plan of a migration needs, all attributes indexed; the sum is the same as Java's. */
uint64_t twin_decode_dump(const unsigned char *dump, size_t bytes)
{
    const struct nlmsghdr *entry = (const struct nlmsghdr *)dump;
    const struct nlattr *found[ATTRIBUTE_TYPES];
    uint64_t sum = 0;
    int left = (int)bytes;

    for (; NLMSG_OK(entry, (unsigned)left); entry = NLMSG_NEXT(entry, left)) {
        const struct xfrm_usersa_info *sa = NLMSG_DATA(entry);
        const struct nlattr *dir;

        if (entry->nlmsg_type != XFRM_MSG_NEWSA)
            continue;
        index_attributes(entry, found);
        sum += ntohl(sa->id.daddr.a4);
        sum += ntohl(sa->saddr.a4);
        sum += ntohl(sa->id.spi);
        sum += sa->id.proto;
        sum += sa->family;
        sum += sa->reqid;
        sum += sa->mode;
        sum += ntohl(sa->sel.daddr.a4);
        sum += ntohl(sa->sel.saddr.a4);
        if (found[XFRMA_MARK])
            sum += ((const struct xfrm_mark *)(found[XFRMA_MARK] + 1))->v;
        if (found[XFRMA_ENCAP])
            sum += ((const struct xfrm_encap_tmpl *)(found[XFRMA_ENCAP] + 1))->encap_type;
        dir = found_u8(found, ATTR_SA_DIR);
        if (dir)
            sum += *(const unsigned char *)(dir + 1);
    }
    return sum;
}

/* Acknowledgements, a datagram each, one behind the other: the error of each by its index; how many were refusals. */
long twin_decode_acks(const unsigned char *acks, size_t bytes, uint32_t first_sequence, int *errors, uint32_t count)
{
    const struct nlmsghdr *ack = (const struct nlmsghdr *)acks;
    long refusals = 0;
    int left = (int)bytes;

    for (; NLMSG_OK(ack, (unsigned)left); ack = NLMSG_NEXT(ack, left)) {
        uint32_t index = ack->nlmsg_seq - first_sequence;

        if (ack->nlmsg_type != NLMSG_ERROR || index >= count)
            continue;
        errors[index] = -((const struct nlmsgerr *)NLMSG_DATA(ack))->error;
        refusals += errors[index] != 0;
    }
    return refusals;
}
