/*
 * A gateway's move with its policies: the least that the kernel has to do for what the library's engine does. Each
 * tunnel has the policies out, in and fwd, found by the selectors of its SAs. Nothing is planned or checked before, and
 * nothing read back, taken back or written down.
 */
#include "socket.h"
#include "policy.h"
#include "sa.h"

/* The most messages that an SA takes: two for its policies, and its own. */
#define MESSAGES_OF_SA 3

struct gateway {
    struct twin *twin;
    const struct twin_run *run;
    struct migrate_message move;
    struct policy_message allow;
    struct policy_message block;
    unsigned char *at;
    struct nlmsghdr *last;
    uint32_t pending;
    long moved;    /* SAs */
    uint32_t sent; /* SAs of the transmission at hand */
};

/* Takes up a message that was written at its place. */
static void add(struct gateway *gateway, struct nlmsghdr *message)
{
    message->nlmsg_seq = gateway->twin->sequence + ++gateway->pending;
    gateway->last = message;
    gateway->at += NLMSG_ALIGN(message->nlmsg_len);
}

/* A policy of the SA's tunnel, for an SA that gets the addresses source and destination. */
static void put(struct gateway *gateway, uint8_t direction, const struct xfrm_usersa_info *sa, __be32 source,
                __be32 destination)
{
    struct policy_message *m = (struct policy_message *)gateway->at;
    bool out = direction == XFRM_POLICY_OUT;
    __be32 inner = out ? sa->sel.daddr.a4 : sa->sel.saddr.a4;

    copy(m, &gateway->allow, sizeof(*m));
    m->policy.dir = direction;
    m->policy.sel.saddr.a4 = out ? htonl(OUR_HOST) : inner;
    m->policy.sel.daddr.a4 = out ? inner : htonl(OUR_HOST);
    m->template.saddr.a4 = source;
    m->template.id.daddr.a4 = destination;
    m->template.reqid = sa->reqid;
    add(gateway, &m->header);
}

static void block(struct gateway *gateway, const struct xfrm_usersa_info *sa)
{
    struct policy_message *m = (struct policy_message *)gateway->at;

    copy(m, &gateway->block, offsetof(struct policy_message, template_header));
    m->policy.sel.daddr.a4 = sa->sel.daddr.a4;
    add(gateway, &m->header);
}

/* An outgoing SA between a policy that blocks and one that lets pass; an incoming one before its two policies. */
static void move(struct gateway *gateway, const struct nlmsghdr *entry)
{
    const struct xfrm_usersa_info *sa = NLMSG_DATA(entry);
    bool incoming = sa->id.daddr.a4 == htonl(gateway->run->from);
    struct migrate_message *m;

    if (!incoming)
        block(gateway, sa);
    m = (struct migrate_message *)gateway->at;
    migrate_dumped(m, &gateway->move, 0, entry, gateway->run->from, gateway->run->to);
    add(gateway, &m->header);
    if (incoming) {
        put(gateway, XFRM_POLICY_IN, sa, sa->saddr.a4, htonl(gateway->run->to));
        put(gateway, XFRM_POLICY_FWD, sa, sa->saddr.a4, htonl(gateway->run->to));
    } else {
        put(gateway, XFRM_POLICY_OUT, sa, htonl(gateway->run->to), sa->id.daddr.a4);
    }
    gateway->sent++;
}

static int flush(struct gateway *gateway)
{
    struct twin *twin = gateway->twin;
    int error;

    if (gateway->pending == 0)
        return 0;
    gateway->last->nlmsg_flags |= NLM_F_ACK;
    error = twin_send(twin, gateway->at - twin->out);
    if (!error)
        error = twin_gather(twin, gateway->pending, false);
    if (error)
        return error;
    /* One refusal is enough to make the count wrong. */
    gateway->moved += (long)gateway->sent - gateway->pending + count_results(twin, gateway->pending, 0);
    twin->sequence += gateway->pending;
    gateway->pending = 0;
    gateway->sent = 0;
    gateway->at = twin->out;
    return 0;
}

static void prepare(struct gateway *gateway)
{
    migrate_template(&gateway->move, 0, gateway->twin->port);
    policy_template(&gateway->allow, gateway->twin->port);
    gateway->block = gateway->allow;
    gateway->block.header.nlmsg_len = offsetof(struct policy_message, template_header);
    gateway->block.policy.action = XFRM_POLICY_BLOCK;
    gateway->at = gateway->twin->out;
}

long twin_migrate_gateway(struct twin *twin, struct twin *dumping, const struct twin_run *run)
{
    struct gateway gateway = {.twin = twin, .run = run};
    long bytes;
    int error;

    if (run->batch < MESSAGES_OF_SA || run->batch > TWIN_MAX_BATCH)
        return -EINVAL;
    prepare(&gateway);
    error = twin_begin_sa_dump(dumping);
    if (error)
        return error;
    while ((bytes = twin_next_dumped(dumping)) > 0) {
        const struct nlmsghdr *entry = (const struct nlmsghdr *)dumping->dump;
        int left = (int)bytes;

        for (; NLMSG_OK(entry, (unsigned)left) && entry->nlmsg_type != NLMSG_DONE; entry = NLMSG_NEXT(entry, left)) {
            if (!has_gateway(NLMSG_DATA(entry), run->from))
                continue;
            move(&gateway, entry);
            if (gateway.pending + MESSAGES_OF_SA > run->batch) {
                error = flush(&gateway);
                if (error)
                    return error;
            }
        }
        if (NLMSG_OK(entry, (unsigned)left) && entry->nlmsg_type == NLMSG_DONE)
            break;
    }
    error = flush(&gateway);
    return bytes < 0 ? bytes : error ? error : gateway.moved;
}
