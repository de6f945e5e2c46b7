/* XFRM_MSG_MIGRATE_STATE, by the strategies, and straight from a dump. */
#include "socket.h"
#include "sa.h"

INLINE size_t encode_move(unsigned char *at, uint32_t sequence, uint16_t flags, uint32_t index,
                          const struct twin_run *run, const void *template)
{
    struct migrate_message *m = (struct migrate_message *)at;

    copy(m, template, sizeof(*m));
    migrate_patch(m, sequence, sample(index, run->layout), run->from, run->to);
    m->header.nlmsg_flags |= flags;
    return sizeof(*m);
}

long twin_migrate(struct twin *twin, const struct twin_run *run)
{
    struct migrate_message template;

    migrate_template(&template, 0, twin->port);
    return run_messages(twin, run, encode_move, &template, 0);
}

/* What is in the buffer goes out; how many SAs moved is added. */
static int flush(struct twin *twin, uint32_t *pending, struct nlmsghdr *last, bool all, long *moved)
{
    int error;

    if (*pending == 0)
        return 0;
    last->nlmsg_flags |= NLM_F_ACK;
    error = twin_send(twin, (unsigned char *)last + NLMSG_ALIGN(last->nlmsg_len) - twin->out);
    if (!error)
        error = twin_gather(twin, *pending, all);
    if (error)
        return error;
    *moved += count_results(twin, *pending, 0);
    twin->sequence += *pending;
    *pending = 0;
    return 0;
}

long twin_migrate_dumped(struct twin *twin, struct twin *dumping, const struct twin_run *run)
{
    bool all = run->strategy == TWIN_ALL_ACKED;
    uint32_t batch = run->strategy == TWIN_SINGLE ? 1 : run->batch;
    struct migrate_message template;
    unsigned char *at = twin->out;
    struct nlmsghdr *last = NULL;
    uint32_t pending = 0;
    long moved = 0;
    long bytes;
    int error;

    if (batch < 1 || batch > TWIN_MAX_BATCH)
        return -EINVAL;
    migrate_template(&template, all ? NLM_F_ACK : 0, twin->port);
    error = twin_begin_sa_dump(dumping);
    if (error)
        return error;
    while ((bytes = twin_next_dumped(dumping)) > 0) {
        const struct nlmsghdr *entry = (const struct nlmsghdr *)dumping->dump;
        int left = (int)bytes;

        for (; NLMSG_OK(entry, (unsigned)left) && entry->nlmsg_type != NLMSG_DONE; entry = NLMSG_NEXT(entry, left)) {
            struct migrate_message *m = (struct migrate_message *)at;

            if (!has_gateway(NLMSG_DATA(entry), run->from))
                continue;
            at += migrate_dumped(m, &template, twin->sequence + ++pending, entry, run->from, run->to);
            last = &m->header;
            if (pending == batch) {
                error = flush(twin, &pending, last, all, &moved);
                if (error)
                    return error;
                at = twin->out;
            }
        }
        if (NLMSG_OK(entry, (unsigned)left) && entry->nlmsg_type == NLMSG_DONE)
            break;
    }
    error = flush(twin, &pending, last, all, &moved);
    return bytes < 0 ? bytes : error ? error : moved;
}
