/*
 * How strongSwan moves an SA (update_sa in its kernel_netlink_ipsec.c): reads the SA, reads its sequence numbers,
 * deletes it, and adds it anew with other addresses. Four round trips, and for a moment there is no such SA.
 */
#include "socket.h"

struct id_message {
    struct nlmsghdr header;
    struct xfrm_usersa_id id;
};

struct aevent_message {
    struct nlmsghdr header;
    struct xfrm_aevent_id id;
};

/* A request that is answered with data and no acknowledgement: the data stand in `in`. */
static int get(struct twin *twin, struct nlmsghdr *request)
{
    const struct nlmsghdr *answer = (const struct nlmsghdr *)twin->in;
    long received;
    int error;

    request->nlmsg_seq = ++twin->sequence;
    error = twin_send(twin, request->nlmsg_len);
    if (error)
        return error;
    received = twin_receive(twin);
    if (received < 0)
        return (int)received;
    return answer->nlmsg_type == NLMSG_ERROR ? ((const struct nlmsgerr *)NLMSG_DATA(answer))->error : 0;
}

static void name(struct xfrm_usersa_id *id, struct sample s, uint32_t from)
{
    id->daddr.a4 = htonl(s.incoming ? from : s.peer);
    id->spi = htonl(s.spi);
    id->family = AF_INET;
    id->proto = IPPROTO_ESP;
}

static int get_sa(struct twin *twin, struct sample s, uint32_t from)
{
    struct id_message *m = (struct id_message *)twin->out;

    memset(m, 0, sizeof(*m));
    header(&m->header, sizeof(*m), XFRM_MSG_GETSA, 0, twin->port);
    name(&m->id, s, from);
    return get(twin, &m->header);
}

static int get_sequence_numbers(struct twin *twin, struct sample s, uint32_t from)
{
    struct aevent_message *m = (struct aevent_message *)twin->out;

    memset(m, 0, sizeof(*m));
    header(&m->header, sizeof(*m), XFRM_MSG_GETAE, 0, twin->port);
    m->id.flags = XFRM_AE_RVAL;
    name(&m->id.sa_id, s, from);
    return get(twin, &m->header);
}

static int delete_sa(struct twin *twin, struct sample s, uint32_t from)
{
    struct id_message *m = (struct id_message *)twin->out;

    memset(m, 0, sizeof(*m));
    header(&m->header, sizeof(*m), XFRM_MSG_DELSA, 0, twin->port);
    name(&m->id, s, from);
    return twin_ask(twin, &m->header);
}

/* Whether NEWSA takes it back; the rest is what the kernel tells and nobody sets. */
static bool is_kept(uint16_t type)
{
    return type != XFRMA_REPLAY_ESN_VAL && type != XFRMA_REPLAY_VAL && type != XFRMA_LASTUSED && type != XFRMA_PAD;
}

INLINE unsigned char *copy_attributes(unsigned char *to, const unsigned char *at, const unsigned char *end,
                                      bool sequence_numbers)
{
    while (end - at >= NLA_HDRLEN) {
        const struct nlattr *a = (const struct nlattr *)at;
        bool wanted = sequence_numbers ? a->nla_type == XFRMA_REPLAY_ESN_VAL || a->nla_type == XFRMA_REPLAY_VAL
                                       : is_kept(a->nla_type);

        if (a->nla_len < NLA_HDRLEN || a->nla_len > end - at)
            break;
        if (wanted) {
            memcpy(to, at, NLA_ALIGN(a->nla_len));
            to += NLA_ALIGN(a->nla_len);
        }
        at += NLA_ALIGN(a->nla_len);
    }
    return to;
}

/* Both answers are needed at once, and `in` holds one: what is to be added is put together at the end of `out`. */
static int move(struct twin *twin, uint32_t index, const struct twin_run *run)
{
    const struct nlmsghdr *answer = (const struct nlmsghdr *)twin->in;
    struct nlmsghdr *added = (struct nlmsghdr *)(twin->out + OUT_BYTES / 2);
    struct xfrm_usersa_info *sa = NLMSG_DATA(added);
    struct sample s = sample(index, run->layout);
    unsigned char *end;
    int error = get_sa(twin, s, run->from);

    if (error)
        return error;
    header(added, 0, XFRM_MSG_NEWSA, NLM_F_ACK, twin->port);
    memcpy(sa, NLMSG_DATA(answer), sizeof(*sa));
    *(s.incoming ? &sa->id.daddr.a4 : &sa->saddr.a4) = htonl(run->to);
    end = copy_attributes((unsigned char *)sa + sizeof(*sa), (unsigned char *)NLMSG_DATA(answer) + sizeof(*sa),
                          twin->in + answer->nlmsg_len, false);
    error = get_sequence_numbers(twin, s, run->from);
    if (error)
        return error;
    end = copy_attributes(end, (unsigned char *)NLMSG_DATA(answer) + sizeof(struct xfrm_aevent_id),
                          twin->in + answer->nlmsg_len, true);
    error = delete_sa(twin, s, run->from);
    if (error)
        return error;
    added->nlmsg_len = end - (unsigned char *)added;
    memcpy(twin->out, added, added->nlmsg_len);
    return twin_ask(twin, (struct nlmsghdr *)twin->out);
}

long twin_migrate_as_strongswan(struct twin *twin, const struct twin_run *run)
{
    long moved = 0;

    for (uint32_t i = 0; i < run->count; i++) {
        int error = move(twin, run->first + i, run);

        if (error)
            twin->refusal = -error;
        else
            moved++;
    }
    return moved;
}
