/* Policies: one for each tunnel, from one host to another, so that the kernel keeps them in its hash table. */
#include "socket.h"
#include "policy.h"

INLINE size_t encode_policy(unsigned char *at, uint32_t sequence, uint16_t flags, uint32_t index,
                            const struct twin_run *run, const void *template)
{
    struct policy_message *m = (struct policy_message *)at;
    struct sample s = sample(2 * index + 1, run->layout);

    copy(m, template, sizeof(*m));
    m->header.nlmsg_seq = sequence;
    m->header.nlmsg_flags |= flags;
    m->policy.sel.daddr.a4 = htonl(s.inner);
    m->template.saddr.a4 = htonl(run->to);
    m->template.id.daddr.a4 = htonl(s.peer);
    m->template.reqid = s.reqid;
    return sizeof(*m);
}

long twin_update_policies(struct twin *twin, const struct twin_run *run)
{
    struct policy_message template;

    policy_template(&template, twin->port);
    return run_messages(twin, run, encode_policy, &template, 0);
}

long twin_flush_policies(struct twin *twin)
{
    struct nlmsghdr *m = (struct nlmsghdr *)twin->out;
    int error;

    header(m, sizeof(*m), XFRM_MSG_FLUSHPOLICY, 0, twin->port);
    error = twin_ask(twin, m);
    return error == -ESRCH ? 0 : error;
}

long twin_dump_policies(struct twin *twin)
{
    struct nlmsghdr *request = (struct nlmsghdr *)twin->out;
    long all = 0;
    long bytes;
    int error;

    header(request, sizeof(*request), XFRM_MSG_GETPOLICY, 0, twin->port);
    error = twin_begin_dump(twin, request);
    if (error)
        return error;
    while ((bytes = twin_next_dumped(twin)) > 0) {
        const struct nlmsghdr *entry = (const struct nlmsghdr *)twin->dump;
        int left = (int)bytes;

        for (; NLMSG_OK(entry, (unsigned)left); entry = NLMSG_NEXT(entry, left)) {
            if (entry->nlmsg_type == NLMSG_DONE)
                return all;
            all++;
        }
    }
    return bytes < 0 ? bytes : all;
}

struct lookup_message {
    struct nlmsghdr header;
    struct xfrm_usersa_id id;
};

/* The least that an XFRM request can cost: found out in one hash chain, which is empty. */
INLINE size_t encode_lookup(unsigned char *at, uint32_t sequence, uint16_t flags, uint32_t index,
                            const struct twin_run *run, const void *template)
{
    struct lookup_message *m = (struct lookup_message *)at;
    struct sample s = sample(index, run->layout);

    copy(m, template, sizeof(*m));
    m->header.nlmsg_seq = sequence;
    m->header.nlmsg_flags |= flags;
    m->id.daddr.a4 = htonl(s.peer);
    m->id.spi = htonl(s.spi);
    return sizeof(*m);
}

long twin_look_up_absent(struct twin *twin, const struct twin_run *run)
{
    struct lookup_message template;

    memset(&template, 0, sizeof(template));
    header(&template.header, sizeof(template), XFRM_MSG_GETSA, 0, twin->port);
    template.id.family = AF_INET;
    template.id.proto = IPPROTO_ESP;
    return run_messages(twin, run, encode_lookup, &template, ESRCH);
}
